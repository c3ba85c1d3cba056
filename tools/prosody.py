"""Synthesises emotional prosody without words: syllables from a source-filter voice, one manner per emotion.

The manners follow the acoustic cues collected by Scherer (2003, "Vocal communication of emotion", Speech Communication
40) and Juslin and Laukka (2003, "Communication of emotions in vocal expression and music performance", Psychological
Bulletin 129): pitch level, pitch range, tempo, loudness of high frequencies, attack, irregularity, pauses. Vowels are
those of Peterson and Barney (1952). Everything is float32 mono 16 kHz and follows from the generator that is passed in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

RATE = 16_000
STEPS = 200  # control points per second
VOWELS = np.array(
    [[730, 1090, 2440], [270, 2290, 3010], [300, 870, 2240], [530, 1840, 2480], [570, 840, 2410], [660, 1720, 2410]]
)


@dataclass(frozen=True)
class Manner:
    """How a voice speaks; pitch relative to the speaker's own, semitones for range and slopes, dB for the rest."""

    pitch: float  # times the speaker's resting pitch
    spread: float  # semitones between syllables, standard deviation
    slope: float  # semitones from start to end of a phrase
    final: float  # semitones within the last syllable
    rate: float  # syllables a second
    tilt: float  # dB per octave of the source
    breath: float  # noise beside the voice, 0..1
    jitter: float  # pitch irregularity from period to period
    tremor: float  # semitones of 6 Hz shaking
    attack: float  # seconds until a syllable is loud
    pause: float  # share of time in silence
    stress: float  # dB between syllables, standard deviation


MANNERS = {
    "angry": Manner(1.5, 3.5, -3, -4, 5.3, -4.0, 0.05, 0.015, 0.1, 0.012, 0.08, 3.5),
    "disgusted": Manner(0.88, 2.2, -4, -5, 3.0, -9.0, 0.12, 0.030, 0.1, 0.05, 0.20, 3.0),
    "fearful": Manner(1.65, 1.2, 1, 1, 6.2, -9.0, 0.30, 0.022, 0.7, 0.03, 0.25, 2.0),
    "happy": Manner(1.5, 4.5, 1, 3, 5.2, -6.5, 0.06, 0.005, 0.1, 0.025, 0.08, 3.0),
    "neutral": Manner(1.0, 1.6, -3, -2, 4.3, -8.5, 0.06, 0.006, 0.1, 0.035, 0.12, 1.8),
    "sad": Manner(0.92, 0.8, -3, -3, 2.5, -12.5, 0.25, 0.008, 0.2, 0.09, 0.30, 1.2),
    "surprised": Manner(1.75, 5.0, 6, 9, 4.2, -7.0, 0.10, 0.006, 0.1, 0.02, 0.20, 2.5),
}
LAUGHTER = Manner(1.6, 1.5, -6, -1, 4.8, -8.0, 0.55, 0.015, 0.2, 0.02, 0.40, 2.0)


def synthesize(label: str, *, seconds: float, rng: np.random.Generator) -> np.ndarray:
    """One clip [N] for an English label: a voice, laughter or a drone for `other`, no voice at all for `unknown`."""
    if label == "unknown":
        return _normal(_noise_or_music(seconds, rng))
    if label == "other":
        return _normal(speak(LAUGHTER, seconds=seconds, rng=rng) if rng.random() < 0.6 else _hum(seconds, rng))
    return _normal(speak(_varied(MANNERS[label], rng), seconds=seconds, rng=rng))


def speak(manner: Manner, *, seconds: float, rng: np.random.Generator) -> np.ndarray:
    """Nonsense syllables of one random speaker in this manner."""
    steps = round(seconds * STEPS)
    size = rng.random()  # 0 a long vocal tract with a low voice, 1 a short one with a high voice
    resting = 95 * 2 ** (1.15 * size + rng.normal(0, 0.12))
    semitones, loudness, formants, hiss = _plan(manner, steps, rng)
    semitones = semitones + manner.tremor * np.sin(2 * np.pi * 6 * np.arange(steps) / STEPS + rng.uniform(0, 6))
    pitch = resting * manner.pitch * 2 ** (semitones / 12) * (1 + rng.normal(0, manner.jitter, steps))
    formants = formants * (0.92 + 0.25 * size) * rng.normal(1, 0.03)
    voice = _voice(np.clip(pitch, 60, 600), loudness, formants, manner.tilt)
    breath = _stretched(loudness * manner.breath + hiss, len(voice)) * _coloured(len(voice), 3, rng)
    return voice + 0.25 * breath


def disturb(waveform: np.ndarray, *, rng: np.random.Generator) -> np.ndarray:
    """The same voice in another room through another microphone: tone colour, echo, background noise."""
    spectrum = np.fft.rfft(waveform)
    bands = np.interp(np.linspace(0, 1, len(spectrum)), np.linspace(0, 1, 9), rng.normal(0, 4, 9))
    spectrum *= 10 ** (bands / 20)
    if rng.random() < 0.5:
        echo = rng.normal(0, 1, 3200) * np.exp(-np.arange(3200) / rng.uniform(200, 900)) * rng.uniform(0.01, 0.06)
        echo[0] = 1
        spectrum *= np.fft.rfft(echo, len(waveform))
    clean = _normal(np.fft.irfft(spectrum, len(waveform)))
    return clean + _normal(_coloured(len(clean), rng.uniform(-6, 0), rng)) * 10 ** (-rng.uniform(12, 45) / 20)


def _varied(manner: Manner, rng: np.random.Generator) -> Manner:
    near = rng.normal(1, 0.12, 5)
    return replace(
        manner,
        pitch=manner.pitch * near[0],
        spread=manner.spread * near[1],
        rate=manner.rate * near[2],
        tilt=manner.tilt * near[3],
        pause=manner.pause * near[4],
        breath=manner.breath * rng.uniform(0.5, 1.5),
    )


