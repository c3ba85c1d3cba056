"""The emotion tab: a recording runs the model, detail and embedding only change what is shown and saved."""

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np

from models.finish.emotion_report import Verdict, embedding_npy, scores_csv, verdict
from models.media import audio
from models.tasks.base import AnyTask, Call
from models.tasks.emotion import EMOTION, SECONDS, Options, Pass
from models.tasks.options import checked
from ui.charts.bars import bars, headline
from ui.charts.chart_image import chart_png
from ui.charts.timeline import PEAKS, timeline
from ui.charts.verdict import short
from ui.i18n.language import label, say
from ui.i18n.messages import facts, note, run_facts
from ui.state.files import publish
from ui.state.kept import KeptVoice
from ui.tabs.base import FINISH_EVENT, Tab, Values
from ui.tabs.controls import control
from ui.tabs.examples import Examples
from ui.tabs.result_panel import Panel, Updates, insecure_html

SHORT = Options()  # without the long lists
FACTS = ("emotion", "confidence", "duration", *SECONDS)
SHOW = """() => ({__type__: "update", visible: true})"""
LONG_SECONDS = 10  # from here on the timeline is shown unasked


class EmotionPanel(Panel):
    """Headline, bars and timeline; downloads; the plain result."""

    def __init__(self) -> None:
        super().__init__("emotion")
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

    name = "emotion"
    panel: EmotionPanel

    def _controls(self) -> None:
        # Its player is half of all scripts, and comes with the tab: `shown_with`.
        self.source = gr.Audio(
            visible=False,
            type="filepath",
            sources=["upload", "microphone"],
            label=label("recording"),
            buttons=[],
            elem_id="emotion-recording",
        )
        gr.HTML(insecure_html("recording"))
        self.examples = Examples(self.name)
        self.button = gr.Button(label("emotion_run"), variant="primary", elem_classes="run", elem_id="emotion-run")
        with gr.Column(elem_classes="finishing"):
            self.granularity = control(Options, "granularity", elem_id="emotion-granularity")
            self.embedding = control(Options, "embedding")

    def _result_column(self) -> EmotionPanel:
        return EmotionPanel()

    def _events(self) -> None:
        self.settings = {"granularity": self.granularity, "embedding": self.embedding}
        live = set(self.settings.values())
        self.listen(runs=[], finishes=[control.input for control in live], controls=live)
        self.examples.put_into(self.source, **FINISH_EVENT)
        panel = self.panel
        self.saves(panel.json_button, panel.file, self.written, live)
        self.saves(panel.csv_button, panel.file, self._csv, live)
        self.saves(panel.npy_button, panel.file, self._npy, live)
        self.saves(panel.wav_button, panel.file, _wav, live)
        self.saves(panel.png_button, panel.file, _png, live)

    def shown_with(self, tab: gr.Tab) -> None:
        """Draw the recording's control once the tab is opened."""
        tab.select(None, None, self.source, js=SHOW, api_visibility="private")

    def asked(self, values: Values) -> tuple[AnyTask, Options]:
        return EMOTION, checked(Options, self.given(values))

    def kept_of(self, passed: Pass, call: Call) -> KeptVoice:
        wav = publish(audio.encode_wav(passed.waveform), "voice-16khz.wav")
        return KeptVoice(replace(passed, waveform=np.empty(0)), call, peaks=peaks(passed.waveform), wav=wav)

    def written(self, kept: KeptVoice, values: Values) -> tuple[bytes, str]:
        options = self.asked(values)[1]
        result = EMOTION.finish(kept.passed, options)
        indent = None if options.granularity == "frame" else 2
        return json.dumps(result, ensure_ascii=False, indent=indent).encode(), EMOTION.file_name(options)

    def stays(self, made: tuple[bytes, str], kept: KeptVoice, values: Values) -> tuple[bytes, str]:
        """As in every tab; but the recording is the visitor's, and no result."""
        return made if Path(made[1]).suffix == ".wav" else super().stays(made, kept, values)

    def remark(self, kept: KeptVoice, values: Values, language: str) -> str:
        """The strongest emotion and how sure it is, that none is clear, or that nobody spoke."""
        found = verdict(EMOTION.finish(kept.passed, SHORT))
        heard = short(found, language) if found else say(language, "remark_silence")
        return " · ".join([heard, *_faults("remark", kept, language)])

    def facts(self, kept: KeptVoice, values: Values) -> dict[str, str | float]:
        """Emotion, confidence, duration and what could not be read of it in seconds, all scores."""
        result = EMOTION.finish(kept.passed, SHORT)
        told = {key: "" if result[key] is None else result[key] for key in FACTS}
        return told | {f"score_{name}": score for name, score in result["scores"].items()}

    def _csv(self, kept: KeptVoice, values: Values) -> tuple[bytes, str]:
        return scores_csv(kept.passed.analysis, self.asked(values)[1].granularity).encode(), "scores.csv"

    def _npy(self, kept: KeptVoice, values: Values) -> tuple[bytes, str]:
        return embedding_npy(kept.passed.analysis, self.asked(values)[1].granularity), "embedding.npy"

    def shown(self, kept: KeptVoice, values: Values, language: str) -> Updates:
        started, detail = time.perf_counter(), self.asked(values)[1].granularity
        result = EMOTION.finish(kept.passed, SHORT)
        found = verdict(result)
        silent, notes = found is None, _faults("note", kept, language)
        notes = [say(language, "note_silence"), *notes] if silent else notes
        chart = _chart(kept, result, found, detail, language) if found else ""
        return self.panel.filled(note(" ".join(notes)) if notes else "") | {
            self.panel.chart: chart,
            self.panel.facts: _facts(kept, time.perf_counter() - started, language),
            self.panel.json: {**result, "granularity": detail},
            self.panel.png_button: gr.update(visible=not silent),
        }


def peaks(waveform: np.ndarray) -> np.ndarray:
    """The loudest sample of each of PEAKS equal spans, [PEAKS] in 0..1, the loudest being 1."""
    loudest = np.array([np.abs(span).max(initial=0) for span in np.array_split(waveform, PEAKS)])
    return loudest / max(float(loudest.max()), 1e-6)


def _faults(kind: str, kept: KeptVoice, language: str) -> list[str]:
    """What is wrong with the recording, each as a note or a remark."""
    return [say(language, f"{kind}_{name}", seconds=f"{of:.2f}") for name, of in kept.passed.faults.items()]


def _wav(kept: KeptVoice, values: Values) -> tuple[bytes, str]:
    return Path(kept.wav).read_bytes(), "16khz.wav"


def _png(kept: KeptVoice, values: Values) -> tuple[bytes, str]:
    return chart_png(kept), "chart.png"


def _chart(kept: KeptVoice, result: dict[str, Any], found: Verdict, detail: str, language: str) -> str:
    over_time = detail == "frame" or result["duration"] >= LONG_SECONDS
    parts = [headline(found, language), timeline(kept, result, language) if over_time else ""]
    return "".join([*parts, bars(result["scores"], language)])


def _facts(kept: KeptVoice, seconds: float, language: str) -> str:
    heard = say(language, "info_duration", seconds=f"{kept.passed.analysis.duration:.1f}")
    return facts([heard, *run_facts(kept.call, seconds, language)])
