"""The stand-ins of all three models, made once, outside the repository.

    python -m benchmarks.make_standins [FOLDER]

writes cartoon/, matting/ and emotion/ (2 GB) under FOLDER and a checksum of each file. Needs TensorFlow and torch.
"""

import argparse
import hashlib
from pathlib import Path

DEFAULT_FOLDER = Path("~/.cache/prewarm/standins").expanduser()
SUMS = "SHA256SUMS"  # written last: its presence says that the set is whole


def ensure(folder: Path) -> Path:
    """`folder`, with the stand-ins in it."""
    if not (folder / SUMS).exists():
        make(folder)
    return folder


def make(folder: Path) -> None:
    from benchmarks.standins import write_cartoon, write_matting
    from benchmarks.standins_emotion import write_emotion

    write_cartoon(folder / "cartoon", marked=True)
    write_matting(folder / "matting")
    write_emotion(folder / "emotion")
    sums = [f"{_sha256(path)}  {path.relative_to(folder)}" for path in sorted(folder.glob("*/*"))]
    (folder / SUMS).write_text("\n".join(sums) + "\n")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT_FOLDER)
    wanted = parser.parse_args().folder
    make(wanted)
    print((wanted / SUMS).read_text())
