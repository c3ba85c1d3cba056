"""Takes the pictures of the page that the READMEs and docs/page.md show; others are named as they are: tab, language,
and `phone` for a phone's width.

    python -m tools.screenshots [--to docs] [--url http://localhost:7860] [--theme dark] [--pictures status-zh-phone]

Without --url it starts a studio on sample models. Needs Chromium and `requirements-dev.txt`. The portrait is drawn and
the voice is made up (`tests/helpers/drawings.py`): nobody is shown.
"""

import argparse
import io
from pathlib import Path
from typing import Any

from PIL import Image

from tests.helpers.browser_studio import chromium, given_or_sample
from tests.helpers.drawings import png, portrait, voice

SHOWN = ("cartoon-en", "cartoon-zh", "matting-en", "emotion-en", "status-en", "cartoon-en-phone")
LOCALES = {"en": "en-US", "zh": "zh-CN"}
WIDTH, PHONE_WIDTH = 1280, 390
QUALITY = 82  # WebP: a page in 60 KB that as a PNG takes 400
PATIENCE_MS = 120_000


def main() -> None:
    options = _options()
    options.to.mkdir(parents=True, exist_ok=True)
    with given_or_sample(options.url) as address, chromium() as browser:
        for name in options.pictures.split(","):
            tab, language, *phone = name.split("-")
            size = {"width": PHONE_WIDTH if phone else WIDTH, "height": 900}
            page = browser.new_page(locale=LOCALES[language], viewport=size, color_scheme=options.theme)
            target = options.to / f"{name}.webp"
            _keep(_taken(page, address, tab), target)
            print(target, target.stat().st_size // 1024, "KB")
            page.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, default=Path("docs"))
    parser.add_argument("--url")
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--pictures", default=",".join(SHOWN))
    return parser.parse_args()


def _taken(page: Any, address: str, tab: str) -> bytes:
    """The whole page with a result on `tab`, as PNG."""
    page.set_default_timeout(PATIENCE_MS)
    page.goto(address)
    page.click(f"#tab-{tab}-button")
    {"cartoon": _cartoon, "matting": _matting, "emotion": _emotion, "status": _status}[tab](page)
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    page.wait_for_timeout(1200)
    return page.screenshot(full_page=True, animations="disabled")


def _cartoon(page: Any) -> None:
    _choose(page, "#cartoon-photo", "portrait.png", "image/png", png(portrait()))
    page.wait_for_selector("#cartoon-result img")


def _matting(page: Any) -> None:
    _choose(page, "#matting-photo", "portrait.png", "image/png", png(portrait()))
    page.wait_for_selector("#matting-result img")


def _emotion(page: Any) -> None:
    _choose(page, "#emotion-recording", "voice.wav", "audio/wav", voice(12))
    page.wait_for_selector("#emotion-result .bars")


def _status(page: Any) -> None:
    page.wait_for_selector(".model-card.ready")


def _choose(page: Any, place: str, name: str, kind: str, data: bytes) -> None:
    file = page.locator(f"{place} input[type=file]").first
    file.wait_for(state="attached")
    file.set_input_files({"name": name, "mimeType": kind, "buffer": data})


def _keep(taken: bytes, target: Path) -> None:
    Image.open(io.BytesIO(taken)).convert("RGB").save(target, "WEBP", quality=QUALITY, method=6)


if __name__ == "__main__":
    main()
