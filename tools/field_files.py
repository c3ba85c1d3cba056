"""Tables of files as people have them: what the studio answers, how long it listens, how far its colours are off.

    python -m tools.field_files [--given ../shared/data/field] [--url http://localhost:7860] > docs/field_files.md

Without --url it starts a studio on sample models. Needs Chromium and `requirements-dev.txt`. The given files are not
part of the project; without their folder only our own are tried.
"""

import argparse
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import httpx
import numpy as np

from models.media import images
from models.media.file_types import kind_of
from tests.helpers.browser_canvas import shown
from tests.helpers.browser_studio import chromium, given_or_sample
from tests.helpers.cut_pictures import cut
from tests.helpers.cut_recordings import ANNOUNCED, UNKNOWN
from tests.helpers.odd_images import PICTURES
from tests.helpers.worn_recordings import BROKEN, CONTAINERS, SECONDS, SIDED

Makers = Mapping[str, Callable[[], bytes]]

HEAD = """# Files from the field

Printed by `python -m tools.field_files` on sample models, whose labels mean little. *There* is what FFmpeg decodes of a
given file, and what was put into our own; coders fill their first and last frame. Colours are the largest difference to
Chromium's canvas, in levels of 255. Of a JPEG without its end mark Chromium holds the last row of blocks back and shows
white; here it is shown, since it is in the file: 255.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--given", type=Path, default=Path("../shared/data/field"))
    parser.add_argument("--url")
    options = parser.parse_args()
    print(HEAD)
    with given_or_sample(options.url) as address, chromium() as browser:
        _table("Given files", ("file", "answer", "heard, s", "there, s", "colours"), _given(options, address, browser))
        _table("Own recordings", ("kind", "files", "answered", "farthest from there, s"), _recordings(address))
        _table("Own pictures", ("kind", "files", "shown by Chromium", "colours"), _pictures(browser))


def _table(title: str, head: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> None:
    print(f"## {title}\n", f"| {' | '.join(head)} |", "|---" * len(head) + "|", sep="\n")
    for row in rows:
        print(f"| {' | '.join(map(str, row))} |")
    print()


def _given(options: argparse.Namespace, address: str, browser: Any) -> Iterator[tuple[object, ...]]:
    for path in sorted(options.given.iterdir()) if options.given.is_dir() else []:
        data, family = path.read_bytes(), kind_of(path.read_bytes())
        if family and family.family == "picture":
            status = httpx.post(f"{address}/api/v1/cartoon", files={"image": data}, timeout=60).status_code
            yield path.name, f"cartoon, {status}", "", "", _farthest(data, shown(browser, [data])[0])
        else:
            told = _heard(address, data)
            yield path.name, _words(told), f"{told['duration']:.2f}", f"{_decoded(data):.2f}", ""


def _heard(address: str, data: bytes) -> dict[str, Any]:
    return httpx.post(f"{address}/api/v1/emotion", files={"audio": data}, timeout=60).raise_for_status().json()


def _words(told: dict[str, Any]) -> str:
    label = f"{told['emotion']} {told['confidence']:.2f}" if told["emotion"] else "no voice heard"
    return f"{label}; {told['warning']}" if told["warning"] else label


def _decoded(data: bytes) -> float:
    """Seconds of the longest track, of which broken packets count for nothing."""
    with av.open(BytesIO(data), metadata_errors="ignore") as container:
        lengths = dict.fromkeys((track.index for track in container.streams.audio), 0.0)
        for packet in container.demux(*container.streams.audio):
            try:
                lengths[packet.stream.index] += sum(frame.samples / frame.sample_rate for frame in packet.decode())
            except av.FFmpegError:
                continue
    return max(lengths.values())


def _recordings(address: str) -> Iterator[tuple[object, ...]]:
    whole = {name: (make, times * SECONDS) for name, (make, times) in CONTAINERS.items()}
    kinds = {
        "every container, joined, with junk": whole,
        "damaged in one place": _lasting(BROKEN, SECONDS),
        "voice in one channel or track": _lasting(SIDED, SECONDS),
        "of unknown length": _lasting(UNKNOWN, 1.0),
        "cut off: heard and missing": _lasting(
            {name: lambda make=make: cut(make(), 0.6) for name, make in ANNOUNCED.items()}, SECONDS
        ),
    }
    for kind, files in kinds.items():
        told = [(_heard(address, make()), seconds) for make, seconds in files.values()]
        far = [abs(each["duration"] + (each["missing_seconds"] or 0) - seconds) for each, seconds in told]
        yield kind, len(files), len(told), f"{max(far):.2f}"


def _lasting(makers: Makers, seconds: float) -> dict[str, tuple[Callable[[], bytes], float]]:
    return {name: (make, seconds) for name, make in makers.items()}


def _pictures(browser: Any) -> Iterator[tuple[object, ...]]:
    files = [kind.make() for kind in PICTURES]
    far = [_farthest(data, theirs) for data, theirs in zip(files, shown(browser, files), strict=True)]
    levels = [each for each in far if each is not None]
    yield "every format and mode", len(files), len(levels), max(levels)


def _farthest(data: bytes, theirs: np.ndarray | None) -> int | None:
    """None where Chromium calls it broken, or does not turn it as its EXIF says."""
    ours = images.decode(data).astype(int)
    return None if theirs is None or ours.shape != theirs.shape else int(np.abs(ours - theirs).max())


if __name__ == "__main__":
    main()
