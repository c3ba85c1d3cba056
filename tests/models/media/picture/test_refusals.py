"""One sentence for each kind of picture that is not read."""

import pytest

from models.errors import BadImage, WrongKind
from models.media.picture import refusals


def test_the_kind_is_named_with_its_remedy() -> None:
    with pytest.raises(WrongKind, match="PSD pictures are not read here"):
        refusals.save_as_jpeg("PSD")
    with pytest.raises(BadImage, match="16 bits"):
        refusals.too_deep()
