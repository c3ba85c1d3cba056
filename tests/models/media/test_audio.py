"""The sound door: one voice comes out the same from every file, everything else as one sentence."""

import os
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import BadAudio, PrewarmError, TooLarge, WrongKind
from models.media import audio
from tests.helpers import recording_makers as make
from tests.helpers.odd_audio import REFUSED, SOUNDS, VOICES
from tests.helpers.odd_files import Damage, Odd, damaged, damages, fuzz_settings, made, peak_mb_since_reset, reset_peak

VOICE = make.voice()
# Coders delay by up to two frames of 1024 samples.
LATEST = 2200

linux = pytest.mark.skipif(not os.path.exists("/proc/self/clear_refs"), reason="peak memory is read from Linux's /proc")


def refusal(data: bytes | Path) -> PrewarmError:
    with pytest.raises(PrewarmError) as caught:
        audio.decode(data)
    return caught.value


def likeness(heard: np.ndarray) -> float:
    """Correlation with the voice, at the coder's own delay."""
    length = min(len(heard), len(VOICE)) - LATEST
    part = VOICE[:length]
    products = np.correlate(heard[: length + LATEST], part)
    return float(products.max() / np.linalg.norm(part) / np.linalg.norm(heard[products.argmax() :][:length]))


@pytest.mark.parametrize("kind", VOICES, ids=lambda kind: kind.name)
def test_the_same_voice_from_every_file(kind):
    heard = audio.decode(kind.make())
    assert heard.dtype == np.float32 and heard.ndim == 1 and np.abs(heard).max() <= 1
    assert likeness(heard) > 0.97
    assert np.std(heard) == pytest.approx(np.std(VOICE), rel=0.15)


@pytest.mark.parametrize("kind", SOUNDS, ids=lambda kind: kind.name)
def test_any_other_sound_is_finite_and_within_one(kind):
    heard = audio.decode(kind.make())
    assert len(heard) >= audio.MIN_SECONDS * audio.RATE
    assert np.isfinite(heard).all() and np.abs(heard).max() <= 1


@pytest.mark.parametrize("kind", REFUSED, ids=lambda kind: kind.name)
def test_everything_else_is_one_sentence(kind):
    error = refusal(kind.make())
    assert error.reason == kind.answer
    assert error.code in {"bad_audio", "too_large", "wrong_kind"}
    assert str(error).endswith(".") and ": " in str(error) and "/" not in str(error)


def test_more_than_fifty_kinds():
    assert len(VOICES) + len(SOUNDS) + len(REFUSED) >= 50


def test_codes_say_what_to_do():
    reasons = {kind.answer: type(refusal(kind.make())) for kind in REFUSED}
    assert {reasons[name] for name in ("audio_too_long", "audio_bytes")} == {TooLarge}
    assert {reasons[name] for name in ("save_as_wav", "not_a_recording")} == {WrongKind}
    assert {reasons[name] for name in ("audio_empty", "not_audio", "audio_damaged", "audio_too_short")} == {BadAudio}


def test_a_misleading_first_frame_does_not_cut_an_mp3():
    assert len(audio.decode(make.variable_mp3(seconds=10))) == pytest.approx(10 * audio.RATE, rel=0.02)


def test_a_file_is_read_by_content_and_not_by_name(tmp_path):
    path = tmp_path / "名字.raw"
    path.write_bytes(make.sound("FLAC", "PCM_16"))
    assert np.array_equal(audio.decode(path), audio.decode(path.read_bytes()))
    path.write_bytes(b"")
    assert refusal(path).reason == "audio_empty"


def test_blocks_are_the_whole_in_pieces():
    data = make.wav(make.pcm(20))
    pieces = list(audio.blocks(data))
    assert len(pieces) > 3
    assert np.array_equal(np.concatenate(pieces), audio.decode(data))


def test_sixteen_kilohertz_passes_unchanged_and_wav_comes_back():
    samples = np.frombuffer(make.pcm(), "<i2")
    heard = audio.decode(make.wav(samples.tobytes()))
    assert np.array_equal(heard, samples.astype(np.float32) / 32768)
    assert np.abs(audio.decode(audio.encode_wav(heard)) - heard).max() <= 1 / 32768


def test_wav_answers_clip_instead_of_wrapping():
    loud = np.full(audio.RATE, 1.5, np.float32)
    assert audio.decode(audio.encode_wav(loud)).min() > 0.99


@linux
def test_an_hour_fits_in_three_hundred_megabytes(tmp_path):
    path = tmp_path / "hour"
    path.write_bytes(make.wav(b"\x80\x7f" * (4_000 * 3_599 // 2), rate=4_000, bits=8))
    before = reset_peak()
    heard = audio.decode(path)
    assert len(heard) == 3_599 * audio.RATE
    assert peak_mb_since_reset() - before < 300


@linux
def test_more_than_an_hour_is_refused_at_once(tmp_path):
    path = tmp_path / "hours"
    path.write_bytes(make.wav(b"\x80\x7f" * (4_000 * 3_601 // 2), rate=4_000, bits=8))
    before, start = reset_peak(), time.process_time()
    assert refusal(path).reason == "audio_too_long"
    assert time.process_time() - start < 0.1
    assert peak_mb_since_reset() - before < 10


@linux
def test_tables_that_claim_millions_of_samples_take_no_memory():
    before, start = reset_peak(), time.process_time()
    for bomb in (make.m4a_claiming(60_000_000), make.fragments_claiming(60_000_000)):
        assert refusal(bomb).reason == "audio_damaged"
    assert time.process_time() - start < 0.3
    assert peak_mb_since_reset() - before < 50


@given(kind=st.sampled_from(VOICES + SOUNDS), changes=damages)
@fuzz_settings
def test_damaged_recordings_give_a_sound_or_a_sentence(kind: Odd, changes: list[Damage]):
    try:
        heard = audio.decode(damaged(made(kind), changes))
    except PrewarmError as error:
        assert error.reason and str(error)
    else:
        assert heard.ndim == 1 and heard.dtype == np.float32
        assert np.isfinite(heard).all() and np.abs(heard).max() <= 1
