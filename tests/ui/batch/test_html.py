"""A batch as the page shows it."""

from pathlib import Path

from tests.helpers.batches import batch_of, draw, settled
from ui.batch.html import cards_html, rows_html
from ui.batch.runner import Batch, Made
from ui.batch.sources import Source


def test_a_fault_of_ours_is_one_sentence(uploads: Path) -> None:
    def broken(file: Path) -> Made:
        raise ZeroDivisionError("/secret/path")

    batch = batch_of(uploads, "a.png", work=broken)
    batch.start()
    for language, words in (("en", "our side"), ("zh-CN", "服务器")):
        shown = cards_html(settled(batch), language)
        assert words in shown and "secret" not in shown


def test_markup_in_names_stays_text(uploads: Path) -> None:
    batch = Batch([Source('<img src=x onerror="a()">', uploads / "none")], draw, parameters={})
    assert "<img src=x" not in cards_html(batch, "en") + rows_html(batch, "en")
