"""Recordings as they come from telephones and old disks: joined, tagged, damaged in one place, voice in one channel."""

from io import BytesIO

import av
import numpy as np
import soundfile

from tests.helpers.recording_makers import pauses, sound, voice, wav

ID3 = b"ID3\x04\0\0\0\0\x02\0" + bytes(256)
ID3V1 = b"TAG" + bytes(125)
APE = b"APETAGEX" + (2000).to_bytes(4, "little") + (32).to_bytes(4, "little") + bytes(16)
SECONDS = 4.0


def coded(
    container: str,
    codec: str,
    *tracks: np.ndarray,
    rate: int = 16_000,
    layout: str = "mono",
    film: bool = False,
    options: dict[str, str] | None = None,
) -> bytes:
    """File bytes by FFmpeg of tracks float32 [channels, N]."""
    file = BytesIO()
    with av.open(file, "w", format=container, options=options or {}) as output:
        picture = output.add_stream("mpeg4", rate=10, width=64, height=64, pix_fmt="yuv420p") if film else None
        # Windows Media has no usual rate.
        bits = {"bit_rate": 96_000} if codec.startswith("wma") else {}
        streams = [output.add_stream(codec, rate=rate, layout=layout, **bits) for _ in tracks]
        if picture:
            frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            output.mux(picture.encode(frame) + picture.encode(None))
        for stream, samples in zip(streams, tracks, strict=True):
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples, np.float32), "fltp", layout)
            frame.sample_rate = rate
            resampler = av.AudioResampler(format=stream.format.name, layout=layout, rate=rate)
            for piece in [*resampler.resample(frame), *resampler.resample(None)]:
                output.mux(stream.encode(piece))
            output.mux(stream.encode(None))
    return file.getvalue()


def long_voice(rate: int = 16_000, seconds: float = SECONDS) -> np.ndarray:
    return voice(rate, seconds)


def mp3(rate: int = 16_000, layout: str = "mono") -> bytes:
    channels = 2 if layout == "stereo" else 1
    return coded("mp3", "libmp3lame", np.repeat(long_voice(rate)[None], channels, 0), rate=rate, layout=layout)


