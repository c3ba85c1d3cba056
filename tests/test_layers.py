"""The layers of docs/architecture.md: imports go down only, importing does nothing, files stay short."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = {
    "models": 0,
    "flag_values": 1,
    "flag_parser": 2,
    "settings": 3,
    "preload": 4,
    "ui": 5,
    "service": 5,
    "app": 6,
    "cli": 6,
}
# Within models, by folder or file.
DEPTHS = {
    **dict.fromkeys(("errors", "catalog"), 0),
    **dict.fromkeys(("media", "weights", "timeline"), 1),
    **dict.fromkeys(("engines", "runtime"), 2),
    **dict.fromkeys(("networks", "faces"), 3),
    "finish": 4,
    **dict.fromkeys(("cartoon", "matting", "emotion"), 5),
    **dict.fromkeys(("parity", "reference", "usual_inputs", "agreement"), 6),
    **dict.fromkeys(("tasks", "exports"), 7),
}
SOURCES = sorted(
    path
    for path in ROOT.glob("**/*.py")
    if path.relative_to(ROOT).parts[0] in {*LAYERS, "tools", "benchmarks", "deploy", "tests"} or path.parent == ROOT
)
PRODUCT = [path for path in SOURCES if path.relative_to(ROOT).with_suffix("").parts[0] in LAYERS]
FORBIDDEN_IN_MODELS = {"gradio", "fastapi", "starlette", "ray", "uvicorn"}
HEAVY = {"tensorflow", "funasr", "torch", "transformers", "modelscope.pipelines"}


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def layer_of(path: Path) -> str:
    return path.relative_to(ROOT).with_suffix("").parts[0]


@pytest.mark.parametrize("path", PRODUCT, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_down_only(path: Path) -> None:
    here = layer_of(path)
    tops = {name.split(".")[0] for name in imported(path)}
    above = {top for top in tops & LAYERS.keys() if top != here and LAYERS[top] >= LAYERS[here]}
    assert not above
    if here == "models":
        assert not tops & FORBIDDEN_IN_MODELS


@pytest.mark.parametrize("path", [path for path in PRODUCT if layer_of(path) == "models"], ids=lambda path: path.name)
def test_within_models_imports_go_down_too(path: Path) -> None:
    here = path.relative_to(ROOT / "models").with_suffix("").parts[0]
    found = {part for name in imported(path) if name.startswith("models.") and (part := name.split(".")[1]) != here}
    assert {part for part in found if DEPTHS[part] >= DEPTHS.get(here, -1)} == set() or here == "__init__"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_are_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= (300 if path.parent == ROOT else 250)


def test_importing_starts_nothing_and_loads_nothing_heavy() -> None:
    program = f"""
import sys, threading
import app, cli, preload, settings
import models.cartoon, models.matting, models.emotion, models.media.images, models.media.audio, models.weights.store
print(threading.active_count(), sorted(set(sys.modules) & {HEAVY!r}))
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "1 []"
