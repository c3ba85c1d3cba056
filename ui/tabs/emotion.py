"""The emotion tab: a recording runs the model, detail and embedding only change what is shown and saved."""

import time
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

import preload
from models.finish.emotion_report import report
from models.runtime.resident import Resident
from ui.charts.bars import bars, headline
from ui.charts.chart_image import chart_png
from ui.charts.timeline import course
from ui.i18n.language import label, say
from ui.i18n.messages import facts, note, run_facts
from ui.state.files import uploaded
from ui.state.result_cache import ResultCache
from ui.tabs import examples
from ui.tabs.base import FINISH_EVENT, Tab, Values
from ui.tabs.hearing import (
    GRANULARITIES,
    Kept,
    embedding_npy,
    granularity_of,
    hear,
    report_of,
    scores_csv,
    short_report,
)
from ui.tabs.remarks import emotion_facts, emotion_remark
from ui.tabs.result_panel import Panel, Updates, both_languages, loading_html

LONG_SECONDS = 10  # from here on the course is shown unasked


class EmotionPanel(Panel):
    """Headline, bars and course; downloads; the plain result."""

    def __init__(self) -> None:
        super().__init__("emotion", icon="🎙️")
        with self.column:
            self.chart = gr.HTML(elem_id="emotion-result")
            self.facts = gr.HTML(elem_id="emotion-facts")
            with gr.Row(elem_classes="downloads"):
                self.json_button = _button("json", variant="primary")
            with gr.Row(elem_classes="downloads"):
                self.png_button = _button("png")
                self.wav_button = _button("wav")
                self.csv_button = _button("csv")
                self.npy_button = _button("npy")
            self.file = gr.File(visible=False)
            with gr.Accordion(label("as_json"), open=False):
                self.json = gr.JSON(show_label=False)

    @property
    def components(self) -> set[Any]:
        return super().components | {self.chart, self.facts, self.json, self.png_button}


def _button(kind: str, variant: Any = "secondary") -> gr.Button:
    return gr.Button(label(f"download_{kind}"), variant=variant, min_width=120, elem_id=f"emotion-{kind}")


class EmotionTab(Tab):
    """The components of the tab and what happens on them."""

    def __init__(self, results: ResultCache) -> None:
        super().__init__(results)
        gr.HTML(loading_html("emotion"))
        with gr.Row(equal_height=False, elem_classes="bench"):
            with gr.Column(scale=5, min_width=300, elem_classes="controls"):
                self._controls()
            with gr.Column(scale=6, min_width=300, elem_classes="results"):
                self.panel: EmotionPanel = EmotionPanel()
        self._events()

    def _controls(self) -> None:
        self.source = gr.Audio(
            type="filepath",
            sources=["upload", "microphone"],
            label=label("recording"),
            buttons=[],
            elem_id="emotion-recording",
        )
        with gr.Column(elem_classes="examples"):
            gr.HTML(f"<p>{both_languages('examples')}</p>")
            with gr.Row(elem_classes="presets"):
                self.examples = {
                    name: gr.Button(label(f"example_{name}"), size="sm", min_width=90, elem_id=f"emotion-{name}")
                    for name in examples.NAMES
                }
        self.button = gr.Button(label("emotion_run"), variant="primary", elem_classes="run", elem_id="emotion-run")
        details: list[Any] = [(label(f"granularity_{name}"), name) for name in GRANULARITIES]
        with gr.Column(elem_classes="finishing"):
            self.granularity = gr.Radio(
                details,
                value="utterance",
                label=label("granularity"),
                info=label("granularity_info"),
                elem_classes="chips",
                elem_id="emotion-granularity",
            )
            self.embedding = gr.Checkbox(False, label=label("embedding"))

    def _events(self) -> None:
        self.settings = {"granularity": self.granularity, "embedding": self.embedding}
        live = set(self.settings.values())
        self.listen(runs=[], finishes=[control.input for control in live], controls=live)
        for name, button in self.examples.items():
            button.click(partial(examples.example, name), None, self.source, **FINISH_EVENT)
        panel = self.panel
        self.saves(panel.json_button, panel.file, self.written, live)
        self.saves(panel.csv_button, panel.file, self._csv, live)
        self.saves(panel.npy_button, panel.file, self._npy, live)
        self.saves(panel.wav_button, panel.file, _wav, live)
        self.saves(panel.png_button, panel.file, _png, live)

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

    def _csv(self, kept: Kept, values: Values) -> tuple[bytes, str]:
        return scores_csv(kept.analysis, granularity_of(values[self.granularity])).encode(), "scores.csv"

    def _npy(self, kept: Kept, values: Values) -> tuple[bytes, str]:
        return embedding_npy(kept.analysis, granularity_of(values[self.granularity])), "embedding.npy"

    def shown(self, kept: Kept, values: Values, language: str) -> Updates:
        started = time.perf_counter()
        detail = granularity_of(values[self.granularity])
        chart, silent = _chart(kept, detail, language), kept.analysis.emotion is None
        return self.panel.filled(note(say(language, "note_silence")) if silent else "") | {
            self.panel.chart: chart,
            self.panel.facts: _facts(kept, time.perf_counter() - started, language),
            self.panel.json: short_report(kept, detail),
            self.panel.png_button: gr.update(visible=not silent),
        }


def _wav(kept: Kept, values: Values) -> tuple[bytes, str]:
    return Path(kept.wav).read_bytes(), Path(kept.wav).name


def _png(kept: Kept, values: Values) -> tuple[bytes, str]:
    return chart_png(kept), "chart.png"


def _chart(kept: Kept, detail: str, language: str) -> str:
    result = report(kept.analysis, granularity="utterance", embedding=False)
    if result["emotion"] is None:
        return ""
    over_time = detail == "frame" or result["duration"] >= LONG_SECONDS
    parts = [headline(result, language), course(kept, result, language) if over_time else ""]
    return "".join([*parts, bars(result["scores"], language)])


def _facts(kept: Kept, seconds: float, language: str) -> str:
    heard = say(language, "info_duration", seconds=f"{kept.analysis.duration:.1f}")
    return facts([heard, *run_facts(kept.run, seconds, language, decode=kept.decode)])
