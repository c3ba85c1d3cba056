"""Recording → emotion, by its options."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.errors import BadAudio
from models.media.audio import encode_wav
from models.tasks.emotion import EMOTION, Options, Pass
from tests.helpers.analyses import analysis
from tests.helpers.cut_recordings import cut_wav, last_page_gone
from tests.helpers.standin import Easy
from tests.helpers.worn_recordings import BROKEN, torn

VOICE = encode_wav(0.1 * np.sin(np.arange(32_000) / 20).astype(np.float32))


def heard(options: Options) -> Pass:
    return EMOTION.forward(Easy(), EMOTION.decode(VOICE, options), options)


def test_a_file_on_the_disk_is_heard_as_its_bytes_are(tmp_path: Path) -> None:
    (tmp_path / "voice.wav").write_bytes(VOICE)
    heard = EMOTION.decode(tmp_path / "voice.wav", Options())
    assert np.array_equal(heard.waveform, EMOTION.decode(VOICE, Options()).waveform)
    assert heard.waveform.shape == (32_000,) and EMOTION.working_bytes(heard, Options()) == 1.5 * heard.waveform.nbytes
    with pytest.raises(BadAudio):
        EMOTION.decode(b"no sound", Options())


@pytest.mark.parametrize(
    ("options", "frames", "embedding"),
    [(Options(), False, False), (Options(embedding=True), False, True), (Options(granularity="frame"), True, False)],
)
def test_as_much_is_told_as_was_asked_for(options: Options, frames: bool, embedding: bool) -> None:
    file = EMOTION.encode(EMOTION.finish(heard(options), options), options)
    told = json.loads(file.content)
    assert (file.name, told["emotion"], told["granularity"]) == ("emotion.json", "happy", options.granularity)
    assert (told["frames"] is not None, "embedding" in told) == (frames, embedding)


def test_what_could_not_be_read_is_told_in_the_result() -> None:
    options = Options()
    passed = EMOTION.forward(Easy(), EMOTION.decode(torn(), options), options)
    told = EMOTION.finish(passed, options)
    assert told["skipped_seconds"] == pytest.approx(1, abs=0.2) and told["duration"] == pytest.approx(4, abs=0.1)
    assert (
        told["warning"]
        == f"{told['skipped_seconds']:.2f} s of the recording could not be read and were heard as silence."
    )
    assert EMOTION.remarks(passed, options) == ("skipped",)
    whole = EMOTION.finish(heard(options), options)
    assert (whole["skipped_seconds"], whole["warning"]) == (0, None)


def test_one_damaged_frame_is_enough() -> None:
    options = Options()
    passed = EMOTION.forward(Easy(), EMOTION.decode(BROKEN["m4a"](), options), options)
    assert (
        passed.warning
        == f"{passed.skipped_seconds:.2f} s of the recording could not be read and were heard as silence."
    )
    assert replace(passed, skipped_seconds=0.019).warning is None


def test_a_recording_that_was_cut_off_says_so() -> None:
    options = Options()
    passed = EMOTION.forward(Easy(), EMOTION.decode(cut_wav(), options), options)
    file = EMOTION.encode(EMOTION.finish(passed, options), options)
    told = json.loads(file.content)
    assert (told["duration"], told["missing_seconds"], file.facts["missing_seconds"]) == (3, 1, 1)
    assert told["warning"] == "The recording is cut off: 1.00 s that the file announces are not in it."
    assert EMOTION.remarks(passed, options) == ("missing",)


def test_a_recording_without_an_end_mark_says_so() -> None:
    options = Options()
    passed = EMOTION.forward(Easy(), EMOTION.decode(last_page_gone(), options), options)
    told = EMOTION.finish(passed, options)
    assert (told["missing_seconds"], EMOTION.encode(told, options).facts["missing_seconds"]) == (None, "unknown")
    assert told["warning"] == "The file has no end mark: the end of the recording may be missing."


def test_silence_is_remarked() -> None:
    scores = np.full((10, 9), 1 / 9, np.float32)
    silent = Pass(analysis(scores, np.zeros(10, bool)), np.zeros(1, np.float32))
    assert EMOTION.remarks(silent, Options()) == ("silence",) and EMOTION.remarks(heard(Options()), Options()) == ()


def test_the_memory_for_decoding_is_bounded_however_long_the_file() -> None:
    short, long, longer = (EMOTION.decoding_bytes(bytes(size), Options()) for size in (10**4, 10**7, 10**8))
    assert short < long <= longer == EMOTION.decoding_bytes(bytes(2 * 10**8), Options())
