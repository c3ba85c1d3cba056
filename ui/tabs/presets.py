"""The cut-out tab's presets: settings by name."""

BLUE = "#438edb"  # of Chinese ID photos
COLOURS = {"white": "#ffffff", "blue": BLUE, "red": "#d9001b"}

_COMMON: dict[str, object] = {"output": "cutout", "feather": True, "clean_edge": True}
_OWN: dict[str, dict[str, object]] = {
    "id": {"output": "id", "background": "colour", "colour": BLUE, "alpha_threshold": 10, "erode": 1, "format": "jpg"},
    "shop": {"background": "colour", "colour": "#ffffff", "alpha_threshold": 15, "erode": 1, "format": "png"},
    "avatar": {"background": "gradient", "colour": BLUE, "alpha_threshold": 10, "erode": 1, "format": "png"},
    "busy": {"background": "none", "colour": "#ffffff", "alpha_threshold": 30, "erode": 2, "format": "png"},
}
PRESETS = {name: _COMMON | own for name, own in _OWN.items()}
SWATCHES: dict[str, dict[str, object]] = {
    name: {"background": "colour", "colour": colour} for name, colour in COLOURS.items()
}
SETTINGS = PRESETS | SWATCHES
