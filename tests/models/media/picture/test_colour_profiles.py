"""Colours are what a browser shows, by whatever means a file describes them."""

import shutil
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image

from models.media import images
from tests.helpers import colour_makers as make
from tests.helpers.browser_canvas import shown
from tests.helpers.browser_studio import chromium as headless
from tests.helpers.picture_makers import deep, saved

P3 = make.rgb_profile(make.P3_XY, name="Display P3 Gamut with sRGB Transfer")
LINEAR = make.rgb_profile(make.P3_XY, make.gamma_curve(1))
PROFILES = {
    "p3": P3,
    "srgb": make.rgb_profile(make.SRGB_XY, name="c2"),
    "adobe": make.rgb_profile(make.ADOBE_XY, make.gamma_curve(563 / 256), name="not sRGB"),
    "prophoto": make.rgb_profile(make.PROPHOTO_XY, make.gamma_curve(1.8)),
    "srgb_linear": make.rgb_profile(make.SRGB_XY, make.gamma_curve(1), name="sRGB linear"),
    "table": make.rgb_profile(make.SRGB_XY, make.table_curve(np.linspace(0, 1, 1024) ** 2.2), name="sRGB"),
    "bt2020": make.rgb_profile(make.BT2020_XY),
    "for_grey": make.grey_profile(make.gamma_curve(1)),
    "for_ink": make.cmyk_profile(),
    "scanner": make.table_profile(),
    "claims_too_much": (len(P3) + 50).to_bytes(4, "big") + P3[4:],
    "none": b"no profile" * 20,
}
EXACT: dict[str, dict[str, object]] = {
    "PNG": {},
    "JPEG": {"quality": 100, "subsampling": 0},
    "WEBP": {"lossless": True},
    "AVIF": {"quality": 100, "subsampling": "4:4:4"},
}


def modes() -> dict[str, Image.Image]:
    rgb = make.swatches()
    rgba = rgb.convert("RGBA")
    rgba.putalpha(128)
    palette = rgb.convert("P", palette=Image.Palette.ADAPTIVE)
    return {"rgb": rgb, "rgba": rgba, "palette": palette, "grey": rgb.convert("L"), "grey_alpha": rgba.convert("LA")}


def profiled() -> dict[str, bytes]:
    files = {
        f"{format}_{name}": saved(make.swatches(), format, icc_profile=icc, **options)
        for format, options in EXACT.items()
        for name, icc in PROFILES.items()
        # Browsers call an AVIF broken whose profile is for something else.
        if format != "AVIF" or name not in ("for_grey", "for_ink", "none", "claims_too_much")
    }
    for mode, image in modes().items():
        for name in ("p3", "for_grey"):
            files[f"{mode}_{name}"] = saved(image, "PNG", icc_profile=PROFILES[name])
    ink = make.swatches().convert("CMYK")
    for name in ("p3", "for_ink", "none"):
        files[f"ink_{name}"] = saved(ink, "JPEG", quality=100, icc_profile=PROFILES[name])
    for gamma in (1, 1.8, 2.2):
        icc = make.grey_profile(make.gamma_curve(gamma))
        files[f"grey_jpeg_{gamma}"] = saved(modes()["grey"], "JPEG", quality=100, icc_profile=icc)
    return files | {"hole_p3": saved(make.swatches(), "PNG", transparency=(200, 60, 60), icc_profile=P3)}


