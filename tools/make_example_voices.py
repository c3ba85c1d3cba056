"""Makes the emotion tab's example recordings anew: python -m tools.make_example_voices [FOLDER]

Sentences spoken by espeak-ng, so nobody's voice. Needs the program espeak-ng.
"""

import io
import sys
from pathlib import Path

import numpy as np
import soundfile

from tools.spoken import RATE, speak
from ui.tabs.examples import VOICES

SEED = 3
PAUSE_SECONDS = 0.6
MOODS = {
    "lively": ("happy", "happy"),
    "low": ("sad", "sad"),
    "long": ("neutral", "neutral", "happy", "happy", "surprised", "angry", "angry", "fearful", "sad", "sad", "neutral"),
}


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, moods in MOODS.items():
        file = io.BytesIO()
        soundfile.write(file, talk(moods, np.random.default_rng(SEED)), RATE, format="MP3")
        (folder / f"{name}.mp3").write_bytes(file.getvalue())


def talk(moods: tuple[str, ...], rng: np.random.Generator) -> np.ndarray:
    """A sentence in each mood with pauses between them: float32 [N] mono 16 kHz."""
    pause = np.zeros(round(PAUSE_SECONDS * RATE), np.float32)
    return np.concatenate([part for mood in moods for part in (pause, 0.8 * speak(mood, rng))] + [pause])


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else VOICES)
