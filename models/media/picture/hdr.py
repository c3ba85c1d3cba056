"""Pictures with more light than a screen has (BT.2100), mapped onto it the way browsers do.

Light up to the reference white is halved, what is brighter follows a curve up to 1000 cd/m², which become white
(reference white tone mapping of SMPTE ST 2094-50).
"""

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

import numpy as np
from PIL import Image

PQ, HLG = 16, 18
_WHITE, _BRIGHTEST = 203.0, 1000.0
_BT2020_LUMINANCE: Final = (0.2627, 0.6780, 0.0593)
# Light of 0..1 in so many steps finds its level of sRGB, also in the dark.
_LIGHT_STEPS: Final = 65536


@dataclass(frozen=True)
class Light:
    """Primaries as matrices to BT.2020 and from there to sRGB, float [3,3], and the curve's number."""

    to_bt2020: np.ndarray
    to_srgb: np.ndarray
    transfer: int

    def apply(self, image: Image.Image) -> Image.Image:
        """RGB in sRGB; a pixel takes 60 bytes on the way, so bands are wanted."""
        light = self._curve[np.asarray(image)] @ self.to_bt2020.T.astype(np.float32)
        if self.transfer == HLG:
            luminance = np.maximum(light @ np.array(_BT2020_LUMINANCE, np.float32), 0)
            light *= luminance[..., None] ** 0.2 * (_BRIGHTEST / _WHITE)
        brightest = np.maximum(light.max(axis=2, keepdims=True), 1e-9)
        srgb = (light * (_toned(brightest) / brightest)) @ self.to_srgb.T.astype(np.float32)
        return Image.fromarray(_levels()[(np.clip(srgb, 0, 1) * (_LIGHT_STEPS - 1) + 0.5).astype(np.int32)])

    @cached_property
    def _curve(self) -> np.ndarray:
        """float32 [256]: PQ's light on a screen, 1 at the reference white; HLG's in the scene (BT.2100)."""
        values = np.linspace(0, 1, 256)
        if self.transfer == PQ:
            root = values ** (32 / 2523)
            light = np.maximum(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root)
            return (10_000 / _WHITE * light ** (16384 / 2610)).astype(np.float32)
        bright = (np.exp((values - 0.55991073) / 0.17883277) + 0.28466892) / 12
        return np.where(values <= 0.5, values**2 / 3, bright).astype(np.float32)


@cache
def _levels() -> np.ndarray:
    """uint8 [65536], sRGB's level of light."""
    light = np.linspace(0, 1, _LIGHT_STEPS)
    levels = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return (levels * 255 + 0.5).astype(np.uint8)


def _toned(light: np.ndarray) -> np.ndarray:
    """A Bézier curve from (1, 0.5) over (1.65, 0.825) to (1000 / 203, 1)."""
    square = 1 - 2 * 1.65 + _BRIGHTEST / _WHITE
    along = (np.sqrt(0.65**2 + square * np.maximum(light - 1, 0)) - 0.65) / square
    along = np.minimum(along, 1)
    return np.where(light <= 1, light / 2, 0.5 + 0.65 * along - 0.15 * along**2)
