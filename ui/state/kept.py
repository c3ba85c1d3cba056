"""What a tab keeps of a model pass, so that a slider needs no second one."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from models.tasks.base import Call


@dataclass(frozen=True)
class Kept:
    """A task's pass and what it took; `before` is the photo's preview file, where there is a photo; `source` is what
    the visitor calls the file."""

    passed: Any
    call: Call
    before: str = ""
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class KeptVoice(Kept):
    """And of a recording, whose samples are not kept: the loudest ones in equal spans, in 0..1, and the published WAV
    that the model heard."""

    peaks: np.ndarray
    wav: str
