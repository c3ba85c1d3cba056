"""Recordings as strangers send them: one voice in every disguise, and everything that holds no usable sound."""

import struct

import numpy as np

from tests.helpers.odd_files import Odd, odd
from tests.helpers.recording_makers import (
    RATE,
    doubles,
    encoded,
    flac_claiming,
    floats,
    fragments_claiming,
    m4a_claiming,
    narrow_band_amr,
    patched,
    pcm,
    sixteen_channels,
    sound,
    voice,
    wav,
    with_id3,
    with_list_chunk,
)
from tests.helpers.worn_recordings import coded, long_voice

_SUBTYPES = "PCM_U8 PCM_16 PCM_24 PCM_32 FLOAT DOUBLE ULAW ALAW IMA_ADPCM MS_ADPCM GSM610"
_RATES = (8_000, 11_025, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000)


def _head(data: bytes, share: float) -> bytes:
    return data[: int(len(data) * share)]


def _one_sided() -> bytes:
    both = np.stack([voice(), np.zeros(RATE)], 1)
    return wav((both * 32767).astype("<i2").tobytes(), channels=2)


def _box(kind: bytes, size: int = 200) -> bytes:
    return struct.pack(">I", size) + kind + bytes(size - 8)


# One voice: the same sound, whole or, where it was cut, what is left of it.
VOICES: list[Odd] = [
    *[Odd(f"wav_{name}", lambda name=name: sound("WAV", name), "voice") for name in _SUBTYPES.split()],
    *[Odd(f"wav_{rate}", lambda rate=rate: sound("WAV", "PCM_16", rate), "voice") for rate in _RATES],
    *[Odd(f"flac_{rate}", lambda rate=rate: sound("FLAC", "PCM_24", rate, 2), "voice") for rate in (8_000, 44_100)],
    *odd(
        "voice",
        wav_stereo=lambda: sound("WAV", "PCM_16", 44_100, 2),
        wav_six_channels=lambda: sound("WAV", "PCM_16", 48_000, 6),
        wav_extensible=lambda: sound("WAVEX", "PCM_24"),
        wav_64_bit_sizes=lambda: sound("RF64", "PCM_16"),
        wav_notes=with_list_chunk,
        wav_endless_claim=lambda: wav(pcm(), claim=2**32 - 1),
        wav_no_claim=lambda: wav(pcm(), claim=0),
        wav_long_claim=lambda: wav(pcm(), claim=10 * RATE),
        wav_half=lambda: _head(wav(pcm()), 0.5),
        wav_odd_byte=lambda: wav(pcm())[:-7],
        wav_junk_behind=lambda: wav(pcm()) + b"junk" * 999,
        aiff=lambda: sound("AIFF", "PCM_16"),
        aiff_24=lambda: sound("AIFF", "PCM_24"),
        aiff_float=lambda: sound("AIFF", "FLOAT"),
        aiff_half=lambda: _head(sound("AIFF", "PCM_16"), 0.5),
        au=lambda: sound("AU", "ULAW"),
        caf=lambda: sound("CAF", "PCM_16"),
        flac=lambda: sound("FLAC", "PCM_16"),
        flac_unknown_length=lambda: flac_claiming(0),
        flac_long_claim=lambda: flac_claiming(20 * RATE),
        ogg_vorbis=lambda: sound("OGG", "VORBIS"),
        ogg_vorbis_stereo=lambda: sound("OGG", "VORBIS", 44_100, 2),
        ogg_opus=lambda: sound("OGG", "OPUS", 48_000),
        mp3=lambda: encoded("mp3", "libmp3lame"),
        mp3_stereo=lambda: encoded("mp3", "libmp3lame", 44_100, 2),
        mp3_cover=with_id3,
        mp3_cut=lambda: _head(encoded("mp3", "libmp3lame"), 0.7),
        m4a=lambda: encoded("ipod", "aac"),
        m4a_stereo=lambda: encoded("ipod", "aac", 44_100, 2),
        m4a_lossless=lambda: encoded("ipod", "alac"),
        aac=lambda: encoded("adts", "aac"),
        film=lambda: encoded("mp4", "aac", film=True),
        film_fragments=lambda: encoded("mp4", "aac", movflags="frag_keyframe+empty_moov"),
        webm=lambda: encoded("webm", "libopus", 48_000),
        webm_stereo=lambda: encoded("webm", "libopus", 48_000, 2),
        webm_cut=lambda: _head(encoded("webm", "libopus", 48_000), 0.7),
        matroska=lambda: encoded("matroska", "libopus", 48_000),
        wav_aac_without_marks=lambda: encoded("wav", "aac"),
        w64=lambda: encoded("w64", "pcm_s24le", 48_000),
        voc=lambda: encoded("voc", "pcm_s16le"),
        nist=lambda: sound("NIST", "ULAW"),
        tta=lambda: encoded("tta", "tta"),
        wavpack=lambda: encoded("wv", "wavpack"),
        ac3=lambda: encoded("ac3", "ac3", 48_000),
        latm=lambda: encoded("latm", "aac"),
        flv=lambda: encoded("flv", "adpcm_swf", 22_050),
        mxf=lambda: encoded("mxf_opatom", "pcm_s16le", 48_000),
        mpeg=lambda: encoded("mpeg", "mp2", 48_000),
        real=lambda: encoded("rm", "ac3", 48_000),
        wtv=lambda: encoded("wtv", "mp2", 48_000),
        nut=lambda: encoded("nut", "aac"),
        mpeg_ts=lambda: encoded("mpegts", "aac", 48_000, 2),
    ),
]

