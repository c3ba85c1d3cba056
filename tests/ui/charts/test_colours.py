"""Emotions have one colour each, wherever they are drawn."""

from models.emotion import LABELS
from ui.charts.colours import COLOURS, colours_css
from ui.i18n.texts import EMOTIONS


def test_every_emotion_has_a_colour_of_its_own_in_the_stylesheet() -> None:
    assert set(COLOURS) == set(EMOTIONS) and len(set(COLOURS.values())) == len(COLOURS)
    assert all(label in COLOURS for label in LABELS)
    for emotion, colour in COLOURS.items():
        assert f"--{emotion}: {colour};" in colours_css()
        assert f".{emotion} {{ --colour: var(--{emotion}); }}" in colours_css()
