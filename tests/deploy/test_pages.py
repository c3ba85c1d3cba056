"""The Chinese page on deployment says what the English one says: the same sections, tables, names and numbers."""

import re
from collections import Counter

import pytest

from tests.helpers.running import ROOT

ENGLISH, CHINESE = ((ROOT / "deploy" / name).read_text() for name in ("README.md", "README.zh-CN.md"))


@pytest.mark.parametrize(
    "kept",
    [r"^#+ ", r"^\|", r"^```\w*", r"^- ", r"`([^`\n]+)`", r"\d+(?:\.\d+)?", r"\]\((?!#|README)([^)]+)\)"],
    ids=["headings", "rows", "blocks", "lists", "names", "numbers", "links"],
)
def test_both_pages_have_the_same(kept: str) -> None:
    english, chinese = (Counter(re.findall(kept, page, re.MULTILINE)) for page in (ENGLISH, CHINESE))
    assert english == chinese and english


@pytest.mark.parametrize("page", [ENGLISH, CHINESE], ids=["en", "zh-CN"])
def test_every_link_leads_somewhere(page: str) -> None:
    files = [link.split("#")[0] for link in re.findall(r"\]\((?!http)([^)]+)\)", page)]
    assert [name for name in files if not (ROOT / "deploy" / name).exists()] == []
