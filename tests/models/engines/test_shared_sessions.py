"""Equal content is loaded once, as long as somebody holds it."""

import gc
from pathlib import Path
from shutil import copytree

from models.cartoon import Cartoon
from models.engines import Compute
from models.engines.shared_sessions import SharedSessions
from models.weights.manifest import sha256_of
from models.weights.store import SAMPLES


class Network:
    pass


def test_one_key_has_one_session_until_nobody_holds_it() -> None:
    sessions = SharedSessions()
    first = sessions.get("a", Network)
    assert sessions.get("a", Network) is first and sessions.get("b", Network) is not first
    was = id(first)
    made = []
    del first
    gc.collect()
    sessions.get("a", lambda: made.append(was) or Network())
    assert made == [was]


def test_styles_share_what_is_equal_and_one_file_that_serves_twice(tmp_path: Path) -> None:
    copytree(SAMPLES / "cartoon", tmp_path / "anime")
    copytree(SAMPLES / "cartoon", tmp_path / "3d")
    other = SAMPLES / "cartoon-sketch" / "cartoon_bg.pb"
    for name in ("cartoon_bg.pb", "cartoon_h.pb"):
        (tmp_path / "3d" / name).write_bytes(other.read_bytes())
    sessions = SharedSessions()

    def load(folder: Path) -> Cartoon:
        digests = {path.name: sha256_of(path) for path in folder.iterdir()}
        return Cartoon(folder, compute=Compute("f32", 2, tmp_path / "kept", digests=digests, sessions=sessions))

    anime, three = load(tmp_path / "anime"), load(tmp_path / "3d")
    assert anime.detector is three.detector and anime.keypoints is three.keypoints
    assert three.background is three.head
    assert three.background not in (anime.background, anime.head)
    before = three.warm_up()
    three.warm_up_unused()
    assert all((three.warm_up()[name] == answer).all() for name, answer in before.items())
