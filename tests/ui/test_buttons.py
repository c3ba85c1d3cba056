"""Rows of buttons in one component."""

import re

from ui.buttons import button, row


def test_a_row_holds_its_buttons_in_both_languages() -> None:
    buttons = [button("start", "batch_start", id="go", look="primary"), button("again", "batch_start", id="once-more")]
    made = row(buttons, "wide")
    told = re.findall(r'id="([\w-]+)" class="(\w*)" data-act="(\w+)"', made)
    assert told == [("go", "primary", "start"), ("once-more", "", "again")]
    assert made.startswith('<div class="acts wide">') and "开始" in made and "Start" in made


def test_what_is_told_of_a_button_is_no_markup() -> None:
    assert "<b>" not in button("<b>", "batch_start", id="go")


def test_no_buttons_are_no_row() -> None:
    assert row([]) == ""
