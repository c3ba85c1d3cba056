"""An input of the size that people mostly send, for each family: a photo as the page sends it to a chat, a sentence."""

from typing import Any

from models.catalog import Family

SIDE = 1024
SECONDS = 4.0


def run(family: Family, pipeline: Any) -> object:
    """One pass of it through a pipeline."""
    # Within: imported before the models load, while nothing that takes time may be.
    import cv2

    if family == "emotion":
        from models.emotion import probe_clip

        return pipeline.analyze([probe_clip(SECONDS)])
    from models.cartoon import probe_picture

    picture = cv2.resize(probe_picture(), (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    return pipeline.stylize([picture]) if family == "cartoon" else pipeline.matte([picture])
