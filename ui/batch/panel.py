"""Many files at once, below a tab: choose, start, watch, stop, go on, save."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr

from models.runtime import at_once
from models.tasks.options import choice
from ui.batch.archive import pack
from ui.batch.html import buttons_html, cards_html, progress_html, rows_html
from ui.batch.registry import Batches
from ui.batch.runner import Batch
from ui.batch.sources import MAX_FILES, sources
from ui.buttons import TELL_BUTTON
from ui.i18n.language import label, language_of, say
from ui.i18n.messages import explain, note, visitor_of
from ui.state.files import uploaded
from ui.state.visitor import owner_of, required_owner
from ui.tabs.base import SAVE, Tab, Values
from ui.tabs.result_panel import PicturePanel, Updates, both_languages, forgets_html

TICK_SECONDS = 1.0
TICK_SECONDS_PER_FILE = 0.01
_EVENT: dict[str, Any] = {
    "preprocess": False,
    "queue": False,
    "show_progress": "hidden",
    "api_visibility": "private",
    "trigger_mode": "once",
}


class BatchPanel:
    """The accordion of one tab. Every handler answers with the whole of it, as its visitor's batch stands."""

    def __init__(self, tab: Tab, name: str, batches: Batches) -> None:
        self.name = name
        self._tab, self._batches = tab, batches
        self._list = cards_html if isinstance(tab.panel, PicturePanel) else rows_html
        self.accordion = gr.Accordion(label("batch"), open=False, elem_id=f"{name}-batch", elem_classes="many")
        with self.accordion:
            self._components()
        self._events()

    def _components(self) -> None:
        # Drawn by `look` when the accordion is opened: until then the browser fetches and makes none of it.
        hint = both_languages(f"batch_hint_{self.name}").format(limit=MAX_FILES)
        self.hint = gr.HTML(f'<p class="hint">{hint}</p>{forgets_html()}', visible=False)
        self.files = gr.File(
            file_count="multiple",
            label=label("batch_files"),
            height=180,
            visible=False,
            elem_id=f"{self.name}-batch-files",
        )
        self.message = gr.HTML(visible=False, elem_id=f"{self.name}-batch-message")
        self.progress = gr.HTML(visible=False, elem_id=f"{self.name}-batch-progress")
        self.buttons = gr.HTML(visible=False, js_on_load=TELL_BUTTON)
        self.list = gr.HTML(visible=False, elem_id=f"{self.name}-batch-list")
        self.file = gr.File(visible=False)
        self.timer = gr.Timer(TICK_SECONDS, active=False)

    @property
    def _components_shown(self) -> list[Any]:
        return [self.hint, self.files, self.message, self.progress, self.buttons, self.list, self.timer]

    def looks_on(self, event: Any) -> None:
        """The batch is shown anew on `event`."""
        gr.on([event], self.look, None, self._components_shown, **_EVENT)

    def _events(self) -> None:
        shown = self._components_shown
        acted = self.buttons.click(self.act, {self.files, *self._tab.controls}, [*shown, self.file], **_EVENT)
        acted.then(None, self.file, None, js=SAVE)
        gr.on([self.timer.tick, self.accordion.expand], self.look, None, shown, **_EVENT)

    def act(self, values: Values, pressed: gr.EventData, request: gr.Request) -> Updates:
        """What the button that was pressed is for; the file is there for the moment in which it is saved."""
        acts: dict[str, Callable[[], Updates]] = {
            "start": lambda: self.begin(values, request),
            "zip": lambda: self.save(request),
            "resume": lambda: self.go_on(request),
            "retry": lambda: self.try_again(request),
            "cancel": lambda: self.stop(request),
            "new": lambda: self.clear(request),
        }
        return {self.file: None} | acts[choice("act", pressed.act, tuple(acts))]()

    def begin(self, values: Values, request: gr.Request) -> Updates:
        try:
            owner, language = required_owner(request), language_of(request)
            # One more session of the same address, and the one served last: a click of anybody goes first.
            visitor = f"{visitor_of(request).partition(' ')[0]} {owner}"
            batch = Batch(
                sources(values[self.files]),
                lambda file: self._tab.made(file, values, visitor=visitor, language=language),
                parameters={key: values[control] for key, control in self._tab.settings.items()},
                keep=_files_in(values, self._tab.controls),
                at_once=lambda: at_once.files(self._tab.resident.status.device),
            )
            self._batches.start(owner, self.name, batch)
        except Exception as error:  # the edge to the page: told in a sentence, the unforeseen logged
            return self._failed(error, request)
        return self._shown(batch, request)

    def go_on(self, request: gr.Request) -> Updates:
        return self._started_again(request, failed=False)

    def try_again(self, request: gr.Request) -> Updates:
        return self._started_again(request, failed=True)

    def _started_again(self, request: gr.Request, *, failed: bool) -> Updates:
        try:
            owner = required_owner(request)
            if batch := self._batches.get(owner, self.name):
                self._batches.start(owner, self.name, batch, failed=failed)
        except Exception as error:  # the edge to the page: told in a sentence, the unforeseen logged
            return self._failed(error, request)
        return self._shown(batch, request)

    def stop(self, request: gr.Request) -> Updates:
        batch = self._own(request)
        if batch:
            batch.cancel()
        return self._shown(batch, request)

    def clear(self, request: gr.Request) -> Updates:
        if owner := owner_of(request):
            self._batches.drop(owner, self.name)
        return self._shown(None, request) | {self.files: gr.update(value=None, visible=True)}

    def look(self, request: gr.Request) -> Updates:
        return self._shown(self._own(request), request)

    def found(self, request: gr.Request) -> Any:
        """On a refreshed page the accordion is open where there is a batch."""
        return gr.update(open=True) if self._own(request) else gr.skip()

    def save(self, request: gr.Request) -> Updates:
        try:
            batch = self._own(request)
            if batch is None:
                return {self.message: _message(note(say(language_of(request), "gone")))}
            return {self.file: pack(batch, f"{self.name}-{batch.count('done')}", language_of(request))}
        except Exception as error:  # the edge to the page: told in a sentence, the unforeseen logged
            return self._failed(error, request)

    def _own(self, request: gr.Request) -> Batch | None:
        owner = owner_of(request)
        return self._batches.get(owner, self.name) if owner else None

    def _failed(self, error: Exception, request: gr.Request) -> Updates:
        return {self.message: _message(note(explain(error, request), kind="error"))}

    def _shown(self, batch: Batch | None, request: gr.Request) -> Updates:
        language = language_of(request)
        resting = bool(batch and batch.is_resting)
        return {
            self.hint: gr.update(visible=batch is None),
            self.files: gr.update(visible=batch is None),
            self.message: _message(""),
            self.progress: _message(progress_html(batch, language) if batch else ""),
            self.list: _message(self._list(batch, language) if batch else ""),
            self.timer: gr.Timer(_tick_seconds(batch), active=bool(batch) and not resting),
            self.buttons: _message(buttons_html(batch, self.name)),
        }


def open_where_found(blocks: gr.Blocks, panels: list[BatchPanel]) -> None:
    """One event for all panels: each one at the load of a page costs the browser a look at every component."""

    def found(request: gr.Request) -> list[Any]:
        return [panel.found(request) for panel in panels]

    blocks.load(found, None, [panel.accordion for panel in panels], **_EVENT)


def _tick_seconds(batch: Batch | None) -> float:
    """A long list is drawn less often."""
    return TICK_SECONDS if batch is None else max(TICK_SECONDS, len(batch.items) * TICK_SECONDS_PER_FILE)


def _message(html: str) -> Any:
    return gr.update(value=html, visible=bool(html))


def _files_in(values: Values, controls: set[Any]) -> list[Path]:
    """The files that controls hold, such as a background picture."""
    return [uploaded(value) for value in map(values.get, controls) if isinstance(value, dict) and value.get("path")]
