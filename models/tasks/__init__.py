"""What the studio can do, declared once: every door reads these declarations and calls these tasks."""

from models.tasks.base import AnyTask
from models.tasks.cartoon import CARTOON
from models.tasks.emotion import EMOTION
from models.tasks.id_photo import ID_PHOTO
from models.tasks.matting import MATTING

TASKS: dict[str, AnyTask] = {task.name: task for task in (CARTOON, MATTING, ID_PHOTO, EMOTION)}
