"""Decoded frames of any rate, layout and sample format, which may change in mid-stream, to mono 16 kHz."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from models.media.sound.block import Block
from models.media.sound.errors import RATE, check_channels, check_rate
from models.media.sound.mixing import Mixer

_GATHERED = RATE // 4


class Piece(NamedTuple):
    """A decoded frame and the seconds its packet claims; without a frame, so many seconds that cannot be read, or in
    which nobody speaks (`pause`)."""

    frame: Any
    seconds: float
    padded: bool = False
    pause: bool = False

    @property
    def padding(self) -> int:
        """Samples at 16 kHz that the coder appended to fill its last frame."""
        if not self.padded or self.frame is None:
            return 0
        return max(0, round((self.frame.samples / self.frame.sample_rate - self.seconds) * RATE))


def mono_blocks(pieces: Iterator[Piece]) -> Iterator[Block]:
    """The recording piece by piece; BadAudio for rates and channels beyond the limits."""
    stream = _Stream()
    for piece in pieces:
        if piece.frame is None:
            yield Block(stream.taken())
            yield Block(np.zeros(round(piece.seconds * RATE), np.float32), was_read=piece.pause)
            continue
        check_channels(piece.frame.layout.nb_channels)
        check_rate(piece.frame.sample_rate)
        stream.add(piece.frame)
        if piece.padding:
            yield Block(stream.taken()[: -piece.padding])
        elif stream.gathered >= _GATHERED:
            yield Block(stream.mixed())
    yield Block(stream.taken())


class _Stream:
    """Interleaved 16 kHz samples of frames alike, until they are mixed."""

    def __init__(self) -> None:
        self.gathered = 0
        self._shape: tuple[Any, ...] = ()
        self._resampler: Any = None
        self._samples: list[np.ndarray] = []
        self._mono: list[np.ndarray] = []
        self._mixer = Mixer(RATE)

    def add(self, frame: Any) -> None:
        import av

        shape = (frame.sample_rate, frame.layout.name, frame.layout.nb_channels, frame.format.name)
        if self._resampler is None or shape != self._shape:
            self._drain()
            # Interleaved, because PyAV reads wild memory for planar frames of more than eight channels. Mixed in
            # Mixer: FFmpeg's own mono is 1.4 times too loud when both channels say the same.
            self._resampler, self._shape = av.AudioResampler(format="flt", rate=RATE), shape
        # A clock that jumps would make the resampler stretch or drop samples.
        frame.pts = None
        self._resample(frame)

    def mixed(self) -> np.ndarray:
        """What was gathered so far, as mono."""
        self._mix()
        mono, self._mono, self.gathered = self._mono, [], 0
        return np.concatenate(mono) if mono else np.zeros(0, np.float32)

    def taken(self) -> np.ndarray:
        """What was gathered, to the last sample held by the resampler."""
        self._drain()
        return self.mixed()

    def _drain(self) -> None:
        if self._resampler is not None:
            self._resample(None)
        self._resampler = None
        self._mix()

    def _mix(self) -> None:
        if self._samples:
            self._mono.append(self._mixer.mix(np.concatenate(self._samples)))
        self._samples = []

    def _resample(self, frame: Any) -> None:
        for piece in self._resampler.resample(frame):
            samples = piece.to_ndarray().reshape(-1, piece.layout.nb_channels)
            self._samples.append(samples)
            self.gathered += len(samples)
