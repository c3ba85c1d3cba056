"""The engine's own care: rewritten networks answer as before, several threads at once, memory given back."""

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import openvino as ov
import pytest
from openvino import opset13

from models.engines import Compute, best_precision, graph_rewrites, mapped_files, precision_of
from models.engines.openvino import Session
from models.weights.store import SAMPLES
from tests.helpers import pictures

ROOT = Path(__file__).parents[3]
# Alone in a process: in one that has freed much before, the system's own count need not move.
LARGE_PHOTO = """
import sys
from pathlib import Path
import numpy as np
import preload
from models.engines import Compute, openvino
from models.weights.store import SAMPLES

def photo(side):
    return {"input_image": np.random.default_rng(1).uniform(0, 255, (side, side, 3)).astype(np.float32)}

graph = openvino.Session(SAMPLES / "matting" / "tf_graph.pb", compute=Compute("f32", 2, Path(sys.argv[1])))
before = graph.run(photo(128))["output_png"]
given_back, openvino.LARGE_BYTES = openvino.LARGE_BYTES, 2**40
graph.run(photo(1280))
kept = preload.resident_memory_mb()
openvino.LARGE_BYTES = given_back
graph.run(photo(1280))
assert preload.resident_memory_mb() < kept - 50, (preload.resident_memory_mb(), kept)
assert np.array_equal(graph.run(photo(128))["output_png"], before)
"""


@pytest.mark.parametrize("isa", ["SSE41", "AVX2", "avx2_vnni", "AVX512_CORE", "AVX512_CORE_VNNI"])
def test_instruction_sets_without_bf16_get_f32(isa: str, monkeypatch: pytest.MonkeyPatch) -> None:
    best_precision()  # oneDNN looks once in a process: before the variable is set, for the tests that follow
    monkeypatch.setenv("ONEDNN_MAX_CPU_ISA", isa)
    assert best_precision() == precision_of("emotion", "bf16") == precision_of("matting", "auto") == "f32"


@pytest.mark.parametrize("isa", ["ALL", "DEFAULT", "AVX2_VNNI_2", "AVX512_CORE_BF16", "AVX512_CORE_AMX", "AVX10_1_512"])
def test_instruction_sets_with_bf16_change_nothing(isa: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = best_precision()
    monkeypatch.setenv("ONEDNN_MAX_CPU_ISA", isa)
    assert best_precision() == before


def convolution(outputs: int, side: int) -> ov.Model:
    image = opset13.parameter([1, 5, -1, -1], np.float32, name="image")
    kernel = np.random.default_rng(1).normal(size=(outputs, 5, side, side)).astype(np.float32)
    drawn = opset13.convolution(image, kernel, [1, 1], [0, 0], [0, 0], [1, 1], "same_upper")
    return ov.Model([drawn], [image])


@pytest.mark.parametrize(("outputs", "side"), [(1, 7), (3, 7), (2, 3)])
def test_a_widened_convolution_answers_as_before_at_every_size(outputs: int, side: int) -> None:
    plain, wide = convolution(outputs, side), convolution(outputs, side)
    graph_rewrites.rewrite(wide, {})
    assert any(node.get_type_name() == "DepthToSpace" for node in wide.get_ops())
    runs = [ov.Core().compile_model(network, "CPU", {"INFERENCE_PRECISION_HINT": "f32"}) for network in (plain, wide)]
    for height, width in ((16, 16), (5, 9), (3, 2), (1, 30)):
        image = np.random.default_rng(height).normal(size=(1, 5, height, width)).astype(np.float32)
        before, after = (run([image])[0] for run in runs)
        np.testing.assert_allclose(after, before, atol=1e-4)


def test_convolutions_that_fill_a_register_stay(tmp_path: Path) -> None:
    network = convolution(32, 3)
    graph_rewrites.rewrite(network, {})
    assert not any(node.get_type_name() == "DepthToSpace" for node in network.get_ops())


def test_several_threads_at_once_get_their_own_answers(tmp_path: Path) -> None:
    graph = Session(SAMPLES / "matting" / "tf_graph.pb", compute=Compute("f32", 2, tmp_path, streams=2))
    shown = [pictures.portrait(128 + 32 * n).astype(np.float32) for n in range(4)]
    alone = [graph.run({"input_image": rgb})["output_png"] for rgb in shown]
    together: dict[int, list[np.ndarray]] = {n: [] for n in range(4)}

    def ask(n: int) -> None:
        together[n] = [graph.run({"input_image": shown[n]})["output_png"] for _ in range(5)]

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(answer, alone[n]) for n in range(4) for answer in together[n])


def test_memory_of_mapped_files_is_given_back_and_the_answers_stay(tmp_path: Path) -> None:
    compute = Compute("f32", 2, tmp_path)
    rgb = {"input_image": pictures.portrait(128).astype(np.float32)}
    Session(SAMPLES / "matting" / "tf_graph.pb", compute=compute)
    graph = Session(SAMPLES / "matting" / "tf_graph.pb", compute=compute)
    before = graph.run(rgb)["output_png"]
    assert mapped_kilobytes(tmp_path) > 0
    mapped_files.let_go(tmp_path)
    assert mapped_kilobytes(tmp_path) == 0
    assert np.array_equal(graph.run(rgb)["output_png"], before)


def mapped_kilobytes(folder: Path) -> int:
    """Resident memory that holds pages of files in `folder`."""
    inside, total = False, 0
    for line in Path("/proc/self/smaps").read_text().splitlines():
        if not line.split(" ")[0].endswith(":"):
            inside = str(folder) in line
        elif inside and line.startswith("Rss:"):
            total += int(line.split()[1])
    return total


def test_a_large_photo_leaves_no_memory_behind(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", LARGE_PHOTO, str(tmp_path)], cwd=ROOT, check=True)
