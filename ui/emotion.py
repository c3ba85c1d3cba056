"""The emotion tab: a recording runs the model, detail and embedding only change what is shown and saved."""

import time
from typing import Any

import gradio as gr

import preload
from models.emotion import report
from models.resident import Resident
from ui.charts import bars, headline, timeline
from ui.files import uploaded
from ui.hearing import GRANULARITIES, Kept, granularity_of, hear, report_of, result_files, short_report
from ui.language import label, say
from ui.messages import facts, note, run_facts
from ui.panel import Panel, Updates, loading_html
from ui.remarks import emotion_facts, emotion_remark
from ui.shelf import Shelf
from ui.tab import Tab, Values


class EmotionPanel(Panel):
    """Headline, bars and timeline; downloads; the plain result."""

    def __init__(self) -> None:
        super().__init__("emotion", icon="🎙️")
        with self.column:
            self.chart = gr.HTML(elem_id="emotion-result")
            self.facts = gr.HTML(elem_id="emotion-facts")
            with gr.Row(elem_classes="downloads"):
                self.json_file = gr.DownloadButton(label("download_json"), variant="primary", elem_id="emotion-json")
                self.csv_file = gr.DownloadButton(label("download_csv"), elem_id="emotion-csv")
                self.npy_file = gr.DownloadButton(label("download_npy"), visible=False, elem_id="emotion-npy")
            with gr.Accordion(label("as_json"), open=False):
                self.json = gr.JSON(show_label=False)

    @property
    def components(self) -> set[Any]:
        parts = {self.chart, self.facts, self.json, self.json_file, self.csv_file, self.npy_file}
        return super().components | parts


class EmotionTab(Tab):
    """The components of the tab and what happens on them."""

    def __init__(self, shelf: Shelf) -> None:
        super().__init__(shelf)
        gr.HTML(loading_html("emotion"))
        with gr.Row(equal_height=False, elem_classes="bench"):
            with gr.Column(scale=5, min_width=300, elem_classes="controls"):
                self._controls()
            with gr.Column(scale=6, min_width=300, elem_classes="results"):
                self.panel: EmotionPanel = EmotionPanel()
        self.settings = {"granularity": self.granularity, "embedding": self.embedding}
        live = self.settings.values()
        self.listen(runs=[], finishes=[control.input for control in live], controls=set(live))

    def _controls(self) -> None:
        self.source = gr.Audio(
            type="filepath",
            sources=["upload", "microphone"],
            label=label("recording"),
            buttons=[],
            elem_id="emotion-recording",
        )
        self.button = gr.Button(label("emotion_run"), variant="primary", elem_classes="run", elem_id="emotion-run")
        details: list[Any] = [(label(f"granularity_{name}"), name) for name in GRANULARITIES]
        with gr.Column(elem_classes="finishing"):
            self.granularity = gr.Radio(
                details,
                value="utterance",
                label=label("granularity"),
                elem_classes="chips",
                elem_id="emotion-granularity",
            )
            self.embedding = gr.Checkbox(False, label=label("embedding"))

    @property
    def resident(self) -> Resident[Any]:
        return preload.emotion

    def variant(self, values: Values) -> object:
        return None

    def model_pass(self, values: Values, *, visitor: str) -> Kept:
        return hear(uploaded(values[self.source]), visitor=visitor)

    def written(self, kept: Kept, values: Values) -> tuple[bytes, str]:
        result = report_of(kept, granularity_of(values[self.granularity]), embedding=bool(values[self.embedding]))
        return result, "result.json"

    def remark(self, kept: Kept, values: Values, language: str) -> str:
        return emotion_remark(kept.analysis, language)

    def facts(self, kept: Kept) -> dict[str, str | float]:
        return emotion_facts(kept.analysis)

    def shown(self, kept: Kept, values: Values, language: str) -> Updates:
        started = time.perf_counter()
        detail, embedding = granularity_of(values[self.granularity]), bool(values[self.embedding])
        files = result_files(kept, granularity=detail, embedding=embedding)
        silence = note(say(language, "note_silence")) if kept.analysis.emotion is None else ""
        return self.panel.filled(silence) | {
            self.panel.chart: _chart(kept, detail, language),
            self.panel.facts: _facts(kept, time.perf_counter() - started, language),
            self.panel.json: short_report(kept, detail),
            self.panel.json_file: gr.update(value=files.json),
            self.panel.csv_file: gr.update(value=files.csv),
            self.panel.npy_file: gr.update(value=files.npy, visible=embedding),
        }


def _chart(kept: Kept, detail: str, language: str) -> str:
    result = report(kept.analysis, granularity="utterance", embedding=False)
    if result["emotion"] is None:
        return ""
    parts = [headline(result, language)]
    if detail == "frame":
        parts.append(timeline(result, kept.peaks, language))
    return "".join([*parts, bars(result["scores"], language)])


def _facts(kept: Kept, seconds: float, language: str) -> str:
    heard = say(language, "info_duration", seconds=f"{kept.analysis.duration:.1f}")
    return facts([heard, *run_facts(kept.run, seconds, language)])