# Something to listen to, whatever it sounds like.
SOUNDS: list[Odd] = odd(
    "sound",
    silence=lambda: wav(bytes(2 * RATE)),
    one_sided=_one_sided,
    shortest=lambda: wav(pcm(0.3)),
    clipped=lambda: floats(*[4.0] * 2000),
    huge_samples=lambda: floats(*[3e38, -3e38] * 20),
    tiny_samples=lambda: floats(*[1e-40] * 2000),
    twelve_bits=lambda: wav(pcm(), bits=12),
    amr=narrow_band_amr,
    wma=lambda: coded("asf", "wmav2", voice()[None]),
    flac_holes=lambda: patched(sound("FLAC", "PCM_16"), 3000, bytes(3000)),
)

REFUSED: list[Odd] = [
    *odd("audio_empty", empty=bytes),
    *odd(
        "not_audio",
        one_byte=lambda: b"R",
        text=lambda: "你好, this is a letter".encode(),
        html=lambda: b"<!doctype html><html><body>404</body></html>",
        pdf=lambda: b"%PDF-1.7\n1 0 obj\n<< >>\nendobj",
        zip=lambda: b"PK\x03\x04" + bytes(100),
        zeros=lambda: bytes(5000),
        noise=lambda: np.random.default_rng(7).bytes(5000),
        playlist=lambda: b"#EXTM3U\n#EXTINF:10,\nhttp://example.org/a.ts\n",
        concat=lambda: b"ffconcat version 1.0\nfile /etc/passwd\n",
        raw_samples=pcm,
    ),
    *odd(
        "not_a_recording",
        png=lambda: b"\x89PNG\r\n\x1a\n" + bytes(100),
        jpeg=lambda: b"\xff\xd8\xff\xe0" + bytes(100),
        heic=lambda: b"\0\0\0\x18ftypheic" + bytes(100),
        svg=lambda: b"<svg/>",
    ),
    *odd(
        "save_as_wav",
        ape=lambda: b"MAC \x96\x0f" + bytes(100),
        musepack=lambda: b"MPCK" + bytes(100),
        vorbis_without_marks=lambda: wav(pcm(), tag=0x566F),
        silk=lambda: b"\x02#!SILK_V3" + bytes(100),
        midi=lambda: b"MThd" + bytes(100),
    ),
    *odd(
        "audio_too_short",
        one_sample=lambda: wav(b"\1\0"),
        no_sample=lambda: wav(b""),
        just_too_short=lambda: wav(pcm(0.29)),
        short_flac=lambda: sound("FLAC", "PCM_16", waveform=voice(seconds=0.2)),
        wav_short_claim=lambda: wav(pcm(), claim=100),
        wav_cut_early=lambda: wav(pcm())[:60],
        flac_half=lambda: _head(sound("FLAC", "PCM_16"), 0.5),
        amr_short=lambda: narrow_band_amr(0.1),
    ),
    *odd(
        "audio_not_finite",
        not_a_number=lambda: floats(float("nan")),
        infinite=lambda: floats(float("inf")),
        minus_infinite=lambda: floats(float("-inf")),
        beyond_float=lambda: doubles(1e300),
    ),
    *odd("audio_rate", rate_1=lambda: wav(pcm(), rate=1), rate_high=lambda: wav(pcm(), rate=1_000_000)),
    *odd(
        "audio_channels",
        channels_9=lambda: wav(pcm(), channels=9),
        channels_255=lambda: wav(pcm(), channels=255),
        film_16_channels=sixteen_channels,
    ),
    *odd(
        "audio_no_track",
        wav_unknown_codec=lambda: wav(pcm(), tag=0x1234),
        wav_no_bits=lambda: wav(pcm(), bits=0),
        mute_film=lambda: encoded("mp4", None, film=True),
        mp4_empty=lambda: _box(b"ftyp") + _box(b"moov") + _box(b"mdat"),
    ),
    *odd("audio_too_long", flac_ten_hours=lambda: flac_claiming(36_000 * RATE)),
    *odd("audio_bytes", too_many_bytes=lambda: wav(pcm()) + bytes(200 * 2**20)),
    *odd(
        "audio_damaged",
        wav_header=lambda: wav(pcm())[:20],
        wav_no_channel=lambda: wav(pcm(), channels=0),
        wav_no_rate=lambda: wav(pcm(), rate=0),
        wav_million_channels=lambda: wav(pcm(), channels=65_535),
        flac_header=lambda: sound("FLAC", "PCM_16")[:60],
        ogg_header=lambda: sound("OGG", "VORBIS")[:100],
        ogg_words=lambda: b"OggS" + b"words " * 100,
        aiff_header=lambda: sound("AIFF", "PCM_16")[:30],
        mp3_sync_alone=lambda: b"\xff\xfb\x90\0" + bytes(3000),
        id3_alone=lambda: b"ID3\x03\0\0\0\0\0\0",
        m4a_table_bomb=lambda: m4a_claiming(60_000_000),
        m4a_fragment_bomb=lambda: fragments_claiming(60_000_000),
        m4a_hidden_table=lambda: _box(b"ftyp") + _box(b"cmov") + _box(b"mdat"),
        m4a_half=lambda: _head(encoded("ipod", "aac"), 0.5),
        mp4_words=lambda: _box(b"ftyp") + b"words " * 100,
        webm_header=lambda: encoded("webm", "libopus", 48_000)[:60],
        webm_words=lambda: b"\x1aE\xdf\xa3" + b"words " * 100,
        wma_header=lambda: b"0&\xb2u\x8ef\xcf\x11" + bytes(100),
        wavpack_half=lambda: _head(coded("wv", "wavpack", long_voice()[None]), 0.5),
        aac_words=lambda: b"\xff\xf1\x50\x80" + b"words " * 100,
        amr_words=lambda: b"#!AMR\n" + b"\xff" * 2000,
    ),
]
