"""Channels to one, so that a voice in any of them is heard: opposite channels are turned, silent ones left out."""

from collections.abc import Iterator

import numpy as np

BLOCK_SECONDS = 0.25
RAMP_SECONDS = 0.01
# A channel 30 dB below the loudest one, over all that was heard so far, is no part of the mean.
SILENT_SHARE = 1e-3
# Between the two a channel keeps its sign, so that wide stereo does not flutter.
OPPOSITE = 0.5


class Mixer:
    """Mixes one stream of frames; its weights follow what the channels hold, block by block."""

    def __init__(self, rate: int) -> None:
        self._block = round(rate * BLOCK_SECONDS)
        self._ramp = round(rate * RAMP_SECONDS)
        self._energy = np.zeros(0)
        self._signs = np.ones(0)
        self._weights: np.ndarray | None = None

    def mix(self, frames: np.ndarray) -> np.ndarray:
        """Mono float32 [n] of float32 frames [n, channels]; numbers that are none stay so."""
        channels = frames.shape[1]
        if channels == 1:
            return np.ascontiguousarray(frames[:, 0])
        if channels != len(self._energy):
            self._energy, self._signs, self._weights = np.zeros(channels), np.ones(channels), None
        with np.errstate(all="ignore"):
            return np.concatenate([self._mixed(block) for block in self._blocks(frames)])

    def _blocks(self, frames: np.ndarray) -> Iterator[np.ndarray]:
        for first in range(0, max(len(frames), 1), self._block):
            yield frames[first : first + self._block]

    def _mixed(self, block: np.ndarray) -> np.ndarray:
        before = self._weights
        after = self._weights = self._weigh(block)
        mono = block @ after
        if before is not None and not np.array_equal(before, after):
            head = block[: self._ramp]
            rising = np.linspace(0, 1, len(head), dtype=np.float32)
            mono[: len(head)] += (1 - rising) * (head @ (before - after))
        return mono

    def _weigh(self, block: np.ndarray) -> np.ndarray:
        """Equal shares of the channels that hold sound, each with its sign [channels]."""
        centred = block - block.mean(axis=0) if len(block) else block
        products = (centred.T @ centred).astype(np.float64)
        if np.isfinite(products).all():
            self._energy += np.diag(products)
            self._signs = self._turned(products)
        loud = self._energy >= SILENT_SHARE * self._energy.max()
        return (loud * self._signs / loud.sum()).astype(np.float32)

    def _turned(self, products: np.ndarray) -> np.ndarray:
        """The sign of each channel beside that of the loudest so far."""
        loudest = int(self._energy.argmax())
        sizes = np.sqrt(np.diag(products))
        likeness = products[loudest] / (sizes * sizes[loudest] + 1e-20)
        turned = np.where(np.abs(likeness) > OPPOSITE, np.sign(likeness) * self._signs[loudest], self._signs)
        return np.where(sizes > 0, turned, self._signs)
