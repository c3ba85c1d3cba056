"""Weights and stores for tests: small files of every kind that pass as a model's, and ways to harm them."""

import functools
import io
import os
import zipfile
from pathlib import Path

import pytest

from models.catalog import CATALOG, Model
from models.errors import WeightsError
from models.weights import manifest
from models.weights.hub import Patience
from models.weights.manifest import write_manifest
from models.weights.store import Located, Store

ANIME, SKETCH, NO_SAMPLE = (CATALOG["cartoon"][style] for style in ("anime", "sketch", "sd-design"))
EMOTION = CATALOG["emotion"]["large"]
PATIENT = Patience(connect=5.0, read=5.0, listing=5.0, pause=0.01, other=5.0)
IMPATIENT = Patience(connect=0.3, read=0.3, listing=0.8, pause=0.01, other=5.0)
NOWHERE = "http://127.0.0.1:9"


def varint(number: int) -> bytes:
    return bytes([number]) if number < 128 else bytes([number & 127 | 128]) + varint(number >> 7)


def message(number: int, body: bytes) -> bytes:
    return bytes([number << 3 | 2]) + varint(len(body)) + body


def graph(*ops: str, weight: bytes = bytes(5000)) -> bytes:
    """A frozen graph with these operations, and constant bytes in the last one."""
    nodes = [message(1, op.lower().encode()) + message(2, op.encode()) + message(5, weight) for op in ops]
    return b"".join(message(1, node) for node in nodes)


@functools.cache
def checkpoint(pickled: bytes = b"\x80\x02}.") -> bytes:
    """A file of torch.save, holding nothing unless told otherwise."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in (("data.pkl", pickled), ("version", b"3\n"), ("data/0", bytes(40_000))):
            archive.writestr(f"archive/{name}", data)
    return buffer.getvalue()


def contents(model: Model) -> dict[str, bytes]:
    by_suffix = {
        ".json": b'{"framework": "tensorflow"}',
        ".pb": graph("Placeholder", "Conv2D", weight=model.key.encode() * 400),
        ".jpg": b"\xff\xd8\xff\xe0 alpha",
        ".pt": checkpoint(),
        ".yaml": b"model: Emotion2vec\nlr: 1.0e-5\n",
        ".txt": "生气/angry\n<unk>\n".encode(),
    }
    return {name: by_suffix[Path(name).suffix] for name in model.files}


def put(folder: Path, model: Model) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in contents(model).items():
        (folder / name).write_bytes(data)
    return folder


def make_store(place: Path) -> Store:
    """Three samples, an empty cache, a hub that refuses; patient, for a busy machine answers late."""
    for model in (ANIME, SKETCH, EMOTION):
        put(place / "samples" / str(model.sample), model)
    write_manifest(place / "samples")
    places = {"state": place / "state", "caches": (place / "cache",), "samples": place / "samples"}
    return Store(**places, endpoint=NOWHERE, mode="auto", folders={}, patience=PATIENT)


def count_hashes(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that are hashed from now on."""
    hashed: list[Path] = []
    real = manifest.sha256_of
    monkeypatch.setattr(manifest, "sha256_of", lambda path: hashed.append(path) or real(path))
    return hashed


def locate(store: Store, model: Model = ANIME) -> Located:
    return store.locate(model, progress=lambda done, total: None)


def refusal(store: Store, model: Model = ANIME) -> WeightsError:
    with pytest.raises(WeightsError) as caught:
        locate(store, model)
    return caught.value


def cached(store: Store, model: Model = ANIME) -> Path:
    owner, name = model.id.split("/")
    return put(store.caches[0] / "hub" / "models" / owner / name, model)


def flip(path: Path, bit: int | None = None) -> None:
    """One bit, that in the middle unless told, with the times put back: what a bad disk or a bad actor leaves."""
    times = path.stat()
    data = bytearray(path.read_bytes())
    bit = 4 * len(data) if bit is None else bit
    data[bit // 8] ^= 1 << bit % 8
    path.write_bytes(data)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
