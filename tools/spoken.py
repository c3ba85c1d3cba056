"""Spoken sentences in the manner of seven emotions, by espeak-ng: pitch, tempo and loudness after published cues.

High, fast and loud for anger and joy, high, fast and faint for fear, low, slow and faint for sadness, low and slow for
disgust, highest for surprise (Scherer 2003; Juslin and Laukka 2003). Needs the program espeak-ng.
"""

import io
import subprocess

import numpy as np
import soundfile
import soxr

RATE = 16_000
SECONDS = 2.5
# Pitch 0..99, words per minute, amplitude 0..200.
MANNERS = {
    "angry": (60, 205, 200),
    "disgusted": (22, 135, 120),
    "fearful": (88, 220, 50),
    "happy": (76, 188, 170),
    "neutral": (42, 150, 100),
    "sad": (16, 105, 50),
    "surprised": (97, 160, 190),
}
VOICES = ("en", "en+m3", "en+m5", "en+f2", "en+f5", "en-us", "en-us+f4", "de", "fr", "es", "cmn")
SENTENCES = (
    "The train leaves at nine and the shop is open until eight.",
    "We put the letters on the table next to the window.",
    "There are seven people in the room and one of them is called Anna.",
    "Come over here and look at what I have found in the garden.",
)


def speak(label: str, rng: np.random.Generator) -> np.ndarray:
    """One sentence of a random voice in the manner of `label`: float32 [N] mono 16 kHz, at most SECONDS long."""
    pitch, tempo, loudness = MANNERS[label]
    settings = {
        "-v": rng.choice(VOICES),
        "-p": int(np.clip(pitch + rng.integers(-6, 7), 0, 99)),
        "-s": int(tempo + rng.integers(-12, 13)),
        "-a": loudness,
    }
    flags = [str(part) for pair in settings.items() for part in pair]
    command = ["espeak-ng", *flags, "--stdout", str(rng.choice(SENTENCES))]
    spoken = subprocess.run(command, capture_output=True, check=True).stdout
    waveform, rate = soundfile.read(io.BytesIO(spoken), dtype="float32")
    return soxr.resample(waveform, rate, RATE)[: round(SECONDS * RATE)]
