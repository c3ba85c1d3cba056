"""FFmpeg knows every container and coder that it is asked for."""

from av.codec import Codec
from av.format import ContainerFormat

from models.media.sound.formats import CODECS, KINDS


def test_every_name_is_known() -> None:
    assert all(ContainerFormat(name, "r").is_input for name in KINDS.values())
    assert all(Codec(name, "r").type == "audio" for name in CODECS)
