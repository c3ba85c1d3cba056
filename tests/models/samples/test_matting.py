"""The sample matting model: its contract, its cut and its behaviour when nobody is there."""

from pathlib import Path

import cv2
import numpy as np
import openvino
import pytest

from models import parity
from models.engines import PRECISIONS
from tests.helpers.pictures import SHARED
from tools.matting_quality import overlaps

# The mean soft IoU by kind of scene, with room for other processors.
LEAST = {
    "head and shoulders": 0.6,
    "half figure": 0.5,
    "full figure": 0.4,
    "two people": 0.6,
    "dark hair on dark ground": 0.7,
}
needs_pictures = pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/data")


def build(*arguments: object) -> None:
    from tools.sample_matting import build  # and TensorFlow with it

    build(*arguments)


def compiled(folder: Path, precision: str) -> openvino.CompiledModel:
    return openvino.Core().compile_model(folder / "tf_graph.pb", "CPU", {"INFERENCE_PRECISION_HINT": precision})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("matting")
    build(path)
    return path


@pytest.fixture(scope="module")
def model(folder: Path) -> openvino.CompiledModel:
    return compiled(folder, "f32")


def cut(model: openvino.CompiledModel, rgb: np.ndarray) -> np.ndarray:
    return model([rgb.astype(np.float32)])["output_png:0"]


def studio_portrait(backdrop: tuple[int, int, int], size: int = 240) -> tuple[np.ndarray, np.ndarray]:
    """A drawn head and shoulders before a wall, and where it is (bool)."""
    rgb = np.full((size, size, 3), backdrop, np.uint8)
    before = rgb.copy()
    middle = size // 2
    cv2.ellipse(rgb, (middle, size), (size // 3, size // 3), 0, 0, 360, (30, 60, 120), -1)
    cv2.ellipse(rgb, (middle, size // 3), (size // 6, size // 5), 0, 0, 360, (70, 45, 30), -1)
    cv2.ellipse(rgb, (middle, size * 2 // 5), (size // 8, size // 6), 0, 0, 360, (224, 172, 145), -1)
    return cv2.GaussianBlur(rgb, (0, 0), 1), (rgb != before).any(-1)


def overlap(alpha: np.ndarray, person: np.ndarray) -> float:
    kept = alpha > 127
    return (kept & person).sum() / (kept | person).sum()


def read(name: str) -> np.ndarray:
    return cv2.cvtColor(cv2.imread(str(SHARED / name)), cv2.COLOR_BGR2RGB)


@pytest.mark.parametrize("backdrop", [(235, 235, 235), (60, 140, 80), (90, 110, 200), (25, 25, 28)])
def test_a_person_before_a_plain_wall_is_kept(model: openvino.CompiledModel, backdrop: tuple[int, int, int]) -> None:
    rgb, person = studio_portrait(backdrop)
    assert overlap(cut(model, rgb)[..., 3], person) >= 0.9


@pytest.mark.parametrize("shape", [(1, 1), (7, 5), (97, 211)])
def test_any_size_comes_back_with_its_own_colours(model: openvino.CompiledModel, shape: tuple[int, int]) -> None:
    rgb = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    rgba = cut(model, rgb)
    assert rgba.dtype == np.uint8 and rgba.shape == (*shape, 4)
    assert np.array_equal(rgba[..., :3], rgb)


@pytest.mark.parametrize("grey", [0, 180, 255])
def test_an_empty_wall_gives_an_empty_matte(model: openvino.CompiledModel, grey: int) -> None:
    assert cut(model, np.full((120, 160, 3), grey, np.uint8))[..., 3].max() <= 10


@pytest.mark.parametrize(("kind", "least"), LEAST.items())
def test_scenes_that_it_was_not_fitted_on_are_cut_out(model: openvino.CompiledModel, kind: str, least: float) -> None:
    found = overlaps(lambda rgb: cut(model, rgb)[..., 3] / 255, kind, scenes=3)
    assert np.mean(found) >= least, found


@needs_pictures
def test_the_mountain_portrait_is_cut_out(model: openvino.CompiledModel) -> None:
    reference = cv2.imread(str(SHARED / "portrait-2.cutout.png"), cv2.IMREAD_UNCHANGED)[..., 3] > 127
    rgb = read("portrait-2.jpg")
    assert overlap(cut(model, rgb)[..., 3], reference) >= 0.75
    assert overlap(cut(model, rgb[:, ::-1])[..., 3], reference[:, ::-1]) >= 0.75


@needs_pictures
def test_the_studio_portrait_keeps_face_dress_arms_and_skirt(model: openvino.CompiledModel) -> None:
    alpha = cut(model, read("portrait-1.png"))[..., 3]
    points = [(200, 590), (560, 650), (850, 700), (720, 400), (1000, 650)]
    assert all(alpha[y, x] > 240 for y, x in points)
    assert alpha[:, :200].max() < 10 and alpha[:350, 900:].max() < 10


@pytest.mark.stock
@pytest.mark.parametrize(("kind", "task"), [("portrait", "portrait-matting"), ("universal", "universal-matting")])
def test_stock_modelscope_answers_the_same(tmp_path: Path, kind: str, task: str) -> None:
    tensorflow = pytest.importorskip("tensorflow")
    pipelines = pytest.importorskip("modelscope.pipelines")
    build(tmp_path, kind)
    rgb, _ = studio_portrait((90, 110, 200))
    with tensorflow.Graph().as_default():
        bgra = pipelines.pipeline(task, model=str(tmp_path))(rgb[..., ::-1].copy())["output_img"]
    stock = bgra[..., [2, 1, 0, 3]].astype(int)
    for precision in PRECISIONS:
        apart = np.abs(cut(compiled(tmp_path, precision), rgb) - stock)
        assert apart.mean() <= parity.IMAGE_MEAN[precision]
        # In bf16 a pixel of its few layers moves by up to 8 levels, on other processors perhaps by more.
        assert np.quantile(apart, 0.999) <= parity.IMAGE_MAX[precision]
