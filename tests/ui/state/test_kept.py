"""What a tab keeps of a pass is counted by its arrays, and its files are found."""

from pathlib import Path

import numpy as np

from models.tasks.base import Call
from models.tasks.cartoon import Pass
from ui.state.files import files_of, publish
from ui.state.kept import Kept, KeptVoice
from ui.state.result_cache import ResultCache

PICTURE = np.zeros((10, 10, 3), np.uint8)


def test_a_pass_is_as_large_as_its_arrays() -> None:
    kept = Kept(Pass(PICTURE, PICTURE, (), (10, 10)), Call())
    cache = ResultCache(limit=2 * 600)
    tokens = [cache.put(kept) for _ in range(3)]
    assert [cache.get(token) is kept for token in tokens] == [False, True, True]


def test_the_files_of_a_pass_are_known(uploads: Path) -> None:
    before, wav = publish(b"jpg", "before.jpg"), publish(b"wav", "voice-16khz.wav")
    kept = KeptVoice(None, Call(), before=before, peaks=np.zeros(4), wav=wav)
    assert files_of(kept) == {before, wav}