def packet_broken(container: str, codec: str, rate: int = 16_000) -> bytes:
    """A recording with one packet in its middle overwritten behind its header."""
    data = coded(container, codec, long_voice(rate)[None], rate=rate)
    with av.open(BytesIO(data)) as opened:
        packets = [bytes(packet) for packet in opened.demux(opened.streams.audio[0]) if packet.size]
    middle = packets[len(packets) // 2]
    at = data.index(middle)
    return data[: at + 8] + b"\xff" * (len(middle) - 8) + data[at + len(middle) :]


def torn(container: str = "matroska", codec: str = "aac", rate: int = 16_000) -> bytes:
    """A recording of SECONDS without the second in its middle: its clock tells of the hole."""
    data = coded(container, codec, long_voice(rate)[None], rate=rate)
    file = BytesIO()
    with av.open(BytesIO(data)) as whole, av.open(file, "w", format=container) as output:
        track = whole.streams.audio[0]
        stream = output.add_stream_from_template(track)
        for packet in whole.demux(track):
            if packet.size and not 1.5 <= float((packet.pts - (track.start_time or 0)) * packet.time_base) < 2.5:
                packet.stream = stream
                output.mux(packet)
    return file.getvalue()


def fragments() -> bytes:
    """An MP4 in fragments of a fifth of a second."""
    options = {"movflags": "empty_moov+default_base_moof", "frag_duration": "200000"}
    return coded("mp4", "aac", long_voice()[None], options=options)


def fragment_zeroed() -> bytes:
    """Without the table of one in the middle."""
    data = fragments()
    at = data.index(b"moof", len(data) // 2) - 4
    return data[:at] + bytes(200) + data[at + 200 :]


def channels(*shares: float, rate: int = 16_000, level: float = 1.0) -> bytes:
    """A FLAC whose channels hold the voice in these shares."""
    file = BytesIO()
    soundfile.write(file, long_voice(rate)[:, None] * np.array(shares) * level, rate, format="FLAC", subtype="PCM_24")
    return file.getvalue()


M2TS = {"mpegts_m2ts_mode": "1"}

# Whole recordings of SECONDS each; the number is how often they follow each other.
CONTAINERS = {
    "wav": (lambda: sound("WAV", "PCM_16", waveform=long_voice()), 1),
    "flac": (lambda: sound("FLAC", "PCM_16", waveform=long_voice()), 1),
    "aiff": (lambda: sound("AIFF", "PCM_16", waveform=long_voice()), 1),
    "au": (lambda: sound("AU", "PCM_16", waveform=long_voice()), 1),
    "caf": (lambda: sound("CAF", "PCM_16", waveform=long_voice()), 1),
    "ogg_vorbis": (lambda: sound("OGG", "VORBIS", waveform=long_voice()), 1),
    "ogg_opus": (lambda: sound("OGG", "OPUS", waveform=long_voice()), 1),
    "ogg_chain": (lambda: 3 * sound("OGG", "OPUS", waveform=long_voice()), 3),
    "ogg_chain_of_kinds": (
        lambda: (
            sound("OGG", "OPUS", waveform=long_voice()) + sound("OGG", "VORBIS", 44_100, 2, waveform=long_voice(44_100))
        ),
        2,
    ),
    "mp3": (mp3, 1),
    "mp3_joined": (lambda: mp3() + mp3(), 2),
    "mp3_joined_with_tags": (lambda: ID3 + mp3() + ID3V1 + ID3 + mp3() + APE + ID3V1, 2),
    "mp3_rates_and_channels": (lambda: mp3() + mp3(44_100, "stereo"), 2),
    "mp3_zeros_before": (lambda: bytes(3000) + mp3(), 1),
    "mp3_words_before": (lambda: b"stray words " * 99 + mp3(), 1),
    "m4a": (lambda: coded("ipod", "aac", long_voice()[None]), 1),
    "m4a_44100": (lambda: coded("ipod", "aac", long_voice(44_100)[None], rate=44_100), 1),
    "mov_pcm": (lambda: coded("mov", "pcm_s16le", long_voice()[None], film=True), 1),
    "mp4_film": (lambda: coded("mp4", "aac", long_voice()[None], film=True), 1),
    "webm": (lambda: coded("webm", "libopus", long_voice(48_000)[None], rate=48_000), 1),
    "mkv_film": (lambda: coded("matroska", "aac", long_voice()[None], film=True), 1),
    "mka": (lambda: coded("matroska", "aac", long_voice()[None]), 1),
    "w64": (lambda: coded("w64", "pcm_s16le", long_voice()[None]), 1),
    # Told apart from whole numbers only by the end of a long name.
    "w64_fractions": (lambda: coded("w64", "pcm_f32le", long_voice(96_000)[None], rate=96_000), 1),
    "voc": (lambda: coded("voc", "pcm_s16le", long_voice()[None]), 1),
    "nist": (lambda: sound("NIST", "PCM_16", waveform=long_voice()), 1),
    "8svx": (lambda: sound("SVX", "PCM_16", waveform=long_voice()), 1),
    "au_little_endian": (lambda: sound("AU", "PCM_16", waveform=long_voice(), endian="LITTLE"), 1),
    "caf_alac": (lambda: sound("CAF", "ALAC_16", waveform=long_voice()), 1),
    "tta": (lambda: coded("tta", "tta", long_voice()[None]), 1),
    "wavpack": (lambda: coded("wv", "wavpack", long_voice()[None]), 1),
    "wma": (lambda: coded("asf", "wmav2", long_voice(44_100)[None], rate=44_100), 1),
    "wmv": (lambda: coded("asf", "wmav1", long_voice(44_100)[None], rate=44_100, film=True), 1),
    "ac3": (lambda: coded("ac3", "ac3", long_voice(48_000)[None], rate=48_000), 1),
    "eac3": (lambda: coded("eac3", "eac3", long_voice(48_000)[None], rate=48_000), 1),
    "mp2": (lambda: coded("mp2", "mp2", long_voice(48_000)[None], rate=48_000), 1),
    "latm": (lambda: coded("latm", "aac", long_voice()[None]), 1),
    "aac_in_wav": (lambda: wav(coded("adts", "aac", long_voice()[None]), tag=0x1600), 1),
    "aac_in_wav_without_marks": (lambda: coded("wav", "aac", long_voice()[None]), 1),
    "aac_in_w64_without_marks": (lambda: coded("w64", "aac", long_voice(44_100)[None], rate=44_100), 1),
    "flv": (lambda: coded("flv", "aac", long_voice(44_100)[None], rate=44_100), 1),
    "flv_ac3": (lambda: coded("flv", "ac3", long_voice(48_000)[None], rate=48_000), 1),
    "wtv": (lambda: coded("wtv", "ac3", long_voice(48_000)[None], rate=48_000), 1),
    "real": (lambda: coded("rm", "ac3", long_voice(48_000)[None], rate=48_000), 1),
    "real_old_coder": (lambda: coded("rm", "real_144", long_voice(8_000)[None], rate=8_000), 1),
    "nut": (lambda: coded("nut", "aac", long_voice()[None]), 1),
    "sox": (lambda: coded("sox", "pcm_s32le", long_voice()[None]), 1),
    "mxf": (lambda: coded("mxf_opatom", "pcm_s24le", long_voice(48_000)[None], rate=48_000), 1),
    "mpeg": (lambda: coded("mpeg", "mp2", long_voice(48_000)[None], rate=48_000), 1),
    "vob": (lambda: coded("vob", "ac3", long_voice(48_000)[None], rate=48_000), 1),
    "ts": (lambda: coded("mpegts", "aac", long_voice(48_000)[None], rate=48_000), 1),
    "ts_film": (lambda: coded("mpegts", "mp2", long_voice(48_000)[None], rate=48_000, film=True), 1),
    "ts_from_its_middle": (lambda: b"G" + bytes(99) + coded("mpegts", "mp2", long_voice(48_000)[None], rate=48_000), 1),
    "m2ts": (lambda: coded("mpegts", "ac3", long_voice(48_000)[None], rate=48_000, options=M2TS), 1),
    "avi": (lambda: coded("avi", "libmp3lame", long_voice(44_100)[None], rate=44_100, film=True), 1),
    "aac": (lambda: coded("adts", "aac", long_voice()[None]), 1),
    "aac_joined": (lambda: 2 * coded("adts", "aac", long_voice()[None]), 2),
    "id3_before_flac": (lambda: ID3 + sound("FLAC", "PCM_16", waveform=long_voice()), 1),
    "id3_before_aac": (lambda: ID3 + coded("adts", "aac", long_voice()[None]), 1),
    "aac_in_3gp": (lambda: coded("3gp", "aac", long_voice()[None]), 1),
    "amr": (lambda: pauses("amrnb", SECONDS), 1),
    "amr_wide": (lambda: pauses("amrwb", SECONDS), 1),
    "amr_joined": (lambda: 2 * pauses("amrnb", SECONDS), 2),
    "mov_old_coder": (lambda: coded("mov", "adpcm_ima_qt", long_voice()[None]), 1),
    "avi_old_coder": (lambda: coded("avi", "adpcm_ima_wav", long_voice()[None], film=True), 1),
    "wav_telephone": (lambda: coded("wav", "g722", long_voice()[None]), 1),
    "wav_joined": (lambda: 2 * sound("WAV", "PCM_16", waveform=long_voice()), 2),
    "aiff_joined": (lambda: 2 * sound("AIFF", "PCM_16", waveform=long_voice()), 2),
    "au_joined": (lambda: 2 * sound("AU", "PCM_16", waveform=long_voice()), 2),
    "caf_joined": (lambda: 2 * sound("CAF", "PCM_16", waveform=long_voice()), 2),
    "w64_joined": (lambda: 2 * coded("w64", "pcm_s16le", long_voice()[None]), 2),
    "8svx_joined": (lambda: 2 * sound("SVX", "PCM_16", waveform=long_voice()), 2),
    "au_little_endian_joined": (lambda: 2 * sound("AU", "PCM_16", waveform=long_voice(), endian="LITTLE"), 2),
    "tta_joined": (lambda: 2 * coded("tta", "tta", long_voice()[None]), 2),
    "wma_joined": (lambda: 2 * coded("asf", "wmav2", long_voice(44_100)[None], rate=44_100), 2),
    "flv_joined": (lambda: 2 * coded("flv", "libmp3lame", long_voice(44_100)[None], rate=44_100), 2),
    "avi_joined": (lambda: 2 * coded("avi", "libmp3lame", long_voice(44_100)[None], rate=44_100, film=True), 2),
    "mkv_joined": (lambda: 3 * coded("matroska", "aac", long_voice()[None], film=True), 3),
    "ts_joined": (lambda: 2 * coded("mpegts", "mp2", long_voice(48_000)[None], rate=48_000), 2),
    "wavpack_joined": (lambda: 2 * coded("wv", "wavpack", long_voice()[None]), 2),
    "wavpack_channels": (
        lambda: coded("wv", "wavpack", long_voice(48_000)[None].repeat(6, 0), rate=48_000, layout="5.1"),
        1,
    ),
    "wavpack_tag_behind": (lambda: coded("wv", "wavpack", long_voice()[None]) + ID3V1, 1),
    "m4a_joined": (lambda: 2 * coded("ipod", "aac", long_voice()[None]), 2),
    "m4a_free_before": (lambda: b"\0\0\0\x10free" + bytes(8) + fragments(), 1),
    "wav_words_before": (lambda: b"stray words " * 9 + sound("WAV", "PCM_16", waveform=long_voice()), 1),
    "mp3_many_zeros_before": (lambda: bytes(200_000) + mp3(), 1),
    "mp3_tag_too_long": (lambda: b"ID3\x03\0\0\0\x7f\x7f\x7f" + bytes(256) + mp3(), 1),
    "flac_rates_and_channels": (
        lambda: (
            sound("FLAC", "PCM_16", waveform=long_voice())
            + ID3
            + sound("FLAC", "PCM_16", 44_100, 2, waveform=long_voice(44_100))
        ),
        2,
    ),
    "flac_joined": (lambda: 2 * sound("FLAC", "PCM_16", waveform=long_voice()), 2),
}
BROKEN = {
    "fragment_zeroed": fragment_zeroed,
    "m4a": lambda: packet_broken("ipod", "aac"),
    "mp3": lambda: packet_broken("mp3", "libmp3lame"),
    "aac": lambda: packet_broken("adts", "aac"),
    "flac": lambda: packet_broken("flac", "flac"),
    "mka_aac": lambda: packet_broken("matroska", "aac"),
    "webm": lambda: packet_broken("webm", "libopus", 48_000),
}
SIDED = {
    "inverted": lambda: channels(1, -1),
    "inverted_and_quieter": lambda: channels(1, -0.8),
    "one_silent": lambda: channels(0, 1),
    "centre_only": lambda: channels(0, 0, 1, 0, 0, 0),
    "centre_only_quiet": lambda: channels(0, 0, 1, 0, 0, 0, level=0.02),
    "surround_inverted": lambda: channels(1, 1, 1, 0, -1, -1),
    "first_track_silent": lambda: coded("mp4", "aac", np.zeros((1, 64_000)), long_voice()[None], film=True),
    "second_track_silent": lambda: coded("matroska", "aac", long_voice()[None], np.zeros((1, 64_000))),
}
