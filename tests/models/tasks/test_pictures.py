"""What decoding a picture takes is known from its header."""

import pytest

from models.errors import TooLarge
from models.tasks.pictures import DECODING_BYTES_PER_PIXEL, decoding_bytes
from tests.helpers.picture_makers import HEIGHT, PNG, WIDTH, claiming


def test_the_file_and_its_pixels_are_counted() -> None:
    assert decoding_bytes(PNG) == len(PNG) + DECODING_BYTES_PER_PIXEL * WIDTH * HEIGHT


def test_what_is_too_large_is_refused_before_anything_is_decoded() -> None:
    with pytest.raises(TooLarge):
        decoding_bytes(claiming("JPEG", 60_000, 60_000))
