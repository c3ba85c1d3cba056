"""What each tab says of itself is what holds."""

import re

import pytest

from models.catalog import FAMILIES, Family
from models.finish.id_photo import SIZES
from models.media import audio, images
from models.tasks.cartoon import LARGEST_SIDE
from ui.tabs.about import about_html


@pytest.mark.parametrize("name", FAMILIES)
def test_every_tab_says_the_same_in_both_languages_and_starts_folded(name: Family) -> None:
    html = str(about_html(name))
    assert html.startswith("<details class=") and "{" not in html and " open" not in html.split(">")[0]
    numbers = [re.findall(r"\d+", part) for part in re.findall(r'<span lang="[ez][nh]">(.*?)</span>', html)]
    assert all(english == chinese for english, chinese in zip(numbers[::2], numbers[1::2], strict=True))


def test_the_limits_are_those_that_are_enforced() -> None:
    cartoon, matting, emotion = (str(about_html(name)) for name in FAMILIES)
    assert f"{images.MAX_BYTES // 2**20} MiB" in cartoon and f"{LARGEST_SIDE} pixels a side" in cartoon
    assert ", ".join(images.READABLE) in matting and f"{len(SIZES)} sizes" in matting
    assert f"{audio.MIN_SECONDS} seconds to {audio.MAX_SECONDS // 60} minutes" in emotion
