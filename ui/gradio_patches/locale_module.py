"""The module of Gradio's page that can change its language in place."""

from pathlib import Path

import gradio

_ASSETS = Path(gradio.__file__).parent / "templates" / "frontend" / "assets"
FUNCTION = "changeLocale"


def locale_module() -> str:
    """Its address, relative to the page. Raises LookupError where this Gradio has none."""
    for path in sorted(_ASSETS.glob("core-*.js")):
        if f" as {FUNCTION}" in path.read_text("utf-8"):
            return f"assets/{path.name}"
    raise LookupError(f"Gradio {gradio.__version__} has no module that exports {FUNCTION}.")
