"""What is dropped or pasted anywhere on a tab is taken, or a sentence says why not."""

import base64
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.test_page import changed_picture, open_tab, served, upload
from tests.helpers.drawings import png, portrait, voice

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]
CARRY = """([selector, event, names, data, text]) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const carried = new DataTransfer();
    for (const name of names) carried.items.add(new File([bytes], name, { type: "" }));
    if (text) carried.setData("text/uri-list", text);
    const told = { bubbles: true, cancelable: true, dataTransfer: carried, clipboardData: carried };
    const made = event === "paste" ? new ClipboardEvent(event, told) : new DragEvent(event, told);
    document.querySelector(selector).dispatchEvent(made);
    return made.defaultPrevented;
}"""
FOLDERS = "DataTransferItem.prototype.webkitGetAsEntry = () => ({ isDirectory: true });"


def carried(page: Any, selector: str, event: str, *names: str, data: bytes = b"", text: str = "") -> bool:
    """Whether the browser leaves it to the page."""
    return page.evaluate(CARRY, [selector, event, names, base64.b64encode(data).decode(), text])


@pytest.mark.parametrize(("event", "place"), [("drop", "#cartoon-photo"), ("drop", "footer"), ("paste", "body")])
def test_a_photo_goes_in_wherever_it_lands_and_takes_the_place_of_another(
    ready_studio: str, visit: Visit, event: str, place: str
) -> None:
    page = visit(ready_studio)
    upload(page, "#cartoon-photo", png(portrait()))
    page.wait_for_selector("#cartoon-result img")
    other = png(portrait()[:, ::-1])
    changed_picture(page, "#cartoon-result img", lambda: carried(page, place, event, "other.png", data=other))
    assert event == "paste" or carried(page, place, "dragover", "other.png")
    assert page.locator("#cartoon-photo img").count() == 1


def test_a_recording_takes_the_place_of_another(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    open_tab(page, 2)
    page.locator("#emotion-recording input[type=file]").first.wait_for(state="attached")
    before = served(ready_studio)["emotion"]
    for number, event in enumerate(("drop", "paste"), 1):
        carried(page, "#emotion-recording", event, "call.caf", data=voice())
        page.wait_for_selector("#emotion-facts .facts", timeout=60_000)
        assert served(ready_studio)["emotion"] == before + number
        page.evaluate("document.querySelector('#emotion-facts .facts').remove()")


@pytest.mark.parametrize(
    ("tab", "names", "script", "said"),
    [
        (0, [], "", "text or a link, not a file"),
        (2, [], "", "text or a link, not a file"),
        (0, ["holidays"], FOLDERS, "That is a folder"),
        (3, ["me.png"], "", "This tab takes no files"),
        (0, ["a.png", "b.png"], "", "Of several files the first one is taken"),
    ],
)
def test_what_cannot_be_taken_is_told(
    ready_studio: str, visit: Visit, tab: int, names: list[str], script: str, said: str
) -> None:
    page = visit(ready_studio, script=script)
    open_tab(page, tab)
    assert carried(page, "body", "drop", *names, data=png(portrait()), text="" if names else "https://a.example/b.png")
    assert said in page.locator(".notice").inner_text()


def test_text_stays_where_text_belongs(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    assert not carried(page, "#cartoon-strength input[type=number]", "paste", text="0.5")
    assert page.locator(".notice").count() == 0


def test_no_frame_stays_around_a_photo_that_gave_way(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    upload(page, "#cartoon-photo", png(portrait()))
    page.wait_for_selector("#cartoon-result img")
    photo = "#cartoon-photo img"
    for event in ("dragenter", "dragover", "drop"):
        carried(page, photo, event, "other.png", data=png(portrait()[:, ::-1]))
    assert page.locator("#cartoon-photo.dragging").count() == 0
    assert "dragging" not in page.locator("#cartoon-photo").evaluate("(place) => place.outerHTML.slice(0, 400)")
