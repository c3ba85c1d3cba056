"""What is said of an ID photo under its picture."""

from typing import Any

import numpy as np
import pytest

from models.tasks.base import File
from models.tasks.id_photo import ID_PHOTO, Options
from models.tasks.matting import Pass
from tests.helpers.outlines import person
from ui.tabs import id_remarks


@pytest.fixture
def passed() -> Pass:
    alpha = (255 * person()).astype(np.uint8)
    return Pass(np.full((*alpha.shape, 3), 90, np.uint8), alpha, "portrait")


def told(passed: Pass, language: str, **changed: Any) -> list[str]:
    options = Options(**changed)
    made = ID_PHOTO.finish(passed, options)
    return id_remarks.facts(made, ID_PHOTO.encode(made, options), options, language)


def test_a_photo_tells_pixels_millimetres_and_quality_and_a_sheet_its_paper(passed: Pass) -> None:
    photo, sheet = told(passed, "en"), told(passed, "zh-CN", output="sheet")
    assert photo[:3] == ["295 × 413 px", "25 × 35 mm", "300 dpi"] and photo[-1].startswith("jpg quality")
    assert sheet[0] == "10 张" and sheet[-2:] == ["152.4 × 101.6 mm", "300 dpi"]


def test_an_enlarged_head_and_a_webp_that_cannot_be_are_remarked(passed: Pass) -> None:
    soft, webp = id_remarks.remarks(passed, Options(), "en", webp=True)
    assert "enlarged 1.4 times" in soft and "saved as jpg" in webp


@pytest.mark.parametrize(("quality", "sentence"), [(20, "lowest quality takes 7.0 KB"), (0, "The png takes 7.0 KB")])
def test_a_limit_that_was_not_met_is_told_by_kind_of_file(quality: int, sentence: str) -> None:
    file = File(bytes(7000), "id-photo", {"fits": 0, "quality": quality})
    assert sentence in id_remarks.limit(file, Options(id_limit=5), "en")[0]
    assert id_remarks.limit(File(b"", "id-photo", {"fits": 1, "quality": 95}), Options(), "en") == []
