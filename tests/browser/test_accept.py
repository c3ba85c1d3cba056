"""What the page takes: what a file is counts, not what its name or its type says."""

import base64
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.test_page import open_tab, upload
from tests.helpers.drawings import png, portrait, voice
from tests.helpers.heif_makers import heic
from tests.helpers.worn_recordings import CONTAINERS, ID3, coded, long_voice

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]
DROP = """([selector, name, type, data]) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], name, { type }));
    const place = document.querySelector(`${selector} input[type=file]`).parentElement;
    place.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer }));
}"""
# As browsers guess the types of such names.
RECORDINGS = [
    ("phone_clip.mp4", "video/mp4", lambda: coded("mp4", "aac", long_voice()[None], film=True)),
    ("live_photo.mov", "video/quicktime", lambda: coded("mov", "pcm_s16le", long_voice()[None], film=True)),
    ("camcorder.mts", "video/mp2t", CONTAINERS["m2ts"][0]),
    ("imessage.caf", "", lambda: coded("caf", "pcm_s16le", long_voice()[None])),
    ("id3_before.flac", "audio/flac", lambda: ID3 + coded("flac", "flac", long_voice()[None])),
    ("call", "application/octet-stream", voice),
]


def dropped(page: Any, selector: str, data: bytes, name: str, kind: str) -> None:
    page.locator(f"{selector} input[type=file]").first.wait_for(state="attached")
    page.evaluate(DROP, [selector, name, kind, base64.b64encode(data).decode()])


@pytest.mark.parametrize(("name", "kind", "make"), RECORDINGS, ids=[name for name, *_ in RECORDINGS])
def test_a_recording_is_taken_whatever_it_is_called(
    ready_studio: str, visit: Visit, name: str, kind: str, make: Callable[[], bytes]
) -> None:
    give = dropped if name.endswith((".mov", ".caf")) else upload
    page = visit(ready_studio)
    open_tab(page, 2)
    give(page, "#emotion-recording", make(), name, kind)
    page.wait_for_selector("#emotion-facts .facts", timeout=60_000)
    assert page.locator(".toast-body").count() == 0


def test_what_is_none_gets_a_sentence_and_no_list_of_types(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    dropped(page, "#cartoon-photo", b"a letter", "letter.txt", "text/plain")
    page.get_by_text("This file is not an image").wait_for(timeout=60_000)
    assert "image/*" not in page.inner_text("body")
    dropped(page, "#cartoon-photo", png(portrait()), "IMG_0001", "")
    page.wait_for_selector("#cartoon-result img", timeout=60_000)


def test_a_photo_of_a_telephone_is_taken_though_the_browser_cannot_draw_it(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    dropped(page, "#cartoon-photo", heic(portrait()), "IMG_0002.HEIC", "image/heic")
    page.wait_for_selector("#cartoon-result img", timeout=60_000)


def test_the_dialogue_offers_every_kind(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    for number, selector, suffixes in ((0, "#cartoon-photo", ".heic,.heif"), (2, "#emotion-recording", ".amr")):
        open_tab(page, number)
        chooser = page.locator(f"{selector} input[type=file]").first
        chooser.wait_for(state="attached")
        chooser.evaluate("(input) => { input.addEventListener('click', (e) => e.preventDefault()); input.click(); }")
        assert suffixes in str(chooser.get_attribute("accept"))