def _plan(manner: Manner, steps: int, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Semitones [S], loudness [S], formants [S,3] and hiss of consonants [S] at every control point."""
    semitones, loudness, hiss = np.zeros(steps), np.zeros(steps), np.zeros(steps)
    formants = np.zeros((steps, 3))
    at, phrase = int(rng.integers(0, STEPS // 5)), 0.0
    while at < steps:
        length = max(8, round(STEPS / manner.rate * rng.normal(1, 0.15)))
        place = np.arange(min(length, steps - at))
        last = at + length + STEPS // 8 >= steps or rng.random() < manner.pause / 2
        rise = manner.final if last else rng.normal(0, manner.spread / 3)
        span = slice(at, at + len(place))
        semitones[span] = rng.normal(0, manner.spread) + manner.slope * (phrase - 0.5) + rise * (place / length) ** 2
        loudness[span] = _bell(place, length, manner.attack) * 10 ** (rng.normal(0, manner.stress) / 20)
        formants[span] = VOWELS[rng.integers(len(VOWELS))]
        hiss[at : at + 12] = rng.choice([0, 0.2, 0.6]) * np.hanning(12)[: steps - at]
        phrase = 0.0 if last else min(1.0, phrase + length / STEPS / 2)
        at += length + (round(STEPS * rng.uniform(0.1, 1.2) * manner.pause * 2) if last else 0)
    return _smooth(semitones, 7), loudness, _held(formants), hiss


def _bell(place: np.ndarray, length: int, attack: float) -> np.ndarray:
    """Loudness of one syllable: up within `attack` seconds, slowly down, gone before the next."""
    rise = np.minimum(1, (place + 1) / (attack * STEPS))
    fall = np.clip((length - place) / (0.3 * length), 0, 1)
    return rise * fall * (1 - 0.3 * place / length)


def _voice(pitch: np.ndarray, loudness: np.ndarray, formants: np.ndarray, tilt: float) -> np.ndarray:
    """Harmonics of the pitch, each as loud as tilt and formants make it at every control point."""
    samples = len(pitch) * RATE // STEPS
    turn = np.exp(2j * np.pi * np.cumsum(_stretched(pitch, samples)) / RATE)
    total, harmonic = np.zeros(samples), np.ones(samples, complex)
    for order in range(1, int(5500 / pitch.min()) + 1):
        harmonic = harmonic * turn
        frequency = pitch * order
        level = np.where(frequency < 6500, order ** (tilt / 6.02) * _resonance(frequency, formants), 0)
        total += harmonic.imag * _stretched(level * loudness, samples)
    return total


def _resonance(frequency: np.ndarray, formants: np.ndarray) -> np.ndarray:
    gain = np.full_like(frequency, 0.02)
    for centre, width, height in zip(formants.T, (80, 110, 160), (1.0, 0.7, 0.4), strict=True):
        gain += height / np.sqrt(1 + ((frequency - centre) / width) ** 2)
    return gain


def _noise_or_music(seconds: float, rng: np.random.Generator) -> np.ndarray:
    size = round(seconds * RATE)
    time = np.arange(size) / RATE
    kind = rng.integers(3)
    if kind == 0:
        return _coloured(size, rng.uniform(-8, 3), rng)
    if kind == 1:
        return sum(np.sin(2 * np.pi * f * time) for f in 110 * 2 ** (rng.integers(0, 36, 4) / 12))
    clicks = (rng.random(size) < 12 / RATE) * rng.normal(0, 30, size)
    return clicks + _coloured(size, -3, rng)


def _hum(seconds: float, rng: np.random.Generator) -> np.ndarray:
    """A sung, sustained vowel on a few notes."""
    steps = round(seconds * STEPS)
    notes = np.repeat(rng.choice([0, 2, 4, 5, 7, 9], steps // STEPS * 2 + 2), STEPS // 2)[:steps]
    pitch = rng.uniform(110, 260) * 2 ** ((notes + 0.3 * np.sin(2 * np.pi * 5.5 * np.arange(steps) / STEPS)) / 12)
    formants = np.broadcast_to(VOWELS[rng.integers(len(VOWELS))], (steps, 3))
    return _voice(_smooth(pitch, 9), np.ones(steps), formants, -8)


def _coloured(size: int, tilt: float, rng: np.random.Generator) -> np.ndarray:
    """Noise [size] of about unit power whose spectrum changes by `tilt` dB per octave."""
    spectrum = np.fft.rfft(rng.normal(0, 1, size))
    spectrum *= np.maximum(np.arange(len(spectrum)) / len(spectrum), 0.004) ** (tilt / 6.02)
    return _normal(np.fft.irfft(spectrum, size)) * 10


def _held(formants: np.ndarray) -> np.ndarray:
    """Formants gliding from vowel to vowel; in pauses the mouth stays where it was."""
    known = np.flatnonzero(formants[:, 0])
    steps = np.arange(len(formants))
    return np.stack([_smooth(np.interp(steps, known, track[known]), 11) for track in formants.T], axis=1)


def _smooth(track: np.ndarray, width: int) -> np.ndarray:
    padded = np.pad(track, width // 2, mode="edge")
    return np.convolve(padded, np.full(width, 1 / width), mode="valid")


def _stretched(track: np.ndarray, samples: int) -> np.ndarray:
    return np.interp(np.arange(samples) * STEPS / RATE, np.arange(len(track)), track)


def _normal(waveform: np.ndarray) -> np.ndarray:
    """The waveform at an RMS of 0.1, as float32."""
    return (waveform * (0.1 / np.sqrt(np.mean(np.square(waveform)) + 1e-12))).astype(np.float32)
