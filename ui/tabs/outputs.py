"""What of a tab's results stays in the folder of outputs, where there is that folder."""

from typing import TYPE_CHECKING, Any

from models.errors import PrewarmError
from models.tasks.base import File

if TYPE_CHECKING:
    from ui.tabs.base import Tab, Values


def keep_shown(tab: "Tab", kept: Any, values: "Values") -> None:
    """What is shown first stays, in full size; of later settings what is downloaded."""
    outputs, (task, options) = tab.resident.workspace.outputs, tab.asked(values)
    if outputs:
        try:
            with task.anew(kept.passed, options, resident=tab.resident):
                tab.stays(tab.written(kept, values), kept, values)
        except PrewarmError as error:  # the visitor has the result already
            outputs.missed(error)


def stays(tab: "Tab", made: tuple[bytes, str], kept: Any, values: "Values") -> tuple[bytes, str]:
    """A file that the visitor gets."""
    task, options = tab.asked(values)
    task.kept(File(*made), options, resident=tab.resident, call=kept.call)
    return made
