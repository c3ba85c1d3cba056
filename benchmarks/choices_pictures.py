"""Choices around the networks, for benchmarks/choices.py: encoding, OpenCV's threads, how pictures are fed."""

import statistics
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import cv2
import numpy as np

from benchmarks import bench, inputs
from benchmarks.quality import pictures
from models import cartoon
from models.engines import Compute, openvino, pipeline_class
from models.engines.openvino import Session, ov
from models.finish import cutout
from models.media import images
from models.weights.store import SAMPLES

SIDE = 1024
STRATEGIES = {
    "default": cv2.IMWRITE_PNG_STRATEGY_DEFAULT,
    "filtered": cv2.IMWRITE_PNG_STRATEGY_FILTERED,
    "Huffman": cv2.IMWRITE_PNG_STRATEGY_HUFFMAN_ONLY,
    "RLE": cv2.IMWRITE_PNG_STRATEGY_RLE,
    "fixed": cv2.IMWRITE_PNG_STRATEGY_FIXED,
}

Timer = Callable[[Mapping[str, Callable[[], Any]]], dict[str, list[float]]]


def tables(given: bench.Options, times_of: Timer) -> dict[str, list[dict[str, Any]]]:
    found = {}
    if "cartoon" in given.only or "matting" in given.only:
        found["Threads of OpenCV"] = opencv_threads(given, times_of)
        found["Encoding"] = encoding(given, times_of)
        found["Numbers a network is fed"] = numbers(given, times_of)
    return found


def opencv_threads(given: bench.Options, times_of: Timer) -> list[dict[str, Any]]:
    """What a photo of 1024 px costs outside networks, with one thread of OpenCV and with all."""
    photo, usual = inputs.picture(SIDE), cv2.getNumThreads()
    drawn, matte = cartoon.preprocess(photo).astype(np.float32), photo[:, :, 0].astype(np.float32) / 255
    steps: dict[str, Callable[[], Any]] = {
        "cartoon: before and after": lambda: cartoon.postprocess(cartoon.preprocess(photo) + drawn, photo.shape),
        "matting: refine, composite": lambda: cutout.composite(photo, cutout.refine(matte)),
    }
    counts = sorted({1, given.threads})
    calls = {f"{name}, {count}": partial(_on_threads, count, step) for name, step in steps.items() for count in counts}
    taken = {name: bench.ms(statistics.median(times)) for name, times in times_of(calls).items()}
    cv2.setNumThreads(usual)
    return [
        {
            "threads": count,
            "used": "yes" if count == usual else "",
            **{f"{name} ms": taken[f"{name}, {count}"] for name in steps},
        }
        for count in counts
    ]


def _on_threads(count: int, step: Callable[[], Any]) -> None:
    cv2.setNumThreads(count)
    step()


def encoding(given: bench.Options, times_of: Timer) -> list[dict[str, Any]]:
    """ms and kB of a cartoon and a cut-out of 1024 px, made by the sample models."""
    made = {"cartoon": _cartoon(given), "cut-out": _cutout(given)}
    rows = [{"format": name, "used": "yes" if used else ""} for name, used, _ in codings(given)]
    for title, image in made.items():
        codes = {name: partial(encode, image) for name, _, encode in codings(given)}
        for row, times in zip(rows, times_of(codes).values(), strict=True):
            row[f"{title} ms"] = bench.ms(statistics.median(times))
            row[f"{title} kB"] = f"{len(codes[row['format']]()) / 1e3:.0f}"
    return rows


def codings(given: bench.Options) -> Iterator[tuple[str, bool, Callable[[np.ndarray], bytes]]]:
    """Name, whether the product uses it, and the way from a picture to bytes. Only zlib's own matching has levels."""
    levels = (0, 1, 3, 6) if given.quick else range(10)
    for strategy, number in STRATEGIES.items():
        for level in levels if strategy == "default" else (1,):
            options = (cv2.IMWRITE_PNG_COMPRESSION, level, cv2.IMWRITE_PNG_STRATEGY, number)
            yield f"png {level} {strategy}", options == images._PNG, partial(_png, options)
    for quality in (80, 90, 95):
        yield f"jpg {quality}", quality == 90, partial(images.encode, format="jpg", quality=quality)
    for quality in (80, 90):
        yield f"webp {quality}", quality == 90, partial(images.encode, format="webp", quality=quality)


def _png(options: tuple[int, ...], image: np.ndarray) -> bytes:
    return images._cv2_encode(".png", image, options)


def _photo() -> np.ndarray:
    return cv2.resize(next(pictures()), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)


def _sample(task: str, given: bench.Options) -> Any:
    compute = Compute(given.precision, given.threads, given.artifacts / "samples" / task)
    return pipeline_class("openvino", task)(SAMPLES / task, compute=compute)


def _cartoon(given: bench.Options) -> np.ndarray:
    return _sample("cartoon", given).stylize([_photo()])[0].image


def _cutout(given: bench.Options) -> np.ndarray:
    return cutout.composite(_photo(), cutout.refine(_sample("matting", given).matte([_photo()])[0]))


def numbers(given: bench.Options, times_of: Timer) -> list[dict[str, Any]]:
    """uint8 turned to float32 by NumPy, or by the network itself."""
    rows = []
    for task, file, side in (("cartoon", "cartoon_bg.pb", 720), ("matting", "tf_graph.pb", 512)):
        rgb = inputs.picture(side)
        calls = {"float32": _fed(task, file, given, rgb, np.float32), "uint8": _fed(task, file, given, rgb, np.uint8)}
        taken = times_of(calls)
        (port,) = Session(given.standins / task / file, compute=given.compute(task))._inputs.values()
        used = port.get_element_type().to_dtype().name
        rows += [
            {
                "network": f"{task} {side} px",
                "fed with": name,
                "used": "yes" if name == used else "",
                "ms (p5-p95)": bench.spread(times),
            }
            for name, times in taken.items()
        ]
    return rows


def _fed(task: str, file: str, given: bench.Options, rgb: np.ndarray, kind: type) -> Callable[[], Any]:
    core, compute = ov.Core(), given.compute(task)
    with openvino._rewritten(core, given.standins / task / file, compute.artifacts, {}) as path:
        prepared = ov.preprocess.PrePostProcessor(core.read_model(path))
    prepared.input().tensor().set_element_type(ov.Type(kind))
    prepared.input().preprocess().convert_element_type()
    compiled = core.compile_model(prepared.build(), "CPU", openvino._options(compute, given.precision))
    request = compiled.create_infer_request()
    return lambda: request.infer([rgb.astype(kind, copy=False)])[0].copy()
