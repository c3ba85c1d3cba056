"""The torch engine on its CPU device against OpenVINO in f32: every sample, and graphs built as the published ones."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.cartoon import NEVER_TRAINING
from models.emotion import Emotion
from models.engines import Compute, Session, open_session
from models.weights.store import SAMPLES
from tests.helpers import pictures
from tests.helpers.standins_emotion import tone

SIDES = {"detector": 512, "keypoints": 160}
LARGEST, MEAN = {"f32": 1, "f16": 3}, {"f32": 1e-3, "f16": 0.1}
SCORES = {"f32": 1e-5, "f16": 0.002}


@pytest.fixture(scope="module")
def artifacts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shared, so that a graph is settled once."""
    return tmp_path_factory.mktemp("artifacts")


def compute(folder: Path, precision: str = "f32", engine: str = "torch") -> Compute:
    return Compute(precision, 2, folder, engine=engine)  # type: ignore[arg-type]


@cache
def session(path: Path, artifacts: Path, precision: str = "f32", engine: str = "torch") -> Session:
    """Opened once for all tests."""
    constants = NEVER_TRAINING if path.stem in SIDES else {}
    return open_session(path, compute=compute(artifacts, precision, engine), constants=constants)


def opened(path: Path, artifacts: Path, precision: str = "f32") -> list[Session]:
    """The graph in torch and, in f32, in OpenVINO."""
    return [session(path, artifacts, precision), session(path, artifacts, engine="openvino")]


@pytest.mark.parametrize("precision", LARGEST)
def test_pictures_of_every_sample_are_the_same(precision: str, artifacts: Path) -> None:
    paths = [*sorted(SAMPLES.glob("cartoon*/cartoon_*.pb")), *sorted(SAMPLES.glob("matting*/tf_graph.pb"))]
    for path in {path.read_bytes(): path for path in paths}.values():  # some styles have one file under two names
        size = (61, 47) if path.stem == "tf_graph" else (64, 48)
        rgb = cv2.resize(pictures.portrait(), size).astype(np.float32)
        ours, exact = (one.run({"input_image": rgb}) for one in opened(path, artifacts, precision))
        for name, expected in exact.items():
            apart = np.abs(ours[name].astype(float) - expected)
            assert ours[name].dtype == expected.dtype
            assert apart.max() <= LARGEST[precision] and apart.mean() <= MEAN[precision], (path, name)


@pytest.mark.parametrize("precision", LARGEST)
def test_a_generator_of_the_real_architecture_answers_at_every_size(
    precision: str, standin_cartoon: Path, artifacts: Path
) -> None:
    sessions = opened(standin_cartoon / "cartoon_h.pb", artifacts, precision)
    for size in ((48, 32), (16, 16)):
        rgb = cv2.resize(pictures.portrait(), size).astype(np.float32)
        ours, exact = (one.run({"input_image": rgb}) for one in sessions)
        apart = np.abs(ours["output_image"].astype(float) - exact["output_image"])
        assert apart.max() <= LARGEST[precision] and apart.mean() <= MEAN[precision]


@pytest.mark.parametrize("where", ["sample", "stand-in"])
@pytest.mark.parametrize("name", SIDES)
def test_faces_are_found_in_the_same_places(where: str, name: str, standin_cartoon: Path, artifacts: Path) -> None:
    """Ten faces, or one; and none at all, where the loop has nothing to keep."""
    side = SIDES[name]
    sessions = opened((SAMPLES / "cartoon" if where == "sample" else standin_cartoon) / f"{name}.pb", artifacts)
    for picture in (pictures.portrait(side), np.full((side, side, 3), 90, np.uint8)):
        images = cv2.resize(picture, (side, side)).astype(np.float32)[None]
        ours, exact = (one.run({"tower_0/images": images}) for one in sessions)
        assert ours.keys() == exact.keys()
        for key, expected in exact.items():
            np.testing.assert_allclose(ours[key], expected, atol=1e-5, err_msg=key)


@pytest.mark.parametrize("weights", ["sample", "random"])
def test_voices_are_heard_alike(
    weights: str, folders: dict[str, Path], engine: Callable[[str], Emotion], tmp_path: Path
) -> None:
    """Of the sample, and of the real architecture."""
    for precision, allowed in SCORES.items():
        ours = Emotion(folders[weights], compute=compute(tmp_path, precision))
        for seconds in (1.0, 21.3) if weights == "sample" else (1.0,):
            (expected,), (found,) = engine(weights).analyze([tone(seconds)]), ours.analyze([tone(seconds)])
            np.testing.assert_allclose(found.scores, expected.scores, atol=allowed)
            assert found.scores.argmax() == expected.scores.argmax()
            assert found.frame_scores.shape == expected.frame_scores.shape


@pytest.mark.parametrize("precision", LARGEST)
def test_pictures_together_are_what_they_are_alone(precision: str, standin_cartoon: Path, artifacts: Path) -> None:
    rgb = cv2.resize(pictures.portrait(), (32, 16)).astype(np.float32)
    several = [{"input_image": np.roll(rgb, 9 * k, axis=1)} for k in range(3)]
    for path in (
        SAMPLES / "cartoon" / "cartoon_h.pb",
        SAMPLES / "matting" / "tf_graph.pb",
        standin_cartoon / "cartoon_h.pb",
    ):
        ours = session(path, artifacts, precision)
        for together, alone in zip(ours.run_all(several), map(ours.run, several), strict=True):
            for name, expected in alone.items():
                assert np.abs(together[name].astype(float) - expected).max() <= LARGEST[precision], (path, name)
                assert together[name].base is None


@pytest.mark.parametrize("name", SIDES)
def test_faces_together_are_found_where_they_are_alone(name: str, standin_cartoon: Path, artifacts: Path) -> None:
    side = SIDES[name]
    ours = session(standin_cartoon / f"{name}.pb", artifacts)
    picture = cv2.resize(pictures.portrait(side), (side, side)).astype(np.float32)[None]
    several = [{"tower_0/images": picture}, {"tower_0/images": picture[:, :, ::-1]}]
    for together, alone in zip(ours.run_all(several), map(ours.run, several), strict=True):
        for key, expected in alone.items():
            np.testing.assert_allclose(together[key], expected, atol=2e-5, err_msg=key)


def test_windows_of_a_long_recording_together_are_heard_as_they_are_alone(tmp_path: Path) -> None:
    ours = Emotion(SAMPLES / "emotion", compute=compute(tmp_path))
    together = ours.analyze([tone(45)])[0]
    ours._session.together = lambda values: 1  # type: ignore[method-assign]
    alone = ours.analyze([tone(45)])[0]
    np.testing.assert_allclose(together.frame_scores, alone.frame_scores, atol=1e-6)
    np.testing.assert_allclose(together.embedding, alone.embedding, atol=1e-5)


def test_a_batch_is_bounded_by_what_it_takes(artifacts: Path) -> None:
    drawing = session(SAMPLES / "cartoon" / "cartoon_h.pb", artifacts)
    assert [drawing.together(3 * side**2) for side in (288, 720, 2048, 4096)] == [50, 8, 1, 1]
