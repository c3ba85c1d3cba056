"""Channels in any bits of a BMP are found."""

import numpy as np
import pytest

from models.errors import WrongKind
from models.media import images
from models.media.picture import bmp
from tests.helpers.bmp_makers import masked
from tests.helpers.picture_makers import COLOURS, patched, quarters, saved

CORNERS = (16, 24), (16, 72), (48, 24), (48, 72)
MASKS = {
    "16 bits, five each": (16, (0x7C00, 0x3E0, 0x1F)),
    "16 bits, six of green": (16, (0xF800, 0x7E0, 0x1F)),
    "16 bits, blue first": (16, (0x1F, 0x7E0, 0xF800)),
    "16 bits, four each with alpha": (16, (0xF00, 0xF0, 0xF, 0xF000)),
    "16 bits, one of alpha": (16, (0x7C00, 0x3E0, 0x1F, 0x8000)),
    "32 bits": (32, (0xFF0000, 0xFF00, 0xFF)),
    "32 bits, red first": (32, (0xFF, 0xFF00, 0xFF0000)),
    "32 bits, alpha first": (32, (0xFF000000, 0xFF0000, 0xFF00, 0xFF)),
    "32 bits, ten each": (32, (0x3FF00000, 0xFFC00, 0x3FF, 0xC0000000)),
}


@pytest.mark.parametrize("top_down", [False, True])
@pytest.mark.parametrize("name", MASKS)
def test_channels_are_where_the_header_says(name: str, top_down: bool) -> None:
    bits, masks = MASKS[name]
    rgb = images.decode(masked(bits, masks, top_down=top_down))
    assert np.abs(np.array([rgb[corner] for corner in CORNERS], int) - COLOURS).max() <= (9 if bits == 16 else 1)


def test_all_others_stay_and_what_is_not_read_is_named() -> None:
    plain = saved(quarters(), "BMP")
    assert bmp.readable(plain) is plain
    with pytest.raises(WrongKind, match=r"BMP \(2 bits\)"):
        bmp.readable(patched(plain, 28, b"\2"))
    with pytest.raises(WrongKind, match=r"BMP \(PNG\)"):
        bmp.readable(patched(plain, 30, b"\5"))
