"""Who a visitor is."""

from types import SimpleNamespace

import pytest

from ui.state.visitor import owner_of


@pytest.mark.parametrize(
    ("key", "owner"),
    [
        ("0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef"),
        ("short", None),
        ("../../0123456789abcdef0123456789abcdef", None),
        ("", None),
    ],
)
def test_only_long_random_keys_name_a_visitor(key: str, owner: str | None) -> None:
    assert owner_of(SimpleNamespace(headers={"x-prewarm-visitor": key})) == owner  # type: ignore[arg-type]
