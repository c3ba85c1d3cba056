"""What int8 would gain and lose: the convolutions of cartoon and matting quantised by NNCF, beside f32 and bf16.

    pip install nncf==3.4.0        (needed by nothing else)
    python -m benchmarks.int8 [--photos FOLDER] [--weights FOLDER] [--only cartoon matting] [--quick] [--out FOLDER]

WEIGHTS holds the folders `cartoon` and `matting` in ModelScope's format. The stand-ins have random weights: of their
rows only the times mean something. The sample models have hardly any convolutions. Of the photos every other one
calibrates, the rest tell the loss; without a folder, drawn portraits do.
"""

import argparse
import os
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import bench
from benchmarks.make_standins import DEFAULT_FOLDER, ensure
from models.engines import Compute, pipeline_class
from models.engines.graph_rewrites import rewrite
from models.engines.openvino import Session, ov
from models.media import images
from tools.drawn_faces import sketch_portrait
from tools.drawn_scenes import backdrop

# The graphs that take nearly all of a request, by the name of their session.
GRAPHS = {"cartoon": {"background": "cartoon_bg", "head": "cartoon_h"}, "matting": {"graph": "tf_graph"}}
DRAWN, SIDE = 16, 512
CALIBRATION = 24  # passes of a graph that ranges are taken from
SOFT = (12, 243)  # alpha between these is an edge, hair or glass


@dataclass
class Recorder:
    """A session that keeps what it was fed."""

    session: Session
    fed: list[np.ndarray] = field(default_factory=list)

    def run(self, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        self.fed += list(arrays.values())[: CALIBRATION - len(self.fed)]
        return self.session.run(arrays)

    def run_all(self, several: Sequence[Mapping[str, np.ndarray]]) -> list[dict[str, np.ndarray]]:
        return [self.run(arrays) for arrays in several]

    def together(self, values: int) -> int:
        return 1


def pictures(folder: Path | None) -> list[np.ndarray]:
    """RGB uint8 each: every picture of `folder` or, without one, drawn portraits."""
    if folder:
        return [images.decode(path.read_bytes()) for path in sorted(folder.iterdir()) if path.is_file()]
    return [portrait(np.random.default_rng(seed)) for seed in range(DRAWN)]


def portrait(rng: np.random.Generator) -> np.ndarray:
    sketch, _ = sketch_portrait(rng, backdrop(rng, SIDE).astype(np.float32))
    return np.clip(sketch.rgb + rng.normal(0, 4, sketch.rgb.shape), 0, 255).astype(np.uint8)


def quantised(pb: Path, fed: Sequence[np.ndarray], folder: Path) -> Path:
    """The graph at `pb` with int8 convolutions, as OpenVINO's own format in `folder`. The arithmetic between them, a
    guided filter's above all, keeps its precision."""
    import nncf

    network = ov.Core().read_model(pb)
    rewrite(network, {})
    kept = [node.get_friendly_name() for node in network.get_ops() if node.get_type_name() != "Convolution"]
    scope, preset = nncf.IgnoredScope(kept, validate=False), nncf.QuantizationPreset.MIXED
    small = nncf.quantize(network, nncf.Dataset(fed), preset=preset, subset_size=len(fed), ignored_scope=scope)
    ov.save_model(small, folder / f"{pb.stem}.xml", compress_to_fp16=False)
    return folder / f"{pb.stem}.xml"


def contenders(task: str, folder: Path, photos: Sequence[np.ndarray], threads: int, work: Path) -> dict[str, Any]:
    """Pipelines by precision. What is not quantised in the one called int8 is computed in bf16."""
    exact, half = Compute("f32", threads, work / task), Compute("bf16", threads, work / task)
    made = {
        name: pipeline_class("openvino", task)(folder, compute=compute)
        for name, compute in (("f32", exact), ("bf16", half), ("int8", half))
    }
    listening = pipeline_class("openvino", task)(folder, compute=exact)
    vars(listening).update({name: Recorder(getattr(listening, name)) for name in GRAPHS[task]})
    for rgb in photos:
        answer(task, listening, rgb)
    for name, stem in GRAPHS[task].items():
        if fed := getattr(listening, name).fed:  # a head graph that no photo reached stays as it is
            setattr(made["int8"], name, Session(quantised(folder / f"{stem}.pb", fed, work), compute=half))
    return made


def answer(task: str, pipeline: Any, rgb: np.ndarray) -> np.ndarray:
    """On 0..255."""
    if task == "cartoon":
        return pipeline.stylize([rgb])[0].image.astype(np.float32)
    return pipeline.matte([rgb])[0] * 255


def loss(task: str, exact: Sequence[np.ndarray], found: Sequence[np.ndarray]) -> dict[str, str]:
    one, other = (np.concatenate([each.ravel() for each in answers]) for answers in (exact, found))
    apart = np.abs(one - other)
    told = {"mean": f"{apart.mean():.2f}", "99 %": f"{np.percentile(apart, 99):.0f}", "largest": f"{apart.max():.0f}"}
    if task == "cartoon":
        return told | {"PSNR dB": f"{10 * np.log10(255**2 / max(np.square(apart).mean(), 1e-3)):.1f}"}
    soft, mine, theirs = (one > SOFT[0]) & (one < SOFT[1]), one > 127, other > 127
    overlap = (mine & theirs).sum() / max(1, (mine | theirs).sum())
    return told | {"mean where soft": f"{apart[soft].mean() if soft.any() else 0:.2f}", "IoU": f"{overlap:.4f}"}


def compared(task: str, made: Mapping[str, Any], shown: Sequence[np.ndarray]) -> list[dict[str, Any]]:
    answers = {name: [answer(task, each, rgb) for rgb in shown] for name, each in made.items()}
    exact = answers.pop("f32")
    return [{"against f32": name, "pictures": len(shown)} | loss(task, exact, found) for name, found in answers.items()]


def timed(task: str, made: Mapping[str, Any], rgb: np.ndarray, *, most: int) -> list[dict[str, Any]]:
    calls = {name: partial(answer, task, each, rgb) for name, each in made.items()}
    taken = bench.alternate(calls, seconds=30, most=most)
    bf16 = statistics.median(taken["bf16"].wall)
    return [
        {"picture": f"{rgb.shape[1]} x {rgb.shape[0]} px", "precision": name, "ms": bench.spread(each.wall)}
        | {"bf16 / this": f"{bf16 / statistics.median(each.wall):.2f}"}
        for name, each in taken.items()
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, help="folder of photos")
    parser.add_argument("--weights", type=Path, help="folder with cartoon and matting; default: the stand-ins")
    parser.add_argument("--only", nargs="*", default=tuple(GRAPHS), choices=tuple(GRAPHS), help="tasks")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    parser.add_argument("--out", type=Path, default=bench.RESULTS, help="folder for the JSON and the Markdown table")
    asked = parser.parse_args()
    weights, threads, only = asked.weights or ensure(DEFAULT_FOLDER), os.cpu_count() or 1, tuple(asked.only)
    given = bench.Options(asked.quick, asked.out, weights, threads, "bf16", False, only, asked.out)
    facts, shown = bench.machine(given), pictures(asked.photos)
    tables: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as work:
        for task in only:
            made = contenders(task, weights / task, shown[::2], threads, Path(work))
            tables[f"Loss of {task}, on 0..255"] = compared(task, made, shown[1::2])
            tables[f"Time of {task}"] = timed(task, made, shown[0], most=5 if asked.quick else 20)
    bench.publish("int8", given, facts, tables)


if __name__ == "__main__":
    main()
