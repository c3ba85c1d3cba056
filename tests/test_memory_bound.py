"""However many large files arrive at once at the page's own API, the process grows by less than a gigabyte."""

import io
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import numpy as np
import pytest
import soundfile
from gradio_client import Client, handle_file
from PIL import Image

from tests.helpers.running import metric, standin

ON_WHITE = {"background": "#ffffff", "format": "jpg"}  # as a PNG a picture of this size takes seconds
GROWTH_BYTES = 1_000_000_000
REFUSED = "Large files of others fill the server's memory"


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with standin(tmp_path_factory.mktemp("studio"), page=True) as address:
        yield address


def photo(folder: Path) -> Path:
    """49 megapixels in less than a megabyte."""
    small = np.random.default_rng(0).integers(0, 255, (70, 70, 3), np.uint8)
    path = folder / "large.jpg"
    Image.fromarray(small).resize((7000, 7000), Image.Resampling.BILINEAR).save(path, quality=40)
    return path


def recording(folder: Path) -> Path:
    """Fifty minutes of a tone, as FLAC."""
    path, file = folder / "long.flac", io.BytesIO()
    soundfile.write(file, 0.1 * np.sin(np.arange(3000 * 16_000) / 20), 16_000, format="FLAC")
    path.write_bytes(file.getvalue())
    return path


def resident_bytes(address: str) -> float:
    return metric(httpx.get(f"{address}/metrics", timeout=60).text, "process_resident_memory_bytes")


@pytest.mark.parametrize(
    ("task", "make", "at_once", "options"),
    [("cartoon", photo, 16, {}), ("matting", photo, 3, ON_WHITE), ("emotion", recording, 6, {})],
)
def test_large_files_at_once_are_answered_or_refused_in_words(
    studio: str, tmp_path: Path, task: str, make: Callable[[Path], Path], at_once: int, options: dict[str, str]
) -> None:
    file, done = make(tmp_path), threading.Event()
    before = resident_bytes(studio)
    peaks = [before]

    def watch() -> None:
        while not done.wait(0.02):
            peaks.append(resident_bytes(studio))

    def ask(_: int) -> str:
        client = Client(studio, verbose=False, download_files=tmp_path)
        try:
            client.predict(handle_file(file), **options, api_name=f"/{task}")
        except Exception as error:  # Gradio's own kind, made from the sentence
            return str(error)
        return "answered"

    watcher = threading.Thread(target=watch)
    watcher.start()
    with ThreadPoolExecutor(at_once) as pool:
        said = list(pool.map(ask, range(at_once)))
    done.set()
    watcher.join()
    assert all(each == "answered" or REFUSED in each for each in said), said
    assert said.count("answered") >= min(4, at_once)
    assert max(peaks) - before < GROWTH_BYTES
