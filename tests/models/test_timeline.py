"""What counts as a voice: judged beside the recording's own noise, at any level."""

import numpy as np
import pytest

from models.timeline import voiced_frames
from tests.helpers.recording_makers import RATE, voice

HOP = 320


def heard(waveform: np.ndarray) -> np.ndarray:
    return voiced_frames(waveform.astype(np.float32), hop=HOP, frames=(len(waveform) - 400) // HOP + 1)


def at_level(waveform: np.ndarray, decibels: float) -> np.ndarray:
    return waveform / np.sqrt(np.mean(np.square(waveform))) * 10 ** (decibels / 20)


def noise(seconds: float, *, pink: bool = False) -> np.ndarray:
    spectrum = np.fft.rfft(np.random.default_rng(3).normal(size=round(seconds * RATE)))
    if pink:
        spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
        spectrum[0] = 0
    return np.fft.irfft(spectrum)


def hum(seconds: float, frequency: float) -> np.ndarray:
    time = np.arange(round(seconds * RATE)) / RATE
    return sum(np.sin(2 * np.pi * frequency * k * time + k) / k for k in range(1, 9))


@pytest.mark.parametrize("level", [-6, -20, -40, -60])
def test_a_voice_is_heard_at_any_level(level):
    assert heard(at_level(voice(seconds=2), level)).mean() > 0.9


@pytest.mark.parametrize("level", [-6, -20, -40, -60])
@pytest.mark.parametrize("seconds", [0.5, 2, 10])
def test_noise_is_no_voice_at_any_level(level, seconds):
    for sound in (noise(seconds), noise(seconds, pink=True)):
        assert not heard(at_level(sound, level)).any()


@pytest.mark.parametrize("frequency", [50, 60, 100, 120])
def test_hum_is_no_voice(frequency):
    sound = at_level(hum(2, frequency), -20)
    pause = np.zeros(RATE)
    for waveform in (sound, np.concatenate([pause, sound, pause]), sound + at_level(noise(2), -40)):
        assert not heard(waveform).any()


@pytest.mark.parametrize("value", [0, 0.1])
def test_digital_silence_is_no_voice(value):
    assert not heard(np.full(2 * RATE, value)).any()


def test_noise_between_silences_is_no_voice():
    pause = np.zeros(RATE)
    assert not heard(np.concatenate([pause, at_level(noise(2), -30), pause])).any()


@pytest.mark.parametrize("below", [20, 10, 5])
def test_a_voice_is_heard_above_noise(below):
    assert heard(at_level(voice(seconds=3), -20) + at_level(noise(3), -20 - below)).mean() > 0.8


def test_a_few_words_are_found_in_a_long_noise():
    waveform = at_level(noise(120), -65)
    waveform[60 * RATE : 62 * RATE] += at_level(voice(seconds=2), -40)
    voiced = heard(waveform)
    assert voiced[3000:3100].mean() > 0.9 and voiced.sum() < 150
