"""The top of the page, in its HTML: there before any script, with the states as they are; nothing moves it."""

import re

from markupsafe import Markup

import preload
from models.runtime.resident import Status
from ui.icons import icon
from ui.tabs.result_panel import both_languages

FLAGS = re.compile("(--[a-z-]+(?: hub)?)")
_MASTHEAD = Markup(
    '<header class="top"><div class="masthead"><div class="brand"><span class="logo" aria-hidden="true"></span><div>'
    "<h1>{name}</h1><p>{purpose}</p></div></div>"
    '<ul id="status-strip" aria-live="polite">{chips}</ul><div class="switches">'
    '<button type="button" id="language-switch">{language}</button>'
    '<button type="button" id="theme-switch">{icon}'
    '<span class="unseen">{theme}</span></button></div></div>'
    '<p id="sample-banner" role="note"{hidden}><b>{title}</b> {text}</p></header>'
    # Gradio dresses the page once it has begun; until then it is as the visitor or the system says.
    '<script>document.body.classList.toggle("dark", (document.documentElement.style.colorScheme || '
    '(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark")</script>'
)
# What `assets/status.js` draws in its place as soon as it has asked.
_CHIP = Markup('<li class="chip-state {}" data-task="{}"><i aria-hidden="true"></i><b>{}</b><span>{}</span></li>')


def masthead() -> Markup:
    """Name, states of the models, switches; the note on sample models where there are any."""
    states = {task: resident.status for task, resident in preload.RESIDENTS.items()}
    is_sample = any(status.source == "sample" for status in states.values())
    return _MASTHEAD.format(
        name=both_languages("name"),
        purpose=both_languages("purpose"),
        chips=Markup().join(_chip(task, status) for task, status in states.items()),
        language=both_languages("switch_language"),
        theme=both_languages("switch_theme_label"),
        icon=icon("theme"),
        hidden=Markup("" if is_sample else " hidden"),
        title=both_languages("sample_title"),
        text=Markup(FLAGS.sub(r"<code>\1</code>", str(both_languages("sample_text")))),
    )


def _chip(task: str, status: Status) -> Markup:
    return _CHIP.format(status.state, task, both_languages(f"tab_{task}"), both_languages(f"state_{status.state}"))
