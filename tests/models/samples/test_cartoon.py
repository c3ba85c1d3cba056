"""The sample cartoon model: complete folders, faces found where drawn, none in landscapes, flat areas, kept edges."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.cartoon import NEVER_TRAINING, pad_to_stride
from models.engines import Compute
from models.engines.openvino import Session
from tests.helpers.pictures import SHARED
from tools.drawn_faces import draw_portrait
from tools.drawn_scenes import landscape, wall
from tools.sketch import CANVAS

ROOT = Path(__file__).parents[3]
SAMPLES = sorted((ROOT / "models" / "samples").glob("cartoon*"))
FILES = {"configuration.json", "cartoon_bg.pb", "cartoon_h.pb", "alpha.jpg", "detector.pb", "keypoints.pb"}
MEAN = (123, 116, 103)
BYTES_AT_MOST = 2_200_000
WEIGHT_TOLERANCE = 1e-5


@pytest.fixture(scope="module")
def compute(tmp_path_factory: pytest.TempPathFactory) -> Compute:
    return Compute("f32", 2, tmp_path_factory.mktemp("artifacts"))


@pytest.fixture(scope="module")
def detector(compute: Compute) -> Session:
    return Session(SAMPLES[0] / "detector.pb", compute=compute, constants=NEVER_TRAINING)


@pytest.fixture(scope="module")
def keypoints(compute: Compute) -> Session:
    return Session(SAMPLES[0] / "keypoints.pb", compute=compute, constants=NEVER_TRAINING)


def sure_boxes(detector: Session, rgb: np.ndarray) -> np.ndarray:
    """The boxes [n,4] (y1,x1,y2,x2 in pixels of the 512 letterbox) that the stock limit keeps."""
    scale = 512 / max(rgb.shape[:2])
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    framed = np.full((512, 512, 3), MEAN, np.float32)
    framed[: small.shape[0], : small.shape[1]] = small
    out = detector.run({"tower_0/images": framed[None]})
    count = out["tower_0/num_detections"][0]
    return out["tower_0/boxes"][0][:count][out["tower_0/scores"][0][:count] > 0.8] * 512


def portrait(seed: int) -> tuple[np.ndarray, np.ndarray]:
    plain = np.full((CANVAS, CANVAS, 3), (170, 190, 200), np.float32)
    return draw_portrait(np.random.default_rng(seed), plain)


def test_folders_are_complete_and_small() -> None:
    assert [folder.name for folder in SAMPLES] == [
        "cartoon", "cartoon-3d", "cartoon-artstyle", "cartoon-handdrawn", "cartoon-sketch",
    ]  # fmt: skip
    for folder in SAMPLES:
        assert {path.name for path in folder.iterdir()} == FILES
        kind = json.loads((folder / "configuration.json").read_text())
        assert kind["pipeline"]["type"] == "unet-person-image-cartoon"
    assert sum(path.stat().st_size for folder in SAMPLES for path in folder.iterdir()) < BYTES_AT_MOST


@pytest.mark.parametrize("folder", SAMPLES, ids=lambda folder: folder.name)
def test_generator_flattens_noise_and_keeps_the_edge(folder: Path, compute: Compute) -> None:
    noise = np.random.default_rng(0).normal(0, 6, (96, 128, 3))
    bgr = np.clip(np.where(np.arange(128)[None, :, None] < 64, 60, 190) + noise, 0, 255).astype(np.float32)
    drawn = Session(folder / "cartoon_bg.pb", compute=compute).run({"input_image": bgr})["output_image"]
    assert drawn.shape == (96, 128, 3) and drawn.dtype == np.uint8
    left, right = drawn[:, 8:48].mean(2), drawn[:, 80:120].mean(2)
    assert right.mean() - left.mean() > 40
    if folder.name in ("cartoon", "cartoon-3d", "cartoon-artstyle"):
        assert right.std() < 0.6 * bgr[:, 80:120].mean(2).std()


@pytest.mark.parametrize("folder", SAMPLES, ids=lambda folder: folder.name)
def test_no_line_is_drawn_along_the_padding(folder: Path, compute: Compute) -> None:
    tones = np.full((90, 150, 3), 120, np.uint8) + np.arange(90, dtype=np.uint8)[:, None, None]
    generator = Session(folder / "cartoon_bg.pb", compute=compute)

    def drawn(picture: np.ndarray) -> np.ndarray:
        padded = pad_to_stride(picture).astype(np.float32)
        return generator.run({"input_image": padded})["output_image"][:90, :150].astype(int)

    seen, turned = drawn(tones), drawn(np.ascontiguousarray(tones[::-1, ::-1]))[::-1, ::-1]
    assert abs(seen[:, -6:].mean() - turned[:, -6:].mean()) < 3 and abs(seen[-6:].mean() - turned[-6:].mean()) < 3


def test_a_white_frame_stays(compute: Compute) -> None:
    framed = np.full((96, 128, 3), 255, np.float32)
    framed[8:-8, 8:-8] = 90
    drawn = Session(SAMPLES[0] / "cartoon_bg.pb", compute=compute).run({"input_image": framed})["output_image"]
    assert drawn[-5:].min() > 230 and drawn[:, -5:].min() > 230


def test_mask_is_white_inside_and_black_at_the_rim() -> None:
    mask = cv2.imread(str(SAMPLES[0] / "alpha.jpg"), cv2.IMREAD_GRAYSCALE)
    assert mask.shape == (288, 288)
    assert mask[144, 144] > 250 and max(mask[0].max(), mask[-1].max(), mask[:, 0].max(), mask[:, -1].max()) < 8


def test_detector_finds_drawn_faces_at_their_places(detector: Session) -> None:
    rgb, _ = portrait(3)
    scene = np.full((400, 640, 3), (170, 190, 200), np.uint8)
    scene[20:276, 40:296] = cv2.resize(rgb, (256, 256))
    scene[200:360, 440:600] = cv2.resize(rgb[:, ::-1], (160, 160))
    boxes = sure_boxes(detector, scene) * 640 / 512
    centres = sorted(((x1 + x2) / 2, (y1 + y2) / 2) for y1, x1, y2, x2 in boxes)
    np.testing.assert_allclose(centres, [(168, 148), (520, 280)], atol=12)


def test_detector_finds_none_without_a_face(detector: Session) -> None:
    rng = np.random.default_rng(11)
    for draw in (landscape, landscape, landscape, landscape, wall, wall):
        assert len(sure_boxes(detector, np.clip(draw(rng, 400, 600), 0, 255).astype(np.uint8))) == 0


def test_landmarks_follow_the_eyes_and_the_mouth(keypoints: Session) -> None:
    rgb, points = portrait(3)
    reach = round(1.4 * 56 / 2)
    crop = cv2.resize(rgb[64 - reach : 64 + reach, 64 - reach : 64 + reach], (160, 160)).astype(np.float32)
    marks = keypoints.run({"tower_0/images": crop[None]})["tower_0/prediction"][0, :136].reshape(68, 2)
    five = [marks[36:42].mean(0), marks[42:48].mean(0), marks[30], marks[48], marks[54]]
    np.testing.assert_allclose(five, (points + 0.5 - 64 + reach) / (2 * reach), atol=0.05)


@pytest.mark.parametrize(
    ("name", "eyes"), [("portrait-1.png", ((525, 152), (640, 133))), ("portrait-2.jpg", ((207, 178), (235, 178)))]
)
def test_detector_finds_the_one_face_of_a_photo(
    detector: Session, name: str, eyes: tuple[tuple[int, int], ...]
) -> None:
    if not SHARED.exists():
        pytest.skip("needs ../shared/data")
    rgb = cv2.imread(str(SHARED / name))[..., ::-1]
    for seen, flipped in ((rgb, False), (rgb[:, ::-1], True), (np.clip(rgb * 0.7, 0, 255), False)):
        (box,) = sure_boxes(detector, seen.astype(np.uint8)) * max(rgb.shape[:2]) / 512
        for x, y in eyes:
            x = rgb.shape[1] - x if flipped else x
            assert box[1] < x < box[3] and box[0] < y < (box[0] + box[2]) / 2 + 5


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("tensorflow")
    from tools.sample_cartoon import build

    folder = tmp_path_factory.mktemp("built")
    build(folder, "anime")
    return folder


def test_building_twice_gives_the_same_bytes(built: Path, tmp_path: Path) -> None:
    from tools.sample_cartoon import build

    build(tmp_path, "anime")
    assert all((tmp_path / name).read_bytes() == (built / name).read_bytes() for name in FILES)


@pytest.mark.parametrize("name", [file for file in sorted(FILES) if file.endswith(".pb")])
def test_the_tools_build_what_is_committed(built: Path, name: str) -> None:
    """The same graph; its fitted weights may differ in the last bits, as processors add in different orders."""
    (made, weights), (kept, committed) = (graph_and_weights(folder / name) for folder in (built, SAMPLES[0]))
    assert made == kept
    for node, values in committed.items():
        np.testing.assert_allclose(weights[node], values, rtol=WEIGHT_TOLERANCE, atol=WEIGHT_TOLERANCE, err_msg=node)


def graph_and_weights(path: Path) -> tuple[bytes, dict[str, np.ndarray]]:
    """A frozen graph without its float constants, and those by the name of their node."""
    from tensorflow.core.framework import graph_pb2
    from tensorflow.python.framework import tensor_util

    graph, weights = graph_pb2.GraphDef.FromString(path.read_bytes()), {}
    for node in graph.node:
        if node.op == "Const":
            value = tensor_util.MakeNdarray(node.attr["value"].tensor)
            if value.dtype.kind == "f":
                weights[node.name] = value
                node.attr["value"].Clear()
    return graph.SerializeToString(deterministic=True), weights
