"""The page as a whole: header, states, tabs; and what the server needs to show it."""

import hashlib
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr
from markupsafe import Markup
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from models.media.file_types import SUFFIXES
from ui import api
from ui.batch.panel import BatchPanel, open_where_found
from ui.batch.registry import Batches
from ui.charts.colours import colours_css
from ui.gradio_patches.compression import Compression
from ui.gradio_patches.early_parts import EarlyParts
from ui.gradio_patches.locale_module import locale_module
from ui.gradio_patches.page_config import LightPage
from ui.gradio_patches.queue import WokenQueue
from ui.history.panel import HistoryPanel
from ui.i18n.language import i18n, label
from ui.i18n.texts import TEXTS
from ui.icons import icons_css
from ui.masthead import masthead
from ui.state.result_cache import USUAL, Keeping, ResultCache
from ui.state.saved_settings import Remembered
from ui.tabs import examples
from ui.tabs.about import about_html
from ui.tabs.base import FINISH_EVENT, Tab
from ui.tabs.cartoon import CartoonTab
from ui.tabs.emotion import EmotionTab
from ui.tabs.matting import MattingTab
from ui.tabs.result_panel import both_languages
from ui.tabs.style_tiles import tile_css
from ui.theme import theme

ASSETS = Path(__file__).parent / "assets"
# `page` comes first: it gives the others `prewarm.say` and `prewarm.element`.
# `shrink` stands before `uploads`, which sends one file at a time: one at a time is what a phone can hold.
SCRIPTS = (
    *("page", "status", "keys", "choices", "emotion", "clipboard", "accept", "notices", "drops", "names", "settings"),
    *("owner", "streams", "shrink", "uploads", "refusals"),  # around `fetch`, the outermost last
)
EARLY_SCRIPTS = ("storage", "language", "plain")
STYLES = ("page", "status", "cartoon", "matting", "emotion", "batch", "history", "icons", "touch")
SCRIPT_TEXTS = (
    *("state_", "status_", "source_", "tab_", "style_", "variant_", "sample_"),
    *("loading_", "fetching_", "failed_", "models_", "photo", "refused_", "dropped_", "lost_", "no_file"),
)
CLEANING_SECONDS = 60
# Visitors who wait for a model hold a thread each; sliders must still find one.
THREADS = 160
SESSIONS = 1000
# Another language was chosen: what the server has written is asked for anew.
TELL_LANGUAGE = """document.addEventListener("prewarm-language", () => trigger("click"))"""


def build(on_drain: list[Callable[[], None]], keeping: Keeping = USUAL) -> gr.Blocks:
    """The page. Needs no model to be there. Adds to `on_drain` what stops its batches when the server stops."""
    deleting = (CLEANING_SECONDS, math.ceil(keeping.seconds))
    with LightPage(title="Prewarm", analytics_enabled=False, delete_cache=deleting) as blocks:
        language = gr.HTML(elem_id="language-change", js_on_load=TELL_LANGUAGE)
        results, batches = ResultCache(keeping=keeping), Batches(keeping)
        on_drain.append(batches.stop)
        tabs: dict[str, Tab] = {}
        many: list[BatchPanel] = []
        with gr.Tabs(elem_id="tabs"):
            for name, tab in (("cartoon", CartoonTab), ("matting", MattingTab), ("emotion", EmotionTab)):
                with gr.Tab(label(f"tab_{name}"), id=name, elem_id=f"tab-{name}") as opened:
                    tabs[name] = drawn = tab(results)
                    if isinstance(drawn, EmotionTab):
                        drawn.shown_with(opened)
                    many.append(BatchPanel(drawn, name, batches))
                    history = HistoryPanel(drawn, name)
                    gr.HTML(about_html(drawn.name))
                    _retell(language.click, drawn, many[-1], history)
            with gr.Tab(label("tab_status"), id="status", elem_id="tab-status"):
                # Drawn by the page's script from `/readyz`, without an event: one small answer every few seconds.
                gr.HTML(f'<p class="status-hint">{both_languages("status_hint")}</p><div id="status-board"></div>')
        open_where_found(blocks, many)
        # Not within the tabs: what stands there is not drawn, and not read, before the tab is opened.
        for name, made in tabs.items():
            Remembered(blocks, made, name)
        gr.HTML(Markup('<p class="footer">{}</p>').format(_privacy(keeping)))
        api.register()
    blocks.api_open = False
    blocks.max_threads, blocks.state_session_capacity = THREADS, SESSIONS
    blocks._queue = WokenQueue(blocks, threads=THREADS)
    # Gradio refuses files that were not uploaded to it only after launch(), which a mounted page never sees.
    blocks.has_launched = True
    return blocks


def mount_options() -> dict[str, Any]:
    """What `gradio.mount_gradio_app` gets besides the page: theme, style, script, texts, and what is switched off."""
    early = Middleware(EarlyParts, head=early_head(), top=masthead)
    return {
        "theme": theme(),
        "css": "\n".join([*(_asset(f"{name}.css") for name in STYLES), tile_css(), colours_css(), icons_css()]),
        "head": head(),
        "i18n": i18n,
        "show_error": False,
        "run_history": False,
        "enable_monitoring": False,
        "ssr_mode": False,
        "footer_links": ["api"],
        "app_kwargs": {
            "middleware": [Middleware(Compression), early],
            "routes": [Mount(examples.ROUTE, StaticFiles(directory=examples.PHOTOS))],
        },
    }


def early_head() -> str:
    """What the browser needs to draw the top of the page and to leave room for the rest: scripts, colours, style."""
    css: str = theme()._get_theme_css()  # type: ignore[no-untyped-call]
    version = hashlib.sha256(css.encode()).hexdigest()  # as Gradio asks for it later
    return (
        f'<script>{_joined(EARLY_SCRIPTS)}</script><link rel="stylesheet" href="theme.css?v={version}">'
        f"<style>{_asset('frame.css')}</style>"
    )


def head() -> str:
    """The page's scripts with their texts. Nothing is fetched from elsewhere."""
    wanted = {key: pair for key, pair in TEXTS.items() if key.startswith(SCRIPT_TEXTS)}
    texts = json.dumps(wanted, ensure_ascii=False).replace("<", "\\u003c")
    suffixes = json.dumps({family: sorted(names) for family, names in SUFFIXES.items()})
    values = {"__TEXTS__": texts, "__SUFFIXES__": suffixes, "__LOCALE_MODULE__": locale_module()}
    scripts = _joined(SCRIPTS)
    for place, value in values.items():
        scripts = scripts.replace(place, value)
    return f'<meta name="color-scheme" content="light dark"><script>{scripts}</script>'


def _retell(event: Any, tab: Tab, batch: BatchPanel, history: HistoryPanel) -> None:
    """What the server has written in a tab comes anew on `event`, which follows a change of language."""
    gr.on([event], tab.finish, {tab.kept, *tab.controls}, tab.panel.components, **FINISH_EVENT)
    batch.looks_on(event)
    history.looks_on(event)


def _joined(scripts: tuple[str, ...]) -> str:
    return "\n".join(_asset(f"{name}.js") for name in scripts)


def _asset(name: str) -> str:
    return (ASSETS / name).read_text("utf-8")


def _privacy(keeping: Keeping) -> Markup:
    told = both_languages("privacy").format(minutes=f"{keeping.minutes:g}")
    return told + Markup(" ") + both_languages("outputs") if keeping.outputs else told
