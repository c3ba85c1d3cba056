"""The test of a source file is found by its path: models/media/images.py → tests/models/media/test_images.py."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("models", "service", "ui", "cli")
PROGRAMS = ("app.py", "preload.py", "settings.py", "flag_parser.py", "flag_values.py")
# Data and nothing else: what they say is asserted where it is used.
PURE_DATA = ("models/media/sound/block.py", "ui/i18n/error_texts_zh.py", "ui/i18n/texts")


def mirrored(source: Path) -> Path:
    """Where the test of `source` (relative to the root) lies."""
    return Path("tests") / source.parent / f"test_{source.name}"


def sources() -> list[Path]:
    found = [path.relative_to(ROOT) for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    wanted = [path for path in found if path.name != "__init__.py" and not path.as_posix().startswith(PURE_DATA)]
    return sorted([*wanted, *map(Path, PROGRAMS)])


def test_every_source_has_its_test_at_the_same_path() -> None:
    missing = [mirrored(path).as_posix() for path in sources() if not (ROOT / mirrored(path)).exists()]
    assert missing == []
