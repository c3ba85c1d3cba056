"""The cut-out tab's presets: settings by name."""

from collections.abc import Callable

BLUE = "#438edb"  # of Chinese ID photos

_COMMON: dict[str, object] = {"output": "cutout", "feather": True, "clean_edge": True}
_OWN: dict[str, dict[str, object]] = {
    "id": {"output": "id", "background": "colour", "colour": BLUE, "alpha_threshold": 10, "erode": 1, "format": "jpg"},
    "shop": {"background": "colour", "colour": "#ffffff", "alpha_threshold": 15, "erode": 1, "format": "png"},
    "avatar": {"background": "gradient", "colour": BLUE, "alpha_threshold": 10, "erode": 1, "format": "png"},
    "busy": {"background": "none", "colour": "#ffffff", "alpha_threshold": 30, "erode": 2, "format": "png"},
}
PRESETS = {name: _COMMON | own for name, own in _OWN.items()}


def values_of(setting: dict[str, object]) -> Callable[[], tuple[object, ...]]:
    """The function that sets controls to the values of `setting`."""
    return lambda: tuple(setting.values())
