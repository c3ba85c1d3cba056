"""What happens when in a clip: where there is sound, and which emotion holds for how long. Numpy in, spans out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

FRAMES_PER_SECOND = 50
LEVEL_FRAMES = 10_000
# Below what 16 bits and their dither hold; quiet itself is judged beside the recording's own noise.
FLOOR_DB = -75.0
# Speech between its pauses stays within 30 dB of its loudest syllable, and well above the noise in the pauses.
BELOW_PEAK_DB = 30.0
ABOVE_NOISE_DB = 6.0
# The bands of noise and hum keep their level within 3 dB, those of speech range over 10 dB and more.
MIN_VARIETY_DB = 4.0
VARIETY_FRAMES = 3
MIN_VOICE_SECONDS = 0.2
MIN_BURST_SECONDS = 0.1
MAX_PAUSE_SECONDS = 0.3
SMOOTHING_SECONDS = 0.8
MIN_SEGMENT_SECONDS = 0.4


@dataclass(frozen=True)
class Segment:
    """Frames `first` to `last` (not included) with one label; `label` is None where there is no voice."""

    first: int
    last: int
    label: int | None
    confidence: float


def voiced_frames(waveform: np.ndarray, *, hop: int, frames: int) -> np.ndarray:
    """Which of `frames` frames of `hop` samples hold a voice [T] bool; all False under 0.2 s of it.

    By energy beside the recording's own noise; what never changes its colour is noise or hum, however loud.
    """
    level = _levels(waveform, hop=hop, frames=frames)
    framed = waveform[: frames * hop].reshape(frames, hop)
    quiet, loud = np.percentile(level, [10, 98])
    above_noise = quiet + ABOVE_NOISE_DB
    # The second one finds a few words in a long noise, where the first one takes all of it.
    for limit in (min(above_noise, loud - BELOW_PEAK_DB), above_noise):
        voiced = _without_short(level > max(FLOOR_DB, limit), value=False, shortest=MAX_PAUSE_SECONDS)
        voiced = _without_short(voiced, value=True, shortest=MIN_BURST_SECONDS)
        long_enough = voiced.sum() >= MIN_VOICE_SECONDS * FRAMES_PER_SECOND
        if long_enough and _variety(framed, voiced) >= MIN_VARIETY_DB:
            return voiced
    return np.zeros(frames, bool)


def smooth(scores: np.ndarray) -> np.ndarray:
    """Frame scores [T,L] averaged over SMOOTHING_SECONDS around each frame."""
    reach = round(SMOOTHING_SECONDS * FRAMES_PER_SECOND / 2)
    total = np.vstack([np.zeros_like(scores[:1], np.float64), np.cumsum(scores, axis=0, dtype=np.float64)])
    frames = np.arange(len(scores))
    first, last = np.maximum(frames - reach, 0), np.minimum(frames + reach + 1, len(scores))
    return ((total[last] - total[first]) / (last - first)[:, None]).astype(np.float32)


def segments(scores: np.ndarray, voiced: np.ndarray) -> list[Segment]:
    """The clip cut where the emotion changes or the voice pauses, from frame scores [T,L] and voiced frames [T]."""
    smoothed = smooth(scores)
    labels = np.where(voiced, smoothed.argmax(axis=1), -1)
    return [_segment(smoothed, first, last, label) for first, last, label in _joined(_runs(labels))]


def _segment(smoothed: np.ndarray, first: int, last: int, label: int) -> Segment:
    heard = label >= 0
    confidence = float(smoothed[first:last, label].mean()) if heard else 0.0
    return Segment(first, last, label if heard else None, confidence)


def _joined(runs: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Runs of an emotion shorter than MIN_SEGMENT_SECONDS go to the voiced neighbour before them, or after."""
    shortest = MIN_SEGMENT_SECONDS * FRAMES_PER_SECOND
    kept: list[tuple[int, int, int]] = []
    for first, last, label in runs:
        before = kept[-1] if kept else (0, 0, -1)
        if before[2] >= 0 and label >= 0 and min(last - first, before[1] - before[0]) < shortest:
            longer = label if last - first > before[1] - before[0] else before[2]
            kept[-1] = (before[0], last, longer)
        elif before[2] == label and kept:
            kept[-1] = (before[0], last, label)
        else:
            kept.append((first, last, label))
    return kept


def _levels(waveform: np.ndarray, *, hop: int, frames: int) -> np.ndarray:
    """Loudness of each frame in dB of full scale, after the mean (a microphone's offset) is taken off."""
    framed, offset = waveform[: frames * hop].reshape(frames, hop), waveform.mean()
    # In parts: the squares of an hour would take 700 MB.
    parts = (framed[at : at + LEVEL_FRAMES] - offset for at in range(0, frames, LEVEL_FRAMES))
    power = np.concatenate([np.square(part, dtype=np.float64).mean(axis=1) for part in parts])
    return 10 * np.log10(power + 1e-12)


def _variety(framed: np.ndarray, voiced: np.ndarray) -> float:
    """By how many dB the bands of the voiced ones among frames [T,hop] rise and fall, the mean over the bands."""
    heard = np.flatnonzero(voiced)
    groups = heard[: len(heard) // VARIETY_FRAMES * VARIETY_FRAMES]
    # In parts: the spectra of an hour would take 500 MB.
    step = 1000 * VARIETY_FRAMES
    parts = [_bands(framed[groups[at : at + step]]) for at in range(0, len(groups), step)]
    low, high = np.percentile(np.concatenate(parts), [10, 90], axis=0)
    return float(np.mean(high - low))


def _bands(framed: np.ndarray) -> np.ndarray:
    """Levels in dB of the octaves above 100 Hz, over VARIETY_FRAMES frames each [T/VARIETY_FRAMES, bands]."""
    edges = np.array([100, 300, 600, 1200, 2400, 4800]) * framed.shape[1] // 16_000
    spectra = np.square(np.abs(np.fft.rfft(framed * np.hanning(framed.shape[1]))))
    octaves = np.add.reduceat(spectra, edges, axis=1)[:, :-1]
    grouped = octaves.reshape(-1, VARIETY_FRAMES, octaves.shape[1]).sum(axis=1)
    # Empty bands hold rounding noise: 60 dB below the loudest is silence.
    return 10 * np.log10(np.maximum(grouped, 1e-6 * grouped.max() + 1e-20))


def _without_short(flags: np.ndarray, *, value: bool, shortest: float) -> np.ndarray:
    flags = flags.copy()
    for first, last, found in _runs(flags):
        inside = value or (first > 0 and last < len(flags))
        if found == value and inside and last - first < shortest * FRAMES_PER_SECOND:
            flags[first:last] = not value
    return flags


def _runs(values: np.ndarray) -> list[tuple[int, int, int]]:
    """(first, last, value) of every stretch of equal values."""
    edges = [0, *(np.flatnonzero(np.diff(values)) + 1).tolist(), len(values)]
    return [(first, last, int(values[first])) for first, last in pairwise(edges)]
