"""What the page and the server tell each other: nothing is lost, however clicks fall and however many tabs are open."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.test_page import open_tab, served, upload
from tests.helpers.drawings import png, portrait

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]
TABS = 8  # a browser opens six connections to one host
CLICKS = 10
# The browser hears late that the server closed a stream: a click meanwhile is handed in before that.
LATE_CLOSE = """(() => {
    const send = window.fetch;
    window.fetch = async (address, options) => {
        const answer = await send(address, options);
        if (!String(address.url ?? address).includes("/queue/data")) return answer;
        const decoder = new TextDecoder();
        const held = new TransformStream({
            async transform(bytes, stream) {
                if (decoder.decode(bytes).includes("close_stream")) await new Promise((done) => setTimeout(done, 300));
                stream.enqueue(bytes);
            },
        });
        return new Response(answer.body.pipeThrough(held), { headers: answer.headers });
    };
})()"""
# Clicks in the very moment in which the picture of the click before comes; the places of those that nothing came of.
CLICK_AT_ONCE = """async (count) => {
    const button = document.querySelector("#cartoon-run");
    const formats = [...document.querySelectorAll("#cartoon-format input")];
    const slider = document.querySelector("#cartoon-strength input[type=range]");
    const slide = (value) => {
        slider.value = value;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const choose = (place) => formats[place].click();
    const acts = [() => choose(1), () => button.click(), () => slide(0.5), () => choose(0), () => slide(0.9)];
    const result = document.querySelector("#cartoon-result");
    const source = () => result.querySelector("img").getAttribute("src");
    const changed = (old) =>
        new Promise((done) => {
            const watch = new MutationObserver(() => source() !== old && end(true));
            const timer = setTimeout(() => end(false), 10000);
            const end = (came) => (watch.disconnect(), clearTimeout(timer), done(came));
            watch.observe(result, { subtree: true, attributes: true, childList: true });
        });
    const lost = [];
    for (let place = 0; place < count; place++) {
        const coming = changed(source());
        acts[place % acts.length]();
        if (!(await coming)) lost.push(place);
    }
    return lost;
}"""


@pytest.mark.parametrize("script", ["", LATE_CLOSE], ids=["as it comes", "close told late"])
def test_no_click_is_lost_in_the_moment_in_which_the_job_before_ends(
    ready_studio: str, visit: Visit, script: str
) -> None:
    page = visit(ready_studio, script=script)
    upload(page, "#cartoon-photo", png(portrait()))
    page.wait_for_selector("#cartoon-result img")
    assert page.evaluate(CLICK_AT_ONCE, CLICKS) == []


def test_eight_tabs_of_one_browser_load_and_work(ready_studio: str, visit: Visit) -> None:
    first = visit(ready_studio)
    pages = [first, *(first.context.new_page() for _ in range(TABS - 1))]
    passes = served(ready_studio)["matting"]
    for page in pages[1:]:
        page.goto(ready_studio, wait_until="commit")
    for number, page in enumerate(pages):
        page.locator("#cartoon-run").wait_for()
        open_tab(page, 1)
        upload(page, "#matting-photo", png(portrait()[::2, number::2]))
    for page in pages:
        page.locator("#matting-result img").wait_for()
    assert served(ready_studio)["matting"] == passes + TABS
