"""A look at the faces of a photo with what the cartoon model has in memory already."""

import numpy as np

from models.errors import Busy
from models.finish.head_position import FindFaces
from models.runtime.resident import Resident
from models.tasks.base import Call


def looker(cartoon: "Resident[object] | None", call: Call) -> FindFaces:
    """What finds the faces of a photo, in a turn of the cartoon's queue that belongs to who made `call`. It finds none
    where the model is not warm, which nobody waits for, or where its queue is full."""

    def look(rgb: np.ndarray) -> list[np.ndarray]:
        if cartoon is None or not cartoon.slot().is_ready:
            return []
        find = getattr(cartoon.load(), "face_points", None)  # the stock pipeline finds faces only to draw them
        if find is None:
            return []
        try:
            with cartoon.queue.enter(call.visitor, background=call.background):
                return list(find(rgb))
        except Busy:
            return []

    return look
