"""The samples as ONNX files: right at sizes that nobody checked, and nothing left behind that is wrong."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import pytest

from models import faces
from models.cartoon import NEVER_TRAINING
from models.catalog import CATALOG, Family
from models.engines import Compute, open_session
from models.errors import WeightsError
from models.exports import checks, files, network
from models.exports.files import Written
from models.parity import Difference
from models.weights.store import SAMPLES, Store
from tests.helpers import pictures

MODELS: tuple[tuple[Family, str], ...] = (("cartoon", "3d"), ("matting", "portrait"), ("emotion", "large"))


def written(target: Path, family: Family, variant: str) -> list[Written]:
    model = CATALOG[family][variant]
    located = Store(target / "store", (), None, "sample", {}).locate(model, progress=lambda done, total: None)
    return list(files.write(target, model, located, threads=2))


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    target = tmp_path_factory.mktemp("onnx")
    for family, variant in MODELS:
        assert all(each.within for each in written(target, family, variant))
    yield target


def session(path: Path) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


def test_every_network_is_there_with_a_readme_and_nothing_else(exported: Path) -> None:
    found = sorted(path.relative_to(exported).as_posix() for path in exported.glob("*-*/*"))
    several = [f"cartoon-3d/cartoon_{part}.{precision}.onnx" for part in ("bg", "h") for precision in ("f16", "f32")]
    exact = ["cartoon-3d/detector.f32.onnx", "cartoon-3d/keypoints.f32.onnx"]
    others = [
        f"{key}.{kind}.onnx" for key in ("emotion-large/emotion", "matting-portrait/matting") for kind in ("f16", "f32")
    ]
    readmes = [f"{family}-{variant}/README.md" for family, variant in MODELS]
    assert found == sorted([*several, *exact, *others, *readmes])


@pytest.mark.parametrize(
    ("name", "source", "sizes"),
    [
        ("cartoon-3d/cartoon_h.f32.onnx", "cartoon-3d/cartoon_h.pb", [(16, 16), (112, 208)]),
        ("matting-portrait/matting.f16.onnx", "matting/tf_graph.pb", [(1, 1), (97, 61)]),
    ],
)
def test_sizes_that_were_not_checked(
    name: str, source: str, sizes: list[tuple[int, int]], exported: Path, tmp_path: Path
) -> None:
    ours, exact = session(exported / name), open_session(SAMPLES / source, compute=Compute("f32", 2, tmp_path))
    for height, width in sizes:
        image = cv2.resize(pictures.portrait(), (width, height)).astype(np.float32)
        (expected,) = exact.run({"input_image": image}).values()
        (found,) = ours.run(None, {"input_image": image})
        assert found.shape == expected.shape and np.abs(found.astype(int) - expected).max() <= 1


def test_faces_are_found_with_nothing_left_outside_of_the_file(exported: Path, tmp_path: Path) -> None:
    """The loop over pictures and the suppression of overlapping boxes are in it."""

    class Detector:
        def run(self, arrays):  # type: ignore[no-untyped-def]
            ours = session(exported / "cartoon-3d" / "detector.f32.onnx")
            return dict(zip([port.name for port in ours.get_outputs()], ours.run(None, arrays), strict=True))

    path, how = SAMPLES / "cartoon-3d" / "detector.pb", Compute("f32", 2, tmp_path)
    exact = open_session(path, compute=how, constants=NEVER_TRAINING)
    photo = pictures.portrait()
    expected = faces.detect(exact, photo)
    assert len(expected) == 1
    np.testing.assert_allclose(faces.detect(Detector(), photo), expected, atol=0.01)  # type: ignore[arg-type]


def test_the_file_says_where_it_comes_from(exported: Path) -> None:
    told = session(exported / "emotion-large" / "emotion.f16.onnx").get_modelmeta().custom_metadata_map
    assert told["revision"] == "sample" and len(told["sha256"]) == 64 and told["precision"] == "f16"


@pytest.fixture
def heads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a style the small network of heads alone."""
    parts = [part for part in files.PARTS["cartoon"] if part.name == "cartoon_h"]
    monkeypatch.setattr(files, "PARTS", {"cartoon": parts})


@pytest.mark.usefixtures("heads")
def test_a_file_that_answers_otherwise_is_not_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    off = Difference("output_image", 2, 1, 1, 0.1)
    monkeypatch.setattr(checks, "compare", lambda *_, precision, threads: [off] if precision == "f16" else [])
    right, wrong = written(tmp_path, "cartoon", "3d")
    assert right.path.exists() and not wrong.path.exists()
    told = (tmp_path / "cartoon-3d" / "README.md").read_text()
    assert "not kept" in str(wrong) and "f16" not in told.split("##")[1] and right.path.name in told


@pytest.mark.usefixtures("heads")
def test_an_operation_that_is_not_in_the_table_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(network, "OPERATIONS", {})
    with pytest.raises(WeightsError, match=r"cartoon_h.pb cannot be written as ONNX: \w+ is not in the table"):
        written(tmp_path, "cartoon", "3d")
    assert not list((tmp_path / "cartoon-3d").iterdir())
