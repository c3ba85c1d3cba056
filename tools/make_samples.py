"""Makes every sample model anew: python -m tools.make_samples [FOLDER]

Small weights of this project's own, in ModelScope's formats: for trying the studio and testing it. Needs the
development requirements and the program espeak-ng; the emotion model is trained, which takes some minutes.
"""

import sys
from pathlib import Path

from models.catalog import CATALOG
from models.weights.manifest import write_manifest
from models.weights.store import SAMPLES
from tools import sample_cartoon, sample_emotion, sample_matting


def main(folder: Path) -> None:
    for style, model in CATALOG["cartoon"].items():
        if model.sample:
            sample_cartoon.build(folder / model.sample, style)
    for kind, model in CATALOG["matting"].items():
        sample_matting.build(folder / str(model.sample), kind)
    sample_emotion.build(folder / "emotion")
    write_manifest(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES)
