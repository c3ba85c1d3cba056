"""Colours that can be read, and nothing fetched."""

import gradio as gr
import pytest

from ui.theme import theme

LEAST_CONTRAST = 4.5  # WCAG 2.2, level AA


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("text", "behind"),
    [
        (gr.themes.colors.stone.c500, "#ffffff"),
        (gr.themes.colors.stone.c400, "#211d1a"),
        ("#ffffff", gr.themes.colors.orange.c700),
    ],
    ids=["subdued", "subdued in the dark", "button"],
)
def test_text_is_readable(text: str, behind: str) -> None:
    assert contrast(text, behind) >= LEAST_CONTRAST


def test_no_font_is_fetched() -> None:
    assert theme()._stylesheets == []
