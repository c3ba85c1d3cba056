"""A look at the faces of a photo with what the cartoon model has in memory already."""

import logging

import numpy as np

from models.finish.head_position import FindFaces
from models.runtime.resident import Resident
from models.tasks.base import Call

log = logging.getLogger(__name__)


def looker(cartoon: "Resident[object] | None", call: Call) -> FindFaces:
    """What finds the faces of a photo, in a turn of the cartoon's queue that belongs to who made `call`. It finds none
    where the model is not warm, which nobody waits for, where its queue is full, and where the look fails."""

    def look(rgb: np.ndarray) -> list[np.ndarray]:
        pipeline = cartoon and cartoon.slot().pipeline
        find = getattr(pipeline, "face_points", None)  # the stock pipeline finds faces only to draw them
        if cartoon is None or pipeline is None or find is None:
            return []
        who, background, waiter = call.visitor, call.background, call.waiter
        try:
            with cartoon.using(cartoon.slot(), pipeline, visitor=who, background=background, waiter=waiter):
                return list(find(rgb))
        except Exception as error:  # whatever the other model meets: the photo has its matte, and needs no face
            log.info("the head of an ID photo is not checked: %s", error)
            return []

    return look
