"""Several hosts on one shared volume. Each has its own mounts, process numbers and host name, so none can ask whether
another's process lives, as on NFS; a real NFS export needs a kernel that has one and is not made here."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.catalog import CATALOG, DEFAULT_VARIANT
from models.emotion import converted_name
from models.weights.store import SAMPLES
from tests.helpers.fake_hub import FakeHub
from tests.helpers.running import ROOT

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="makes namespaces")

SECONDS = 240
# A host that is silent for so long is taken for dead; 15 s where nobody waits for a test.
PROGRAM = "import sys, preload; preload.lease.SILENT_SECONDS = 5.0; sys.exit(preload.main(sys.argv[1:]))"
MOUNT = 'hostname "$1" && mount --bind "$2" /mnt && {more} && shift 2 && exec "$@"'
DEFAULTS = [models[DEFAULT_VARIANT[task]] for task, models in CATALOG.items()]


def host(name: str, volume: Path, hub: str, *, read_only: bool = False) -> subprocess.Popen[str]:
    """`preload` on a host that sees the volume as /mnt."""
    more = "mount -o remount,bind,ro /mnt" if read_only else "true"
    namespaces = ["unshare", "--mount", "--pid", "--uts", "--fork", "--kill-child", "--mount-proc"]
    command = [*namespaces, "sh", "-c", MOUNT.format(more=more), "-", name, str(volume), sys.executable, "-c", PROGRAM]
    environ = {**os.environ, "MODELSCOPE_CACHE": "/mnt/modelscope", "MODELSCOPE_ENDPOINT": hub}
    return subprocess.Popen(
        [*command, "--models", "hub", "--preload", "default", "--cache", "/mnt/prewarm", "--precision", "f32"],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def until_fetching(process: subprocess.Popen[str]) -> str:
    """What it said up to then."""
    said = ""
    for line in process.stdout or ():
        said += line
        if "fetching" in line:
            break
    return said


def content(volume: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in volume.rglob("*")}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, FakeHub, list[str]]]:
    """An empty volume, filled by three hosts at once, of which the first is killed while it fetches."""
    volume = tmp_path_factory.mktemp("volume")
    # The sample weights, under the names of the real ones.
    repos = {model.id: {n: (SAMPLES / str(model.sample) / n).read_bytes() for n in model.files} for model in DEFAULTS}
    with FakeHub(repos, file="slow", pace=0.02) as hub:
        first = host("one", volume, hub.endpoint)
        while len(hub.fetched()) < 4:
            time.sleep(0.02)
        hub.pace = 5.0
        others = [host(name, volume, hub.endpoint) for name in ("two", "three")]
        begun = [until_fetching(other) for other in others]
        first.kill()
        first.communicate()
        hub.pace = 0.0
        said = [text + other.communicate(timeout=SECONDS)[0] for text, other in zip(begun, others, strict=True)]
        assert [other.returncode for other in others] == [0, 0], said
        yield volume, hub, said


def test_one_fetches_the_others_wait_and_a_killed_one_is_succeeded(filled: tuple[Path, FakeHub, list[str]]) -> None:
    _, hub, said = filled
    for text in said:
        assert "fetching" in text and " % of " in text
        assert text.count(" ready from ") == 3
        assert "from sample" not in text
    # One writer at a time: only what the killed one had begun is asked for twice.
    assert max(Counter(hub.fetched()).values()) <= 2 * len(DEFAULTS)
    assert hub.sent < 2 * sum(len(data) for files in hub.repos.values() for data in files.values())


def test_everything_is_there_once_and_nothing_half_made(filled: tuple[Path, FakeHub, list[str]]) -> None:
    volume, hub, _ = filled
    for model in DEFAULTS:
        for name, data in hub.repos[model.id].items():
            assert [path.read_bytes() for path in volume.glob(f"modelscope/**/{model.id}/{name}")] == [data]
    assert len(list(volume.glob(f"prewarm/artifacts/*/{converted_name('f32')}/emotion.bin"))) == 1
    networks = {data for repo in hub.repos.values() for name, data in repo.items() if name.endswith(".pb")}
    compiled = list(volume.glob("prewarm/artifacts/*/compiled/*"))
    assert len(compiled) == len(networks) + 1  # and Emotion2Vec
    leftovers = [path for path in volume.rglob("*") if "~" in path.name or path.suffix == ".incomplete"]
    assert not [path for path in leftovers if "lease" not in path.name]


def test_a_complete_volume_may_be_read_only_and_needs_no_hub(filled: tuple[Path, FakeHub, list[str]]) -> None:
    volume, *_ = filled
    before = content(volume)
    hosts = [host(name, volume, "http://127.0.0.1:9", read_only=True) for name in ("four", "five")]
    said = [each.communicate(timeout=SECONDS)[0] for each in hosts]
    assert [each.returncode for each in hosts] == [0, 0], said
    assert all(text.count(" ready from cache ") == 3 for text in said)
    assert content(volume) == before
