"""The styles as tiles: a picture drawn by the sample model, or a plain tile; and how far a style is that is loaded on
demand."""

import base64
from contextlib import suppress
from pathlib import Path
from typing import Any

from markupsafe import Markup

from models.catalog import STYLES
from models.errors import PrewarmError
from models.runtime.resident import Resident, Status
from ui.i18n.language import say
from ui.i18n.texts import TEXTS

PICTURES = Path(__file__).parents[1] / "assets" / "styles"
AT_ONCE_SECONDS = 0.2  # a style that cannot be had is mostly found out by then


def tile_css() -> str:
    """The picture of every style, inside the stylesheet; the words on the tiles that have none."""
    return "\n".join(_tile_rule(style, PICTURES / f"{style}.webp") for style in STYLES)


def _tile_rule(style: str, picture: Path) -> str:
    tile = f'.tiles label:has([value="{style}"])'
    if picture.is_file():
        data = base64.b64encode(picture.read_bytes()).decode()
        return f'{tile} {{ --picture: url("data:image/webp;base64,{data}"); }}'
    english, chinese = TEXTS["style_needs_hub"]
    return f'{tile} {{ --needs-hub: "{english}"; }}\n{tile}:lang(zh) {{ --needs-hub: "{chinese}"; }}'


def begin(resident: Resident[Any], variant: str) -> None:
    """Load a variant beside the page, unless that is under way."""
    if resident.slot(variant).status.state in ("pending", "failed"):
        # What becomes of it is told by the slot: its state, its error, the log.
        with suppress(PrewarmError):
            resident.await_ready(variant, AT_ONCE_SECONDS)


def progress(style: str, status: Status, language: str) -> Markup:
    """What is being done for a style that is not ready yet, and how much of it."""
    name, stage = say(language, f"style_{style}"), say(language, f"state_{status.state}")
    text, size = say(language, "style_stage", name=name, stage=stage), Markup()
    if status.state == "fetching" and status.bytes_total:
        done, total = (f"{count / 1e6:.1f}" for count in (status.bytes_done, status.bytes_total))
        text = say(language, "style_bytes", text=text, done=done, total=total)
        size = Markup(' value="{}" max="{}"').format(status.bytes_done, status.bytes_total)
    html = Markup('<div class="style-progress" role="status"><progress{}></progress><p>{}</p></div>')
    return html.format(size, text)
