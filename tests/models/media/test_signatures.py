"""First bytes are told apart whatever follows."""

import pytest

from models.media.file_types import kind_of
from models.media.signatures import PICTURES, RECORDINGS


@pytest.mark.parametrize(("table", "family"), [(PICTURES, "picture"), (RECORDINGS, "recording")])
def test_every_signature_is_found_where_it_stands(table: tuple[tuple[int, bytes, str], ...], family: str) -> None:
    for at, magic, name in table:
        kind = kind_of(bytes([1]) * at + magic + bytes([1]) * 64)
        assert kind is not None and (kind.name, kind.family) == (name, family)
