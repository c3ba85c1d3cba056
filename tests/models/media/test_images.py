"""The picture door: every disguise comes out upright and in its colours, everything else as one sentence."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from models.errors import BadImage, PrewarmError, TooLarge, WrongKind
from models.media import images
from tests.helpers import picture_makers as make
from tests.helpers.odd_files import Damage, Odd, damaged, damages, fuzz_settings, made, peak_mb_since_reset, reset_peak
from tests.helpers.odd_images import PICTURES, REFUSED

# Pillow says so once, on its own, before the door refuses.
pytestmark = pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")

CORNERS = (16, 24), (16, 72), (48, 24), (48, 72)
# The 216-colour web palette is up to 30 away, lossy formats up to 6.
FAR = {"png_palette": 30, "png_palette_hole": 30, "bmp_palette": 30, "tiff_P": 30}

linux = pytest.mark.skipif(not os.path.exists("/proc/self/clear_refs"), reason="peak memory is read from Linux's /proc")


def refusal(data: bytes) -> PrewarmError:
    with pytest.raises(PrewarmError) as caught:
        images.decode(data)
    return caught.value


@pytest.mark.parametrize("kind", PICTURES, ids=lambda kind: kind.name)
def test_every_disguise_is_upright_rgb_in_its_colours(kind):
    rgb = images.decode(kind.make())
    assert rgb.shape == (make.HEIGHT, make.WIDTH, 3) and rgb.dtype == np.uint8
    seen = np.array([rgb[corner] for corner in CORNERS], int)
    wanted = np.array(make.COLOURS, int)
    if kind.answer == "grey":
        wanted = np.repeat(wanted @ [[0.299], [0.587], [0.114]], 3, axis=1)
    assert np.abs(seen - wanted).max() <= FAR.get(kind.name, 6)


@pytest.mark.parametrize("kind", REFUSED, ids=lambda kind: kind.name)
def test_everything_else_is_one_sentence(kind):
    error = refusal(kind.make())
    assert error.reason == kind.answer
    assert error.code in {"bad_image", "too_large", "wrong_kind"}
    assert str(error).endswith(".") and ": " in str(error) and "/" not in str(error)


@pytest.mark.parametrize("kind", PICTURES, ids=lambda kind: kind.name)
def test_the_header_alone_tells_the_size(kind):
    assert images.measure(kind.make()) == (make.WIDTH, make.HEIGHT)


@pytest.mark.parametrize("kind", REFUSED, ids=lambda kind: kind.name)
def test_measuring_refuses_what_decoding_refuses_from_the_header(kind):
    data = kind.make()
    wanted = refusal(data)
    try:
        size = images.measure(data)
    except PrewarmError as error:
        assert (type(error), str(error), error.values) == (type(wanted), str(wanted), wanted.values)
    else:
        assert wanted.reason == "image_damaged" and min(size) >= images.MIN_SIDE


@linux
def test_measuring_takes_no_memory():
    data = make.saved(Image.new("RGB", (6000, 6000)), "JPEG")
    images.measure(data)
    before = reset_peak()
    assert images.measure(data) == (6000, 6000)
    assert peak_mb_since_reset() - before < 5


@linux
@pytest.mark.parametrize("options", [{}, {"icc_profile": make.DISPLAY_P3}], ids=["plain", "profile"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_decoding_takes_eight_bytes_a_pixel(options, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = make.saved(Image.new("RGB", (6000, 4000)), "JPEG", exif=exif.tobytes(), **options)
    before = reset_peak()
    images.decode(data)
    assert peak_mb_since_reset() - before < 8 * 24 * 1e6 / 2**20


def test_more_than_sixty_kinds():
    assert len(PICTURES) + len(REFUSED) >= 60


def test_codes_say_what_to_do():
    reasons = {kind.answer: type(refusal(kind.make())) for kind in REFUSED}
    assert {reasons[name] for name in ("image_pixels", "image_too_long", "image_bytes")} == {TooLarge}
    assert {reasons[name] for name in ("save_as_jpeg", "not_a_picture")} == {WrongKind}
    assert {reasons[name] for name in ("image_empty", "not_an_image", "image_damaged", "image_too_small")} == {BadImage}


def test_limits_are_named_with_their_values():
    error = refusal(make.saved(Image.new("RGB", (10, 200)), "PNG"))
    assert error.values == {"width": 10, "height": 200, "limit": images.MIN_SIDE}
    assert "10 × 200" in str(error) and "16" in str(error)
    assert images.decode(make.saved(Image.new("RGB", (320, 16)), "PNG")).shape == (16, 320, 3)


@linux
def test_bombs_are_refused_at_once_and_without_memory():
    bombs = [kind.make() for kind in REFUSED if kind.answer in {"image_pixels", "image_too_long"}]
    before, start = reset_peak(), time.process_time()
    for bomb in bombs:
        refusal(bomb)
    assert time.process_time() - start < 0.1 * len(bombs)
    assert peak_mb_since_reset() - before < 10


def test_files_made_to_be_slow_end_soon():
    start = time.thread_time()
    assert refusal(make.endless_passes()).reason == "image_damaged"
    assert time.thread_time() - start < 2.5
    start = time.thread_time()
    refusal(make.nibbles("GIF"))
    assert time.thread_time() - start < 0.5


def test_a_wide_gamut_picture_becomes_srgb():
    flat = Image.new("RGB", (64, 64), (200, 100, 50))
    red, green, blue = images.decode(make.saved(flat, "PNG", icc_profile=make.DISPLAY_P3))[32, 32]
    # Worked out from the two spaces' published matrices: P3 (200, 100, 50) with gamma 2.2 is sRGB (216, 93, 24).
    assert np.abs(np.array([red, green, blue], int) - (216, 93, 24)).max() <= 2


def test_around_the_frame_of_a_gif_there_is_nothing():
    rgb = images.decode(make.small_frame())
    assert (rgb[make.HEIGHT // 2 + 8 :] == 255).all() and np.abs(rgb[16, 24].astype(int) - make.COLOURS[0]).max() <= 6


def test_sixteen_bit_grey_is_scaled_not_clipped():
    ramp = np.linspace(0, 65535, 256).astype(np.uint16)[None].repeat(64, 0)
    rgb = images.decode(make.saved(Image.fromarray(ramp), "PNG"))
    assert np.abs(rgb[10, :, 0].astype(int) - np.arange(256)).max() <= 1


def test_transparency_is_laid_over_white():
    half = Image.new("RGBA", (32, 32), (0, 0, 0, 128))
    assert abs(int(images.decode(make.saved(half, "PNG"))[9, 9, 0]) - 127) <= 1


@pytest.mark.parametrize("format", ["png", "jpg", "webp"])
@pytest.mark.parametrize("channels", [3, 4])
def test_results_come_back_the_same_and_carry_no_metadata(format, channels):
    pixels = np.asarray(make.with_alpha() if channels == 4 else make.quarters())
    data = images.encode(pixels, format)
    opened = Image.open(BytesIO(data))
    assert not {"exif", "icc_profile", "xmp", "comment"} & set(opened.info) and not opened.getexif()
    assert opened.mode == ("RGBA" if channels == 4 and format != "jpg" else "RGB")
    seen = np.array([images.decode(data)[corner] for corner in CORNERS], int)
    assert np.abs(seen - make.COLOURS).max() <= (0 if format == "png" else 12)


def test_png_keeps_every_value_of_rgba_and_grey():
    rgba = np.random.default_rng(1).integers(0, 256, (40, 50, 4), np.uint8)
    assert np.array_equal(np.asarray(Image.open(BytesIO(images.encode(rgba, "png")))), rgba)
    grey = rgba[..., 3]
    assert np.array_equal(np.asarray(Image.open(BytesIO(images.encode(grey, "png")))), grey)


def test_shrink_never_enlarges():
    frame = np.full((300, 600, 3), 90, np.uint8)
    assert images.shrink(frame, 200).shape == (100, 200, 3)
    assert images.shrink(frame, 600) is frame


def test_enlarge_never_shrinks():
    frame = np.zeros((250, 500, 3), np.uint8)
    assert images.enlarge(frame, 1000).shape == (500, 1000, 3)
    assert images.enlarge(frame, 400) is frame


def test_many_threads_get_their_own_pictures():
    solid = [make.saved(Image.new("RGB", (64, 64), (value, 0, 255 - value)), "PNG") for value in range(64)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(images.decode, solid * 4))
    assert [int(rgb[5, 5, 0]) for rgb in answers] == list(range(64)) * 4


@given(kind=st.sampled_from(PICTURES), changes=damages)
@fuzz_settings
def test_damaged_pictures_give_a_picture_or_a_sentence(kind: Odd, changes: list[Damage]):
    try:
        rgb = images.decode(damaged(made(kind), changes))
    except PrewarmError as error:
        assert error.reason and str(error)
    else:
        assert rgb.ndim == 3 and rgb.shape[2] == 3 and rgb.dtype == np.uint8
        assert rgb.shape[0] * rgb.shape[1] <= images.MAX_PIXELS


def test_the_file_and_its_pixels_are_counted() -> None:
    assert images.decoding_bytes(make.PNG) == len(make.PNG) + images.DECODING_BYTES_PER_PIXEL * make.WIDTH * make.HEIGHT


def test_what_is_too_large_is_refused_before_anything_is_decoded() -> None:
    with pytest.raises(TooLarge):
        images.decoding_bytes(make.claiming("JPEG", 60_000, 60_000))
