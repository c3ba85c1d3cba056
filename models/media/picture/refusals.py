"""Sentences for pictures that are sound and not read here."""

from typing import NoReturn

from models.errors import BadImage, WrongKind


def save_as_jpeg(kind: str) -> NoReturn:
    text = f"{kind} pictures are not read here: save it as PNG or plain JPEG and try again."
    raise WrongKind(text, reason="save_as_jpeg", kind=kind)


def too_deep() -> NoReturn:
    text = "The image has fractions, numbers below zero or more than 16 bits a channel: save it with 8, as PNG or JPEG."
    raise BadImage(text, reason="image_depth")
