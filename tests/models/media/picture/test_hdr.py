"""Bright pictures (PQ, HLG) are mapped onto a screen the way a browser does."""

import shutil

import numpy as np
import pytest

from models.media import images
from tests.helpers import colour_makers as make
from tests.helpers.browser_canvas import shown
from tests.helpers.browser_studio import chromium

FILES = {
    f"{container}_{primaries}_{transfer}": (container, primaries, transfer)
    for container in ("png", "avif")
    for primaries in (1, 9, 12)
    for transfer in (16, 18)
}


def file(container: str, primaries: int, transfer: int) -> bytes:
    if container == "png":
        return make.with_chunks(make.swatches(), make.cicp(primaries, transfer))
    return make.avif(primaries, transfer)


@pytest.mark.browser
def test_bright_pictures_are_within_two_levels_of_a_browsers():
    if shutil.which("chromium") is None:
        pytest.skip("chromium is not installed")
    files = {name: file(*parts) for name, parts in FILES.items()}
    with chromium() as browser:
        seen = shown(browser, list(files.values()))
    for (name, data), theirs in zip(files.items(), seen, strict=True):
        ours, wanted = (np.asarray(rgb, int)[8::16, 8::16] for rgb in (images.decode(data), theirs))
        assert np.abs(ours - wanted).max() <= 2, name


@pytest.mark.parametrize("transfer", [16, 18])
def test_grey_stays_grey_and_never_gets_darker(transfer):
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 16, 0).repeat(3, 2)
    shown_ramp = images.decode(make.with_chunks(make.Image.fromarray(ramp), make.cicp(9, transfer)))[8].astype(int)
    assert np.ptp(shown_ramp, axis=1).max() <= 1
    assert (np.diff(shown_ramp[:, 1]) >= 0).all() and shown_ramp[0, 0] == 0 and shown_ramp[255, 0] == 255
