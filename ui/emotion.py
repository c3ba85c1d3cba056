"""The emotion tab: a recording runs the model, detail and embedding only change what is shown and saved."""

import time
from collections.abc import Iterator
from typing import Any

import gradio as gr

import preload
from models.emotion import report
from settings import RETENTION_MINUTES
from ui.charts import bars, headline, timeline
from ui.files import Payload, uploaded
from ui.hearing import GRANULARITIES, Kept, granularity_of, hear, result_files, short_report
from ui.language import i18n, language_of, say
from ui.messages import explain, facts, note, run_facts, visitor_of, waiting_note
from ui.panel import FINISH_EVENT, RUN_EVENT, Updates, empty_html, loading_html
from ui.shelf import Shelf


class EmotionTab:
    """The components of the tab and what happens on them."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self.kept = gr.State(time_to_live=RETENTION_MINUTES * 60, delete_callback=shelf.drop)
        gr.HTML(loading_html("emotion"))
        with gr.Row(equal_height=False, elem_classes="bench"):
            with gr.Column(scale=5, min_width=300, elem_classes="controls"):
                self._controls()
            with gr.Column(scale=6, min_width=300, elem_classes="results"):
                self._results()
        self._events()

    def _controls(self) -> None:
        self.recording = gr.Audio(
            type="filepath",
            sources=["upload", "microphone"],
            label=i18n("recording"),
            buttons=[],
            elem_id="emotion-recording",
        )
        self.button = gr.Button(i18n("emotion_run"), variant="primary", elem_classes="run", elem_id="emotion-run")
        details: list[Any] = [(i18n(f"granularity_{name}"), name) for name in GRANULARITIES]
        with gr.Column(elem_classes="finishing"):
            self.granularity = gr.Radio(
                details,
                value="utterance",
                label=i18n("granularity"),
                elem_classes="chips",
                elem_id="emotion-granularity",
            )
            self.embedding = gr.Checkbox(False, label=i18n("embedding"))

    def _results(self) -> None:
        self.message = gr.HTML(visible=False, elem_id="emotion-message")
        self.empty = gr.HTML(empty_html("emotion_empty", "🎙️"))
        with gr.Column(visible=False, elem_classes="result") as self.column:
            self.chart = gr.HTML(elem_id="emotion-result")
            self.facts = gr.HTML(elem_id="emotion-facts")
            with gr.Row(elem_classes="downloads"):
                self.json_file = gr.DownloadButton(i18n("download_json"), variant="primary", elem_id="emotion-json")
                self.csv_file = gr.DownloadButton(i18n("download_csv"), elem_id="emotion-csv")
                self.npy_file = gr.DownloadButton(i18n("download_npy"), visible=False, elem_id="emotion-npy")
            with gr.Accordion(i18n("as_json"), open=False):
                self.json = gr.JSON(show_label=False)

    def _events(self) -> None:
        outputs: list[Any] = [self.message, self.empty, self.column, self.chart, self.facts, self.json]
        outputs += [self.json_file, self.csv_file, self.npy_file]
        finishing: list[Any] = [self.granularity, self.embedding]
        gr.on(
            [self.button.click, self.recording.change],
            self.run,
            [self.recording, self.kept, *finishing],
            [self.kept, *outputs],
            **RUN_EVENT,
        )
        changed = [component.input for component in finishing]
        gr.on(changed, self.finish, [self.kept, *finishing], outputs, **FINISH_EVENT)

    def run(
        self, recording: Payload | None, token: str | None, granularity: object, embedding: object, request: gr.Request
    ) -> Iterator[Updates]:
        """The model pass and its finish; says so first when the model is not there yet."""
        self._shelf.drop(token)
        if recording is None:
            yield self._cleared("") | {self.kept: None}
            return
        try:
            if text := waiting_note(preload.emotion, None, language_of(request)):
                yield self._said(text)
            kept = hear(uploaded(recording), visitor=visitor_of(request))
            shown = self._shown(kept, granularity, bool(embedding), language_of(request))
            yield {self.kept: self._shelf.put(kept)} | shown
        except Exception as error:
            yield self._cleared(note(explain(error, request), kind="error")) | {self.kept: None}

    def finish(self, token: str | None, granularity: object, embedding: object, request: gr.Request) -> Updates:
        """Another detail of the kept pass: the model does not run."""
        try:
            kept: Kept | None = self._shelf.get(token)
            if kept is None:
                return self._said(note(say(language_of(request), "gone"))) if token else {self.message: gr.skip()}
            return self._shown(kept, granularity, bool(embedding), language_of(request))
        except Exception as error:
            return self._said(note(explain(error, request), kind="error"))

    def _said(self, message: str) -> Updates:
        return {self.message: gr.update(value=message, visible=bool(message))}

    def _cleared(self, message: str) -> Updates:
        return self._said(message) | {self.column: gr.update(visible=False), self.empty: gr.update(visible=True)}

    def _shown(self, kept: Kept, granularity: object, embedding: bool, language: str) -> Updates:
        detail = granularity_of(granularity)
        started = time.perf_counter()
        files = result_files(kept, granularity=detail, embedding=embedding)
        return {
            self.message: gr.update(value=_note(kept, language), visible=kept.analysis.emotion is None),
            self.empty: gr.update(visible=False),
            self.column: gr.update(visible=True),
            self.chart: _chart(kept, detail, language),
            self.facts: _facts(kept, time.perf_counter() - started, language),
            self.json: short_report(kept, detail),
            self.json_file: gr.update(value=files.json),
            self.csv_file: gr.update(value=files.csv),
            self.npy_file: gr.update(value=files.npy, visible=embedding),
        }


def _chart(kept: Kept, detail: str, language: str) -> str:
    result = report(kept.analysis, granularity="utterance", embedding=False)
    if result["emotion"] is None:
        return ""
    parts = [headline(result, language)]
    if detail == "frame":
        parts.append(timeline(result, kept.peaks, language))
    return "".join([*parts, bars(result["scores"], language)])


def _note(kept: Kept, language: str) -> str:
    return note(say(language, "note_silence")) if kept.analysis.emotion is None else ""


def _facts(kept: Kept, seconds: float, language: str) -> str:
    heard = say(language, "info_duration", seconds=f"{kept.analysis.duration:.1f}")
    return facts([heard, *run_facts(kept.run, seconds, language)])
