"""Recordings that announce more than they hold, and those that only seem to."""

import struct
from collections.abc import Callable
from io import BytesIO

import av
import numpy as np

from tests.helpers.recording_makers import encoded, patched, pcm, sound, wav
from tests.helpers.worn_recordings import SECONDS, coded, long_voice, mp3


def moov_first(data: bytes) -> bytes:
    """An MP4 whose table stands before its samples, as for the web (ISO/IEC 14496-12: `stco` counts from the start)."""
    at = data.index(b"moov") - 4
    moov = data[at : at + int.from_bytes(data[at : at + 4], "big")]
    first = data.index(b"ftyp") - 4 + int.from_bytes(data[:4], "big")
    table = 0
    while (table := moov.find(b"stco", table + 1)) > 0:
        count = int.from_bytes(moov[table + 8 : table + 12], "big")
        places = np.frombuffer(moov, ">u4", count, table + 12) + len(moov)
        moov = patched(moov, table + 12, places.astype(">u4").tobytes())
    return data[:first] + moov + data[first:at] + data[at + len(moov) :]


def film() -> bytes:
    """A Matroska film whose pictures end with its sound."""
    file = BytesIO()
    with av.open(file, "w", format="matroska") as output:
        picture = output.add_stream("mpeg4", rate=10, width=64, height=64, pix_fmt="yuv420p")
        track = output.add_stream("aac", rate=16_000, layout="mono")
        grain = np.random.default_rng(0).integers(0, 256, (40, 64, 64, 3), np.uint8)
        for pixels in grain:
            output.mux(picture.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        frame = av.AudioFrame.from_ndarray(long_voice()[None].astype(np.float32), "fltp", "mono")
        frame.sample_rate = 16_000
        output.mux(track.encode(frame) + track.encode(None) + picture.encode(None))
    return file.getvalue()


def cut_wav() -> bytes:
    """Three of SECONDS that it announces."""
    return wav(pcm(3), claim=round(2 * 16_000 * SECONDS))


def last_page_gone() -> bytes:
    data = sound("OGG", "OPUS", 48_000, waveform=long_voice(48_000))
    return data[: data.rindex(b"OggS")]


def rf64() -> bytes:
    """Sizes of 64 bits (EBU Tech 3306)."""
    data = wav(pcm(SECONDS), claim=2**32 - 1)
    sizes = b"ds64" + struct.pack("<IQQQI", 28, 0, round(2 * 16_000 * SECONDS), 0, 0)
    return b"RF64\xff\xff\xff\xffWAVE" + sizes + data[12:]


# Whole recordings of SECONDS whose header says so.
ANNOUNCED: dict[str, Callable[[], bytes]] = {
    "wav": lambda: sound("WAV", "PCM_16", waveform=long_voice()),
    "wav_adpcm": lambda: sound("WAV", "IMA_ADPCM", waveform=long_voice()),
    "rf64": rf64,
    "aiff": lambda: sound("AIFF", "PCM_16", waveform=long_voice()),
    "au": lambda: sound("AU", "PCM_16", waveform=long_voice()),
    "caf": lambda: sound("CAF", "PCM_16", waveform=long_voice()),
    "w64": lambda: coded("w64", "pcm_s16le", long_voice()[None]),
    "voc": lambda: coded("voc", "pcm_s16le", long_voice()[None]),
    "nist": lambda: sound("NIST", "PCM_16", waveform=long_voice()),
    "8svx": lambda: sound("SVX", "PCM_16", waveform=long_voice()),
    "tta": lambda: coded("tta", "tta", long_voice(96_000)[None], rate=96_000),
    "wma": lambda: coded("asf", "wmav2", long_voice(44_100)[None], rate=44_100),
    "flv": lambda: coded("flv", "aac", long_voice(44_100)[None], rate=44_100),
    "flac": lambda: sound("FLAC", "PCM_16", waveform=long_voice()),
    "mp3": mp3,
    "m4a": lambda: moov_first(coded("ipod", "aac", long_voice()[None])),
    "m4a_lossless": lambda: moov_first(coded("ipod", "alac", long_voice()[None])),
    "3gp": lambda: moov_first(coded("3gp", "aac", long_voice()[None])),
    "mov": lambda: moov_first(coded("mov", "pcm_s16le", long_voice()[None])),
    "fragments": lambda: coded("mp4", "aac", long_voice()[None], options={"movflags": "frag_keyframe+empty_moov"}),
    "webm": lambda: coded("webm", "libopus", long_voice(48_000)[None], rate=48_000),
    "mkv": film,
    "avi": lambda: coded("avi", "libmp3lame", long_voice(44_100)[None], rate=44_100, film=True),
}
# Of one second; what they say of it means nothing.
UNKNOWN: dict[str, Callable[[], bytes]] = {
    "wav_endless": lambda: wav(pcm(), claim=2**32 - 1),
    "wav_pipe": lambda: wav(pcm(), claim=0x7FFFF000),
    "wav_never_finished": lambda: wav(pcm(), claim=0),
    "au_endless": lambda: patched(sound("AU", "PCM_16"), 8, b"\xff" * 4),
    "webm_live": lambda: encoded("webm", "libopus", 48_000, live="1"),
    "mp3_plain": lambda: encoded("mp3", "libmp3lame", write_xing="0"),
    "mp4_endless": lambda: (data := encoded("mp4", "aac")) and patched(data, data.index(b"mdhd") + 16 + 4, b"\xff" * 4),
    "aac": lambda: encoded("adts", "aac"),
    "flac": lambda: (data := sound("FLAC", "PCM_16")) and patched(data, 21, bytes([data[21] & 0xF0]) + bytes(4)),
}
