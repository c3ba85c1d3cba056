"""BMPs whose channels lie where Pillow does not look for them, as files that it reads."""

import struct
from typing import Final

import numpy as np

from models.media.picture.refusals import save_as_jpeg

_HEADER_BYTES: Final = 40
_MASKS_AT: Final = 14 + _HEADER_BYTES
_BITFIELDS, _ALPHA_BITFIELDS = 3, 6
_BITS: Final = (1, 4, 8, 16, 24, 32)
_PACKED: Final = {4: "JPEG", 5: "PNG"}
_WITH_ALPHA_BYTES: Final = 56
_BAND_ROWS: Final = 64


def readable(data: bytes) -> bytes:
    """The file; channels in the bits that its header names become bytes. Raises struct.error for a broken header, and
    WrongKind for a sound file that nobody here reads."""
    size, width, height, _, bits, coder = struct.unpack_from("<IiiHHI", data, 14)
    if size < _HEADER_BYTES:
        return data
    if bits not in _BITS or coder > _ALPHA_BITFIELDS or coder in _PACKED:
        save_as_jpeg(f"BMP ({_PACKED.get(coder, f'{bits} bits')})")
    if coder not in (_BITFIELDS, _ALPHA_BITFIELDS) or bits not in (16, 32):
        return data
    masks = list(struct.unpack_from("<4I", data, _MASKS_AT))
    if size < _WITH_ALPHA_BYTES and coder != _ALPHA_BITFIELDS:
        masks[3] = 0
    first, stride = struct.unpack_from("<I", data, 10)[0], -(-width * bits // 32) * 4
    rows = abs(height)
    if width <= 0 or len(data) < first + stride * rows:
        return data
    stored = np.frombuffer(data, np.uint8, stride * rows, first).reshape(rows, stride)
    bands = (_bytes_of(stored[top : top + _BAND_ROWS], width, bits, masks) for top in range(0, rows, _BAND_ROWS))
    return _written(width, height, np.concatenate(list(bands)), with_alpha=bool(masks[3]))


def _bytes_of(rows: np.ndarray, width: int, bits: int, masks: list[int]) -> np.ndarray:
    """uint8 [rows, width, 4]: blue, green, red and alpha."""
    values = np.ascontiguousarray(rows[:, : width * bits // 8]).view(f"<u{bits // 8}").astype(np.uint32)
    red, green, blue, alpha = (_channel(values, mask) for mask in masks)
    return np.stack([blue, green, red, alpha], axis=2)


def _channel(values: np.ndarray, mask: int) -> np.ndarray:
    if not mask:
        return np.zeros(values.shape, np.uint8)
    shift = (mask & -mask).bit_length() - 1
    most = mask >> shift
    part = ((values & np.uint32(mask)) >> np.uint32(shift)).astype(np.float64)
    return (part * 255 / most + 0.5).astype(np.uint8)


def _written(width: int, height: int, pixels: np.ndarray, *, with_alpha: bool) -> bytes:
    masks = struct.pack("<4I", 0xFF0000, 0xFF00, 0xFF, 0xFF000000 if with_alpha else 0)
    first = _MASKS_AT + 16
    head = struct.pack("<IiiHHIIiiII", 56, width, height, 1, 32, _BITFIELDS, pixels.nbytes, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", first + pixels.nbytes, 0, 0, first) + head + masks + pixels.tobytes()
