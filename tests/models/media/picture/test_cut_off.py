"""A picture that lost its end shows what is there, the rest as a browser does: white."""

import shutil
import time

import numpy as np
import pytest

from models.errors import BadImage
from models.media import images
from tests.helpers import picture_makers as make
from tests.helpers.browser_canvas import shown
from tests.helpers.browser_studio import chromium
from tests.helpers.cut_pictures import WHOLE, cut, grainy, interlaced
from tests.helpers.picture_makers import saved

# libjpeg shows a row of blocks more than a browser, which waits for the next.
BLOCK_ROWS = 19


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("share", [0.5, 0.8, 0.99])
def test_what_is_there_is_shown_and_the_rest_is_white(name, share):
    whole = WHOLE[name]()
    wanted, seen = images.decode(whole), images.decode(cut(whole, share))
    assert seen.shape == wanted.shape
    same = (np.abs(seen.astype(int) - wanted).max(axis=(1, 2)) <= 2).tolist()
    there = same.index(False)
    assert there > 160 * share * 0.7 - BLOCK_ROWS
    assert (seen[there + BLOCK_ROWS :] == 255).all()


@pytest.mark.parametrize("name", [name for name in WHOLE if name.startswith("jpeg")])
def test_a_jpeg_without_its_end_mark_is_whole(name):
    data = WHOLE[name]()
    assert np.array_equal(images.decode(data[:-2]), images.decode(data))


def test_a_progressive_jpeg_without_its_last_passes_is_coarser():
    data = saved(grainy(), "JPEG", progressive=True)
    seen = images.decode(cut(data, 0.6)).astype(int)
    assert np.abs(seen - images.decode(data)).mean() < 5


def test_grey_and_white_parts_that_are_there_stay():
    for level in (128, 255):
        flat = grainy()
        flat.paste((level,) * 3, (0, 60, 240, 160))
        data = saved(flat, "JPEG", quality=95)
        seen, whole = images.decode(data[:-2]), images.decode(data)
        assert np.array_equal(seen[:140], whole[:140])


def test_a_bmp_is_stored_from_below():
    seen = images.decode(cut(saved(grainy(), "BMP"), 0.5))
    assert (seen[:70] == 255).all() and np.array_equal(seen[90:], np.asarray(grainy())[90:])


def test_a_png_broken_in_the_middle_is_shown_to_there():
    data = bytearray(saved(grainy(), "PNG"))
    data[len(data) // 2 :][:60] = bytes(60)
    data[len(data) // 2 : len(data) // 2 + 60] = b"\xff" * 60
    seen = images.decode(bytes(data))
    assert np.array_equal(seen[:60], np.asarray(grainy())[:60])


def test_a_cut_picture_is_upright_and_in_its_colours():
    turned = make.turned(6, "JPEG")[:-2]
    assert np.array_equal(images.decode(turned), images.decode(turned + b"\xff\xd9"))
    wide = saved(grainy(), "PNG", icc_profile=make.DISPLAY_P3)
    assert np.array_equal(images.decode(cut(wide, 0.6))[:80], images.decode(wide)[:80])


@pytest.mark.parametrize("format", ["JPEG", "PNG", "BMP"])
@pytest.mark.parametrize("progressive", [False, True])
def test_nothing_decodable_stays_damaged(format, progressive):
    data = saved(grainy(), format, progressive=progressive)
    start = {"JPEG": data.find(b"\xff\xda") + 14, "PNG": data.find(b"IDAT") + 6, "BMP": 54}[format]
    for length in (30, start // 2, start):
        with pytest.raises(BadImage) as caught:
            images.decode(data[:length])
        assert caught.value.reason == "image_damaged"


def test_a_slow_file_without_its_end_stays_refused():
    start = time.thread_time()
    with pytest.raises(BadImage):
        images.decode(make.endless_passes()[:-2])
    assert time.thread_time() - start < 2.5


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_an_interlaced_png_is_coarse_where_its_last_passes_are_missing(mode):
    whole, seen = np.asarray(grainy(mode).convert("RGB"), int), images.decode(cut(interlaced(grainy(mode)), 0.3))
    assert np.array_equal(seen[::4, ::4], whole[::4, ::4]) and np.abs(seen - whole).mean() < 12


@pytest.mark.browser
def test_a_browser_shows_the_same():
    if shutil.which("chromium") is None:
        pytest.skip("chromium is not installed")
    files = {(name, share): cut(make(), share) for name, make in WHOLE.items() for share in (0.4, 0.9)}
    files |= {
        (mode, share): cut(interlaced(grainy(mode)), share) for mode in ("RGB", "L") for share in (0.02, 0.1, 0.3, 0.7)
    }
    with chromium() as browser:
        seen = shown(browser, list(files.values()))
    for (name, share), theirs in zip(files, seen, strict=True):
        ours = images.decode(files[name, share]).astype(int)
        other = np.flatnonzero(np.abs(ours - theirs).max(axis=(1, 2)) > 2)
        assert len(other) == 0 or (name.startswith("jpeg") and np.ptp(other) <= BLOCK_ROWS), (name, share)
