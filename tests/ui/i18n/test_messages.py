"""Sentences as HTML."""

import pytest

from ui.i18n.messages import facts, note


def test_markup_in_a_sentence_stays_text() -> None:
    assert note("<b> & co") == '<p class="message note" role="status">&lt;b&gt; &amp; co</p>'
    assert facts(["<b>", "2 ms"]) == '<p class="facts"><span>&lt;b&gt;</span><span>2 ms</span></p>'


@pytest.mark.parametrize(("kind", "role"), [("note", "status"), ("error", "alert")])
def test_errors_are_read_out_at_once(kind: str, role: str) -> None:
    assert f'role="{role}"' in note("", kind=kind)
