"""The top of the page tells in its HTML what the page's script would have to ask for."""

import pytest

import preload
from models.runtime.resident import Status
from ui.masthead import masthead


@pytest.mark.parametrize(("source", "hidden"), [("sample", False), ("hub", True)])
def test_sample_models_are_told_at_once(monkeypatch: pytest.MonkeyPatch, source: str, hidden: bool) -> None:
    for resident in preload.RESIDENTS.values():
        monkeypatch.setattr(type(resident), "status", Status("x", "x", "", state="ready", source=source))
    html = masthead()
    assert ('role="note" hidden>' in html) is hidden and "<code>--models hub</code>" in html
    assert html.count('<li class="chip-state ready"') == len(preload.RESIDENTS)


def test_every_state_is_named_in_both_languages() -> None:
    html = masthead()
    assert '<span lang="en">waiting</span><span lang="zh">等待中</span>' in html
    assert 'data-task="emotion"' in html
