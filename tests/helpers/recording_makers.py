"""Makes recordings in memory: one voice-like sound in many formats, and headers written by hand."""

import struct
from io import BytesIO

import av
import numpy as np
import soundfile

RATE = 16_000
SECONDS = 1.0


def voice(rate: int = RATE, seconds: float = SECONDS) -> np.ndarray:
    """A gliding vowel below 3 kHz, float32 [N] within ±0.5, the same sound at any rate."""
    time = np.arange(round(seconds * rate)) / rate
    phase = 2 * np.pi * (140 * time + 30 * time**2 + np.sin(9 * time))
    partials = sum(np.sin(number * phase) / number for number in range(1, 12))
    syllables = 0.6 + 0.4 * np.sin(2 * np.pi * 3.1 * time)
    return (0.25 * partials * syllables).astype(np.float32)


def sound(
    format: str,
    subtype: str,
    rate: int = RATE,
    channels: int = 1,
    waveform: np.ndarray | None = None,
    endian: str | None = None,
) -> bytes:
    """File bytes by libsndfile; every channel holds the same sound."""
    mono = voice(rate) if waveform is None else waveform
    file = BytesIO()
    soundfile.write(file, np.repeat(mono[:, None], channels, 1), rate, subtype, endian, format)
    return file.getvalue()


def encoded(
    container: str, codec: str | None, rate: int = RATE, channels: int = 1, film: bool = False, **options: str
) -> bytes:
    """File bytes by FFmpeg; without a codec there is only a film."""
    file = BytesIO()
    with av.open(file, "w", format=container, options=options) as output:
        picture = output.add_stream("mpeg4", rate=10, width=64, height=64, pix_fmt="yuv420p") if film else None
        track = output.add_stream(codec, rate=rate, layout="stereo" if channels == 2 else "mono") if codec else None
        if picture:
            frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            output.mux(picture.encode(frame) + picture.encode(None))
        if track:
            samples = np.repeat(voice(rate)[None], channels, 0)
            frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout=track.layout.name)
            frame.sample_rate = rate
            resampler = av.AudioResampler(format=track.format.name, layout=track.layout.name, rate=rate)
            for piece in [*resampler.resample(frame), *resampler.resample(None)]:
                output.mux(track.encode(piece))
            output.mux(track.encode(None))
    return file.getvalue()


def patched(data: bytes, at: int, value: bytes) -> bytes:
    return data[:at] + value + data[at + len(value) :]


def wav(
    samples: bytes, tag: int = 1, channels: int = 1, rate: int = RATE, bits: int = 16, claim: int | None = None
) -> bytes:
    """A WAV by hand, whose header may claim anything."""
    frame = max(1, channels * bits // 8)
    shape = struct.pack("<HHIIHH", tag, channels, rate, min(rate * frame, 2**32 - 1), frame % 65536, bits)
    size = len(samples) if claim is None else claim
    body = b"WAVEfmt " + struct.pack("<I", len(shape)) + shape + b"data" + struct.pack("<I", size) + samples
    return b"RIFF" + struct.pack("<I", len(body)) + body


def pcm(seconds: float = SECONDS) -> bytes:
    """16-bit samples of the voice."""
    return (voice(seconds=seconds) * 32767).astype("<i2").tobytes()


def floats(*odd: float) -> bytes:
    """A float WAV of the voice with some samples replaced."""
    samples = voice()
    samples[4000 : 4000 + len(odd)] = odd
    return wav(samples.astype("<f4").tobytes(), tag=3, bits=32)


def doubles(odd: float) -> bytes:
    samples = voice().astype("<f8")
    samples[4000] = odd
    return wav(samples.tobytes(), tag=3, bits=64)


def flac_claiming(samples: int) -> bytes:
    """A FLAC of one second whose header claims another length; 0 stands for unknown."""
    data = sound("FLAC", "PCM_16")
    return patched(data, 21, bytes([data[21] & 0xF0 | samples >> 32]) + struct.pack(">I", samples & 0xFFFFFFFF))


def sixteen_channels() -> bytes:
    """An AAC film track of sixteen silent channels."""
    file = BytesIO()
    with av.open(file, "w", format="mp4") as output:
        track = output.add_stream("aac", rate=48_000, layout="hexadecagonal")
        silence = np.zeros((1, 48_000 * 16), np.float32)
        frame = av.AudioFrame.from_ndarray(silence, format="flt", layout="hexadecagonal")
        frame.sample_rate = 48_000
        resampler = av.AudioResampler(format=track.format.name, layout="hexadecagonal", rate=48_000)
        for piece in [*resampler.resample(frame), None]:
            output.mux(track.encode(piece))
    return file.getvalue()


def m4a_claiming(samples: int) -> bytes:
    """An M4A of one second whose table claims that many samples of one byte."""
    data = encoded("ipod", "aac")
    return patched(data, data.index(b"stsz") + 8, struct.pack(">II", 1, samples))


def fragments_claiming(samples: int) -> bytes:
    data = encoded("mp4", "aac", movflags="frag_keyframe+empty_moov")
    at = data.index(b"trun")
    return patched(data, at + 4, struct.pack(">II", 0, samples))


def with_list_chunk() -> bytes:
    """A WAV with notes before and behind its samples."""
    data, note = wav(pcm()), b"LIST\x1a\0\0\0INFOIART\x0e\0\0\0someone at all"
    return data[:36] + note + data[36:] + note


def with_id3() -> bytes:
    """An MP3 behind 100 KB of cover picture."""
    size = 100_000
    length = bytes(size >> shift & 127 for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + length + bytes(size) + encoded("mp3", "libmp3lame")


def variable_mp3(seconds: int = 10) -> bytes:
    """Noise, then silence, at variable rate and without a table of contents: the first frame misleads."""
    noise = np.random.default_rng(0).normal(0, 0.2, RATE)
    waveform = np.concatenate([noise, np.zeros((seconds - 1) * RATE)]).astype(np.float32)
    file = BytesIO()
    with av.open(file, "w", format="mp3", options={"write_xing": "0"}) as output:
        quality = {"flags": "qscale", "global_quality": "800"}
        track = output.add_stream("libmp3lame", rate=RATE, layout="mono", options=quality)
        frame = av.AudioFrame.from_ndarray(waveform[None], format="fltp", layout="mono")
        frame.sample_rate = RATE
        output.mux(track.encode(frame) + track.encode(None))
    return file.getvalue()


def pauses(coder: str, seconds: float) -> bytes:
    """An AMR of silent frames of every mode for speech, noise and nothing between them, as telephones save pauses
    (3GPP TS 26.101, 26.201)."""
    head, *sizes = {
        "amrnb": (b"#!AMR\n", 12, 13, 15, 17, 19, 20, 26, 31, 5),
        "amrwb": (b"#!AMR-WB\n", 17, 23, 32, 36, 40, 46, 50, 58, 60, 5),
    }[coder]
    frames = [bytes([mode << 3 | 4]) + bytes(size) for mode, size in enumerate(sizes)] + [bytes([15 << 3 | 4])]
    return head + b"".join(frames[number % len(frames)] for number in range(round(seconds * 50)))


def narrow_band_amr(seconds: float = SECONDS) -> bytes:
    """Silent AMR frames, 20 ms each, as telephones record them."""
    return b"#!AMR\n" + (b"\x04" + bytes(12)) * round(seconds * 50)
