"""Earlier results, below a tab: open again, run their settings anew, delete."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from models.errors import BadField
from ui.batch.thumbnails import thumbnail
from ui.buttons import TELL_BUTTON
from ui.history.html import history_html
from ui.history.registry import Entry
from ui.i18n.language import label, language_of
from ui.i18n.messages import explain, note
from ui.state.control_values import restored
from ui.state.files import publish
from ui.state.visitor import owner_of, required_owner
from ui.tabs.base import Tab, Values
from ui.tabs.result_panel import Updates, both_languages, forgets_html

_EVENT: dict[str, Any] = {
    "preprocess": False,
    "concurrency_limit": None,
    "show_progress": "hidden",
    "api_visibility": "private",
}


class HistoryPanel:
    """The accordion of one tab."""

    def __init__(self, tab: Tab, name: str) -> None:
        self._tab, self._name = tab, name
        with gr.Accordion(label("history"), open=False, elem_id=f"{name}-history", elem_classes="many") as accordion:
            told = both_languages("history_note").format(minutes=f"{tab.history.keeping.minutes:g}")
            gr.HTML(f'<p class="hint">{told}</p>{forgets_html()}')
            self.message = gr.HTML(visible=False, elem_id=f"{name}-history-message")
            self.list = gr.HTML(js_on_load=TELL_BUTTON, elem_id=f"{name}-history-list")
        self._events(accordion)

    def _events(self, accordion: gr.Accordion) -> None:
        tab, own = self._tab, [self.message, self.list]
        inputs: Any = {tab.source, tab.kept, *tab.controls}
        outputs: Any = {tab.source, tab.kept, *tab.controls, *tab.panel.components, *own}
        light = _EVENT | {"queue": False}
        gr.on([accordion.expand, tab.kept.change], self.look, None, own, **light)
        self.list.click(self.act, inputs, outputs, **_EVENT)

    def looks_on(self, event: Any) -> None:
        """The list is shown anew on `event`."""
        gr.on([event], self.look, None, [self.message, self.list], **_EVENT | {"queue": False})

    def look(self, request: gr.Request) -> Updates:
        owner = owner_of(request)
        entries = self._tab.history.entries(owner) if owner else []
        shown = [(entry, _thumb(entry)) for entry in entries]
        return {
            self.message: gr.update(visible=False),
            self.list: history_html(shown, self._tab.settings, language_of(request), name=self._name),
        }

    def act(self, values: Values, chosen: gr.EventData, request: gr.Request) -> Iterator[Updates]:
        """Open, run anew or delete the entry that was clicked, or delete all."""
        try:
            owner = required_owner(request)
            if chosen.act == "clear":
                self._tab.history.clear(owner)
                yield self._cleared(values, request)
                return
            entry = self._tab.history.get(owner, chosen.id)
            if chosen.act == "delete":
                self._tab.history.delete(owner, chosen.id)
                yield self._cleared(values, request)
            elif entry is None or not Path(entry.source).is_file():
                raise BadField("This result is no longer kept.", reason="history_gone")
            elif chosen.act == "rerun" and values[self._tab.source]:
                yield restored(entry.values)
                yield from self._tab.run(values | entry.values, request)
            else:
                yield from self._tab.open(entry, values, request)
        except Exception as error:  # the edge to the page: told in a sentence, the unforeseen logged
            text = note(explain(error, request), kind="error")
            yield self.look(request) | {self.message: gr.update(value=text, visible=True)}

    def _cleared(self, values: Values, request: gr.Request) -> Updates:
        """What is deleted does not stay in the tab either."""
        tab = self._tab
        gone = values[tab.kept] and tab.history.of_pass(owner_of(request), values[tab.kept]) is None
        emptied = tab.panel.cleared() | {tab.source: None, tab.kept: None} if gone else {}
        return self.look(request) | emptied


def _thumb(entry: Entry) -> str | None:
    """The small picture, made when it is first looked at."""
    if entry.picture is None or not Path(entry.picture).is_file():
        return None
    if entry.thumb is None or entry.thumb[0] != entry.picture or not Path(entry.thumb[1]).is_file():
        small = thumbnail(Path(entry.picture))
        if small is None:
            return None
        entry.thumb = entry.picture, publish(small, "thumb.webp")
        entry.files.add(entry.thumb[1])
    return entry.thumb[1]
