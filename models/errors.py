"""The exceptions users may meet; doors turn `code` into a status and `reason` into a sentence."""

from collections.abc import Callable
from functools import partial
from typing import ClassVar

Value = str | int | float


class PrewarmError(Exception):
    """One plain sentence for people, with stable names for programs.

    `code` names the kind (REST status), `reason` the exact case in snake_case, and `values` what the sentence
    mentions, so that a page can say the same in another language.
    """

    code: ClassVar[str] = "error"

    def __init__(self, message: str, *, reason: str, **values: Value) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason
        self.values = values

    def __reduce__(self) -> tuple[Callable[[], "PrewarmError"], tuple[()]]:
        """So that it can be raised again in another process."""
        return partial(type(self), self.message, reason=self.reason, **self.values), ()


class BadImage(PrewarmError):
    """The bytes are not an image that can be read."""

    code = "bad_image"


class BadAudio(PrewarmError):
    """The bytes are not a recording that can be read."""

    code = "bad_audio"


class TooLarge(PrewarmError):
    """The input is readable in principle but exceeds a limit."""

    code = "too_large"


class WrongKind(PrewarmError):
    """The bytes are some other kind of file than the one asked for."""

    code = "wrong_kind"


class BadField(PrewarmError):
    """A parameter has a value outside its legal choices."""

    code = "bad_field"


class Busy(PrewarmError):
    """The queue is full; worth trying again after `retry_after` seconds."""

    code = "busy"

    def __init__(self, message: str, *, reason: str, retry_after: float, **values: Value) -> None:
        super().__init__(message, reason=reason, retry_after=retry_after, **values)
        self.retry_after = retry_after


class NotReady(PrewarmError):
    """The model asked for is still loading, has failed, or the server is draining."""

    code = "not_ready"


class DeviceLost(NotReady):
    """The GPU that a model was on works no more."""


class DeviceFull(PrewarmError):
    """The GPU has not enough memory for this input."""

    code = "device_full"


class WeightsError(PrewarmError):
    """The files of a model are missing, damaged or not what they claim to be."""

    code = "weights"


class UnusableError(Exception):
    """What a program needs is missing or cannot be used: one sentence with the remedy."""
