"""AAC frames one behind the other with nothing to tell where one ends, as FFmpeg writes them into WAV and W64.

A decoder is asked how many are whole in a piece, and how short the piece may be for as many.
"""

from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

from models.media.sound.window import Readable, read_at

# Of eight channels (ISO/IEC 14496-3, 4.5.3).
_LARGEST_FRAME: Final = 8 * 768
_SYNC: Final = 0xFFF0


def is_marked(file: Readable, start: int) -> bool:
    """Whether the frames have heads of their own (ADTS)."""
    return int.from_bytes(read_at(file, start, 2), "big") & 0xFFF6 == _SYNC


def pieces(file: Readable, start: int, end: int, settings: bytes) -> Iterator[bytes]:
    """Some whole frames each, up to the first that is none; `settings` as a decoder needs them beforehand."""
    while data := read_at(file, start, min(_LARGEST_FRAME, end - start)):
        whole = _frames(data, settings)
        if not whole:
            return
        length = _shortest(data, whole, settings)
        yield data[:length]
        start += length


def _shortest(data: bytes, whole: int, settings: bytes) -> int:
    """Bytes of so many frames at the start of `data`."""
    step = 2 * len(data) // whole
    low = max(len(data) - step, 0)
    while low and _frames(data[:low], settings) >= whole:
        low = max(low - step, 0)
    return bisect_left(range(len(data)), whole, low, key=lambda length: _frames(data[:length], settings))


def _frames(data: bytes, settings: bytes) -> int:
    # Imported here because FFmpeg's libraries take 0.2 s to load.
    import av

    decoder = av.CodecContext.create("aac", "r")
    decoder.extradata = settings
    try:
        return len(decoder.decode(av.Packet(data))) if data else 0
    except av.FFmpegError:
        return 0
