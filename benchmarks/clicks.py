"""From opening the page to a saved result: clicks and seconds, in a real headless Chromium.

    python -m benchmarks.clicks [--url http://localhost:7860] [--rounds 5]

Without --url a studio on the sample models is started and waited for. Choosing the file counts as one click. The page
is opened anew for each task, with an empty browser cache.
"""

import argparse
import statistics
import time
from dataclasses import dataclass
from typing import Any

from benchmarks.bench import table
from tests.helpers.browser_studio import chromium, given_or_sample
from tests.helpers.drawings import png, portrait, voice

PATIENCE_MS = 60_000
SEEN = {"cartoon": "#cartoon-result img", "matting": "#matting-result img", "emotion": "#emotion-result .bars"}
SAVE = {"cartoon": "#cartoon-download", "matting": "#matting-download", "emotion": "#emotion-json"}
SOURCE = {"cartoon": "#cartoon-photo", "matting": "#matting-photo", "emotion": "#emotion-recording"}


@dataclass(frozen=True)
class Visit:
    """Seconds from the first request of the page until each moment, and the clicks it took."""

    usable: float
    seen: float
    saved: float
    clicks: int


def visit(browser: Any, address: str, task: str, file: dict[str, Any]) -> Visit:
    """One visitor with one file, who wants the result saved."""
    context = browser.new_context(locale="en-US", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    start, clicks = time.perf_counter(), 1
    page.goto(address)
    if task != "cartoon":
        page.get_by_role("tab").nth(list(SEEN).index(task)).click()
        clicks += 1
    source = page.locator(f"{SOURCE[task]} input[type=file]").first
    source.wait_for(state="attached")
    usable = time.perf_counter() - start
    source.set_input_files(file)
    page.wait_for_selector(SEEN[task])
    seen = time.perf_counter() - start
    with page.expect_download():
        page.click(SAVE[task])
    saved = time.perf_counter() - start
    context.close()
    return Visit(usable, seen, saved, clicks + 1)


def row(task: str, visits: list[Visit]) -> dict[str, Any]:
    def middle(name: str) -> str:
        return f"{statistics.median(getattr(one, name) for one in visits):.2f}"

    return {
        "task": task,
        "clicks": visits[0].clicks,
        "file can be chosen s": middle("usable"),
        "result seen s": middle("seen"),
        "file saved s": middle("saved"),
        "visits": len(visits),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    photo = {"name": "photo.png", "mimeType": "image/png", "buffer": png(portrait())}
    sound = {"name": "voice.wav", "mimeType": "audio/wav", "buffer": voice(4)}
    files = {"cartoon": photo, "matting": photo, "emotion": sound}
    with given_or_sample(given.url) as address, chromium() as browser:
        found = {task: [visit(browser, address, task, files[task]) for _ in range(given.rounds)] for task in files}
        print(table([row(task, visits) for task, visits in found.items()]))


if __name__ == "__main__":
    main()
