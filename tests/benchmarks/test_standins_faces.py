"""The stand-in's face graphs: made of what the published ones are made of, and read by the engine as they are."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from models.cartoon import NEVER_TRAINING
from models.engines import Compute
from models.engines.openvino import Session

SIDES = {"detector": 512, "marked": 512, "keypoints": 160}
# Counted in graphs that the authors' public training code makes.
KINDS = {
    "detector": {"Conv2D": 35, "FusedBatchNormV3": 58, "Switch": 266, "Merge": 34, "TensorArrayV3": 5, "LoopCond": 1},
    "marked": {"Conv2D": 35, "FusedBatchNormV3": 58, "LoopCond": 1},
    "keypoints": {"DepthwiseConv2dNative": 20, "FusedBatchNormV3": 112, "Split": 13, "Transpose": 13},
}


@pytest.fixture(scope="module")
def folder(standin_cartoon: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from benchmarks import standins

    folder = tmp_path_factory.mktemp("faces")
    standins.freeze(standins.detector(3, marked=True), folder / "marked.pb")
    for name in ("detector.pb", "keypoints.pb"):
        (folder / name).symlink_to(standin_cartoon / name)
    return folder


@pytest.mark.parametrize("name", SIDES)
def test_they_have_the_operations_of_the_real_ones_and_openvino_answers_as_tensorflow(
    name: str, folder: Path, tmp_path: Path
) -> None:
    import tensorflow.compat.v1 as tf

    graph = tf.GraphDef.FromString((folder / f"{name}.pb").read_bytes())
    assert Counter(node.op for node in graph.node) & Counter(KINDS[name]) == KINDS[name]
    ours = Session(folder / f"{name}.pb", compute=Compute("f32", 2, tmp_path), constants=NEVER_TRAINING)
    images = np.random.default_rng(1).uniform(0, 255, (1, SIDES[name], SIDES[name], 3)).astype(np.float32)
    with tf.Graph().as_default(), tf.Session() as session:
        tf.import_graph_def(graph, name="")
        for output, answer in ours.run({"tower_0/images": images}).items():
            feed = {"tower_0/images:0": images, "training_flag:0": False}
            np.testing.assert_allclose(answer, session.run(f"{output}:0", feed), atol=1e-5, err_msg=output)
