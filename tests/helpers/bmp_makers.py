"""Makes BMPs whose channels lie in any bits."""

import struct

import numpy as np

from tests.helpers.picture_makers import HEIGHT, WIDTH, with_alpha


def masked(bits: int, masks: tuple[int, ...], *, top_down: bool = False) -> bytes:
    """Four quarters, the white one transparent where there is a mask for alpha, behind a header of version 3."""
    channels = np.asarray(with_alpha(hole=(9, 9, 9)) if len(masks) > 3 else with_alpha(hole=(255, 255, 255)))
    pixels = np.zeros((HEIGHT, WIDTH), np.uint64)
    for number, mask in enumerate(masks):
        shift = (mask & -mask).bit_length() - 1
        pixels |= np.rint(channels[..., number] * ((mask >> shift) / 255)).astype(np.uint64) << np.uint64(shift)
    body = (pixels if top_down else pixels[::-1]).astype(f"<u{bits // 8}").tobytes()
    height = -HEIGHT if top_down else HEIGHT
    head = struct.pack("<IiiHHIIiiII", 56, WIDTH, height, 1, bits, 3, len(body), 0, 0, 0, 0)
    head += struct.pack("<4I", *masks, *[0] * (4 - len(masks)))
    return b"BM" + struct.pack("<IHHI", 14 + len(head) + len(body), 0, 0, 14 + len(head)) + head + body
