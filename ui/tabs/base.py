"""What every tab does: run on a file, keep the pass, finish it anew on every control, save on request."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

import gradio as gr

import preload
from models.catalog import Family
from models.runtime.resident import Resident
from models.tasks.base import AnyTask, Call
from ui.batch.runner import Made
from ui.history.registry import Entry, History, refresh
from ui.i18n.language import language_of, say
from ui.i18n.messages import explain, note, visitor_of, waiting_note
from ui.state.control_values import restored, storable
from ui.state.files import discard, files_of, name_of, publish, uploaded
from ui.state.kept import Kept
from ui.state.result_cache import ResultCache
from ui.state.visitor import owner_of
from ui.tabs import outputs
from ui.tabs.result_panel import Panel, Updates, loading_html

Values = dict[Any, Any]  # what the browser sent, by component
Act = Callable[[Any, Values, gr.Request], Updates]  # on a kept pass

# Components hand over what the browser sent, unread: Gradio's own reading of pictures loses rotation, depth and frames.
# The bound on work is the resident's, so none is set here.
_EVENT: dict[str, Any] = {"preprocess": False, "concurrency_limit": None, "api_visibility": "private"}
RUN_EVENT: dict[str, Any] = {**_EVENT, "trigger_mode": "always_last", "show_progress": "minimal"}
FINISH_EVENT: dict[str, Any] = {**_EVENT, "trigger_mode": "always_last", "show_progress": "hidden"}
SAVE = """(file) => {
    if (file) Object.assign(document.createElement("a"), {href: file.url, download: file.orig_name}).click();
}"""


class Tab(ABC):
    """The layout and the events. A subclass draws `source`, `button` and its panel, says which task is asked for and
    how its pass is shown. `settings` are the controls that make one set of parameters, by name; `composed` are, by
    task, the options that have other names, values or several controls."""

    name: ClassVar[Family]
    source: Any
    button: gr.Button
    panel: Panel
    settings: dict[str, Any]
    composed: Mapping[str, Mapping[str, tuple[Any, ...]]] = MappingProxyType({})
    controls: set[Any]  # settings and views: with the source, all that a pass and its finish read

    def __init__(self, results: ResultCache) -> None:
        self.resident: Resident[Any] = preload.RESIDENTS[self.name]
        self._results = results
        self.history = History(results)
        self.kept = gr.State()
        self._arriving: set[tuple[str | None, str | None]] = set()  # session and file
        gr.HTML(loading_html(self.name))
        with gr.Row(equal_height=False, elem_classes="bench"):
            with gr.Column(scale=5, min_width=300, elem_classes="controls"):
                self._controls()
            with gr.Column(scale=6, min_width=300, elem_classes="results"):
                self.panel = self._result_column()
        self._events()

    @abstractmethod
    def _controls(self) -> None: ...

    @abstractmethod
    def _result_column(self) -> Panel: ...

    @abstractmethod
    def _events(self) -> None: ...

    @abstractmethod
    def asked(self, values: Values) -> tuple[AnyTask, Any]:
        """The task and its options, as the controls say. Raises BadField."""

    def given(self, values: Values) -> dict[str, Any]:
        """What the settings say, by name."""
        return {name: values[setting] for name, setting in self.settings.items()}

    @abstractmethod
    def shown(self, kept: Any, values: Values, language: str) -> Updates:
        """The kept pass, finished as the controls say."""

    def kept_of(self, passed: Any, call: Call) -> Any:
        """What is kept of a pass: a dataclass."""
        return Kept(passed, call)

    def written(self, kept: Any, values: Values) -> tuple[bytes, str]:
        """The result file at full size, and its name."""
        task, options = self.asked(values)
        file = task.encode(task.finish(kept.passed, options), options)
        return file.content, file.name

    def remark(self, kept: Any, values: Values, language: str) -> str:
        """One short sentence on the result, for lists of many; none by default."""
        return ""

    def facts(self, kept: Any, values: Values) -> dict[str, str | float]:
        """What the report of a batch tells of the result; nothing by default."""
        return {}

    @contextmanager
    def passing(self, values: Values, *, visitor: str) -> Iterator[Any]:
        """The model pass over the source, kept for the length of the block within the bounds of its task."""
        (task, options), call = self.asked(values), Call(visitor)
        with task.run(uploaded(values[self.source]), options, resident=self.resident, call=call) as passed:
            yield replace(self.kept_of(passed, call), source=name_of(values[self.source]))

    def made(self, file: Path, values: Values, *, visitor: str, language: str) -> Made:
        """One file of a batch, as the settings say; nothing of its pass is kept."""
        with self.passing(values | {self.source: {"path": str(file)}}, visitor=visitor) as kept:
            try:
                data, name = self.stays(self.written(kept, values), kept, values)
                return Made(data, name, self.remark(kept, values, language), self.facts(kept, values))
            finally:
                for path in files_of(kept):
                    discard(path)

    def listen(self, *, runs: list[Any], finishes: list[Any], controls: set[Any]) -> None:
        """`runs` and `finishes` are the events for which the model passes, or only the finish is made anew."""
        self.controls = controls
        inputs, outputs = {self.source, self.kept, *controls}, self.panel.components
        gr.on([self.button.click, *runs], self.run, inputs, outputs | {self.kept}, **RUN_EVENT)
        self.source.change(self.arrive, inputs, outputs | {self.kept}, **RUN_EVENT)
        gr.on(finishes, self.finish, {self.kept, *controls}, outputs, **FINISH_EVENT)

    def finishes_after(self, event: Any, controls: set[Any]) -> None:
        """The same once `event` has set the controls."""
        event.then(self.finish, {self.kept, *controls}, self.panel.components, **FINISH_EVENT)

    def arrive(self, values: Values, request: gr.Request) -> Iterator[Updates]:
        """A new file runs the model once, though Gradio tells of a replaced one twice; one that comes back from the
        history with its pass does not."""
        path = (values[self.source] or {}).get("path")
        entry = self.history.of_pass(owner_of(request), values[self.kept])
        arrival = request.session_hash, path
        if path and (arrival in self._arriving or (entry and entry.source == path)):
            yield {self.kept: gr.skip()}
            return
        self._arriving.add(arrival)
        try:
            yield from self.run(values, request)
        finally:
            self._arriving.discard(arrival)

    def run(self, values: Values, request: gr.Request) -> Iterator[Updates]:
        """The model pass and its finish; says so first when the model is not there yet."""
        owner = owner_of(request)
        if owner is None:
            self._results.drop(values[self.kept])
        if values[self.source] is None:
            yield self.panel.cleared() | {self.kept: None}
            return
        try:
            language = language_of(request)
            task, options = self.asked(values)
            if text := waiting_note(self.resident, task.variant(options), language):
                yield self.panel.said(text)
            with self.passing(values, visitor=visitor_of(request)) as kept:
                shown = self.shown(kept, values, language)
                token = self._results.put(kept)
            if owner:
                self.history.add(owner, self._entry(values, token, kept, shown, language))
            yield shown | {self.kept: token}
        except Exception as error:  # the edge to the page: told in a sentence, the unforeseen logged
            yield self.panel.failed(explain(error, request)) | {self.kept: None}
            return
        outputs.keep_shown(self, kept, values)

    def stays(self, made: tuple[bytes, str], kept: Any, values: Values) -> tuple[bytes, str]:
        """A file that the visitor gets, which stays where results stay."""
        return outputs.stays(self, made, kept, values)

    def finish(self, values: Values, request: gr.Request) -> Updates:
        """The kept pass under new settings: the model does not run."""
        return self._with_kept(values, request, self._shown_anew)

    def open(self, entry: Entry, values: Values, request: gr.Request) -> Iterator[Updates]:
        """An earlier result with its photo and its controls; the model runs only where the pass is no longer kept."""
        controls = restored(entry.values)
        values, before = values | entry.values | {self.source: {"path": entry.source}}, values[self.source]
        kept = self._results.get(entry.token)
        if kept is not None:
            shown = self.shown(kept, values, language_of(request))
            self._tell(entry, values, shown)
            yield controls | shown | {self.source: entry.source, self.kept: entry.token}
            return
        yield controls | {self.source: entry.source, self.kept: None}
        if before and before.get("path") == entry.source:  # else its arrival runs the model
            yield from self.run(values | {self.kept: None}, request)

    def _entry(self, values: Values, token: str, kept: Any, shown: Updates, language: str) -> Entry:
        entry = Entry(values[self.source]["path"], {}, token, self.remark(kept, values, language))
        entry.files |= files_of(kept)
        self._tell(entry, values, shown)
        return entry

    def _shown_anew(self, kept: Any, values: Values, request: gr.Request) -> Updates:
        shown = self.shown(kept, values, language_of(request))
        if entry := self.history.of_pass(owner_of(request), values[self.kept]):
            self._tell(entry, values, shown)
        return shown

    def _tell(self, entry: Entry, values: Values, shown: Updates) -> None:
        """What the entry is now: the controls without the view, and the picture."""
        kept = (control for control in self.controls if control is not self.panel.view)
        entry.values = {control: storable(control, values[control]) for control in kept}
        plain = self.panel.view is None or values[self.panel.view] in ("result", "compare")
        if plain or entry.picture is None:
            entry.picture = self.panel.picture_in(shown)
        entry.files |= files_of(list(shown.values()))
        refresh(entry)

    def saves(
        self, button: gr.Button, file: gr.File, write: Callable[[Any, Values], tuple[bytes, str]], controls: set[Any]
    ) -> None:
        """`button` saves what `write` makes: full size is encoded once, not at every move of a slider."""

        def saved(kept: Any, values: Values, request: gr.Request) -> Updates:
            path = publish(*self.stays(write(kept, values), kept, values), source=kept.source)
            if entry := self.history.of_pass(owner_of(request), values[self.kept]):
                entry.files.add(path)
            return {file: path}

        def publish_it(values: Values, request: gr.Request) -> Updates:
            return {file: None} | self._with_kept(values, request, saved)

        written = button.click(publish_it, {self.kept, *controls}, [file, self.panel.message], **FINISH_EVENT)
        written.then(None, file, None, js=SAVE)

    def _with_kept(self, values: Values, request: gr.Request, act: Act) -> Updates:
        token = values[self.kept]
        try:
            kept = self._results.get(token)
            if kept is None:
                return self.panel.said(note(say(language_of(request), "gone")) if token else "")
            task, options = self.asked(values)
            with task.anew(kept.passed, options, resident=self.resident):
                return act(kept, values, request)
        except Exception as error:  # the edge to the page: told in a sentence, the unforeseen logged
            return self.panel.said(note(explain(error, request), kind="error"))