def chunked() -> dict[str, bytes]:
    chunks = {
        **{f"gama_{value}": [make.gama(value)] for value in (0, 0.1, 0.43, 0.45455, 0.47, 0.5, 0.55556, 1, 2)},
        **{f"cicp_{number}_13": [make.cicp(number, 13)] for number in (0, 1, 2, 3, *range(4, 13), 22)},
        **{f"cicp_1_{number}": [make.cicp(1, number)] for number in (*range(16), 17)},
        "chrm_alone": [make.chrm(make.P3_XY)],
        "chrm_gama": [make.chrm(make.P3_XY), make.gama(0.45455)],
        "chrm_gama_srgb": [make.chrm(make.SRGB_XY), make.gama(0.45455)],
        "chrm_nonsense": [make.chrm(((0, 0),) * 4), make.gama(1)],
        "srgb_over_gama": [make.gama(1), make.chrm(make.P3_XY), make.srgb()],
        "icc_over_srgb": [make.srgb(), make.gama(1), make.iccp(P3)],
        "cicp_over_icc": [make.iccp(LINEAR), make.cicp(12, 13)],
        "cicp_over_srgb": [make.cicp(12, 13), make.srgb(), make.gama(1)],
        "cicp_narrow": [make.cicp(12, 13, 0, 0)],
        "cicp_unknown_gama": [make.cicp(2, 2), make.gama(1)],
        "cicp_unknown_icc": [make.cicp(0, 0), make.iccp(P3)],
        "broken_icc_gama": [make.iccp(PROFILES["none"]), make.gama(1)],
    }
    files = {name: make.with_chunks(make.swatches(), *parts) for name, parts in chunks.items()}
    for mode, image in modes().items():
        files[f"{mode}_gama"] = make.with_chunks(image, make.gama(1))
        files[f"{mode}_cicp"] = make.with_chunks(image, make.cicp(12, 8))
    for channels in ("rgb", "grey"):
        data = deep(channels)
        files[f"deep_{channels}"] = data[:33] + make.gama(0.5) + data[33:]
    return files


def coded() -> dict[str, bytes]:
    files = {f"avif_{number}_13": make.avif(number, 13) for number in (1, 2, *range(4, 13), 22)}
    files |= {f"avif_1_{number}": make.avif(1, number) for number in (1, 2, 4, 5, 6, 7, 8, 14, 15, 17)}
    return files | {"avif_icc_over_nclx": make.avif(9, 8, icc_profile=P3)}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    if shutil.which("chromium") is None:
        pytest.skip("chromium is not installed")
    with headless() as browser:
        yield browser


@pytest.mark.browser
@pytest.mark.parametrize("table", [profiled, chunked, coded], ids=lambda table: table.__name__)
def test_colours_are_within_two_levels_of_a_browsers(chromium, table):
    files = table()
    seen = shown(chromium, list(files.values()))
    far = {}
    for (name, data), theirs in zip(files.items(), seen, strict=True):
        assert theirs is not None, name
        # Squares' middles: chroma smears across their edges.
        ours, wanted = (np.asarray(rgb, int)[8::16, 8::16] for rgb in (images.decode(data), theirs))
        far[name] = int(np.abs(ours - wanted).max())
    assert {name: levels for name, levels in far.items() if levels > 2} == {}


@pytest.mark.parametrize("name", ["sRGB", "Display P3", "Display P3 Gamut with sRGB Transfer", "c2", ""])
def test_a_profile_is_what_it_does_not_what_it_is_called(name):
    wide = saved(make.swatches(), "PNG", icc_profile=make.rgb_profile(make.P3_XY, name=name))
    plain = saved(make.swatches(), "PNG", icc_profile=make.rgb_profile(make.SRGB_XY, name=name))
    # Worked out from the two spaces' published matrices.
    assert np.abs(images.decode(wide)[8, 8].astype(int) - (217, 42, 52)).max() <= 2
    assert np.array_equal(images.decode(plain), np.asarray(make.swatches()))


def test_a_tiff_obeys_its_profile():
    for mode in ("RGB", "RGBA"):
        data = saved(make.swatches().convert(mode), "TIFF", compression="tiff_lzw", icc_profile=P3)
        assert np.abs(images.decode(data)[8, 8].astype(int) - (217, 42, 52)).max() <= 2


def test_gamma_without_chromaticities_and_no_browser():
    data = make.with_chunks(make.swatches(), make.gama(1))
    assert np.abs(images.decode(data)[8, 8].astype(int) - (229, 133, 133)).max() <= 2
