"""All ten models: what does each add to a start in seconds and memory, and is its first answer as fast as later ones?

    python -m benchmarks.ten_models [--quick] [--out FOLDER]

Every style has generators of its own and shares detector, landmarks and mask, as the published ones do; the two of 3d
are one file. The real server finds them in a folder laid out as ModelScope's cache; one start prepares, the next is
told of.
"""

import os
import shutil
import statistics
import time
from pathlib import Path
from typing import Any

import cv2
import httpx

from benchmarks import bench, inputs, programs
from models.catalog import CATALOG, Family, Model

SIDE = 1024
ASKED = {"quick": 3, "full": 7}  # requests to each model
SHARED = ("alpha.jpg", "configuration.json", "detector.pb", "keypoints.pb")


def lay_out(cache: Path, standins: Path) -> None:
    """A full-size stand-in of every model, once."""
    from benchmarks.standins import freeze, generator, write_matting

    for number, model in enumerate(CATALOG["cartoon"].values()):
        folder = _folder(cache, model)
        for name in SHARED:
            shutil.copy(standins / "cartoon" / name, folder)
        freeze(generator(100 + 2 * number), folder / "cartoon_bg.pb")
        if model.variant == "3d":
            shutil.copy(folder / "cartoon_bg.pb", folder / "cartoon_h.pb")
        else:
            freeze(generator(101 + 2 * number), folder / "cartoon_h.pb")
    for number, model in enumerate(CATALOG["matting"].values()):
        write_matting(_folder(cache, model), 200 + number)
    shutil.copytree(standins / "emotion", _folder(cache, CATALOG["emotion"]["large"]), dirs_exist_ok=True)


def _folder(cache: Path, model: Model) -> Path:
    folder = cache / "models" / model.id
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def started(given: bench.Options, folder: Path, *, asked: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """One start until all are ready, then `asked` requests to each model."""
    port = programs.free_port()
    flags = ["--models", "hub", "--cache", str(folder / "prepared"), "--threads", str(given.threads)]
    arguments = ["app.py", "--host", "127.0.0.1", "--port", str(port), *flags]
    log = folder / f"log-{asked}"
    log.unlink(missing_ok=True)  # an earlier run's
    with (
        programs.program(arguments, log) as start,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=programs.PATIENCE_S) as client,
    ):
        told = _all_ready(client, start)
        _await_usual_passes(log)
        told.append({"model": "the process, after the usual passes", "MB": f"{_memory(client):.0f}"})
        answers = [_asked(client, model, asked) for model in _models()] if asked else []
        told.append({"model": "the process, after the answers", "MB": f"{_memory(client):.0f}"})
    return told, answers


def _models() -> list[Model]:
    return [model for variants in CATALOG.values() for model in variants.values()]


def _all_ready(client: httpx.Client, start: float) -> list[dict[str, Any]]:
    programs.until_served(f"{client.base_url}/livez", start)
    reached: dict[str, float] = {}
    while len(reached) < len(_models()):
        body = client.get("/readyz").json()
        seen = {status["key"]: status for status in (*body["models"].values(), *body["variants"].values())}
        for key, status in seen.items():
            if status["state"] == "failed":
                raise RuntimeError(f"{key}: {status['error']}")
            if status["state"] == "ready":
                reached.setdefault(key, time.perf_counter() - start)
        time.sleep(0.1)
    rows = [_row(seen[key], seconds) for key, seconds in reached.items()]
    return [*rows, {"model": "the process, ready", "MB": f"{_memory(client):.0f}"}]


def _await_usual_passes(log: Path) -> None:
    """Each model makes one while nobody asks; first answers are promised for after it."""
    end = time.monotonic() + programs.PATIENCE_S
    while log.read_text().count("a pass of usual size took") < len(_models()):
        if time.monotonic() > end:
            raise RuntimeError("The usual passes were not made.")
        time.sleep(0.2)


def _row(status: dict[str, Any], reached: float) -> dict[str, Any]:
    stages = {f"{stage} s": f"{status['seconds'].get(stage, 0):.2f}" for stage in ("fetching", "loading", "warming")}
    return {"model": status["key"], "ready after s": f"{reached:.1f}", **stages, "MB": f"{status['memory_mb']:.0f}"}


def _memory(client: httpx.Client) -> float:
    lines = client.get("/metrics").text.splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("process_resident_memory_bytes")) / 1e6


def _asked(client: httpx.Client, model: Model, count: int) -> dict[str, Any]:
    files, data = _request(model.family, model.variant)
    seconds = []
    for _ in range(count):
        start = time.perf_counter()
        client.post(f"/api/v1/{model.family}", files=files, data=data).raise_for_status()
        seconds.append(time.perf_counter() - start)
    first, usual = 1000 * seconds[0], 1000 * statistics.median(seconds[1:])
    times = {"first ms": f"{first:.0f}", "median ms": f"{usual:.0f}", "first / median": f"{first / usual:.2f}"}
    return {"model": model.key, **times}


def _request(family: Family, variant: str) -> tuple[dict[str, bytes], dict[str, str]]:
    if family == "emotion":
        from models.media.audio import encode_wav

        return {"audio": encode_wav(inputs.clip(4))}, {}
    photo = cv2.imencode(".jpg", inputs.picture(SIDE, 1)[:, :, ::-1])[1].tobytes()
    return {"image": photo}, {"style" if family == "cartoon" else "model": variant}


def main() -> None:
    given = bench.options(__doc__)
    facts = bench.machine(given)
    folder = given.standins / "ten"
    cache = folder / "hub"
    os.environ["MODELSCOPE_CACHE"] = str(cache)
    if not (folder / "whole").exists():
        lay_out(cache, given.standins)
        (folder / "whole").touch()
    started(given, folder, asked=0)
    told, answers = started(given, folder, asked=ASKED["quick" if given.quick else "full"])
    bench.publish("ten_models", given, facts, {"A start": told, f"Answers at {SIDE} px, 4 s": answers})


if __name__ == "__main__":
    main()
