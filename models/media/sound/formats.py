"""Which containers and coders FFmpeg is asked to read, by its own names: it knows many more, least looked at."""

from typing import Final

# Naming a container keeps FFmpeg from trying playlists and the like. MP3 is here because
# libsndfile guesses the length of variable rates from the first frame, and drops the rest: 8 s out of 40 s.
KINDS: Final = {
    "MP3": "mp3",
    "AAC": "aac",
    "MP4": "mp4",
    "WEBM": "matroska",
    "AMR": "amr",
    "FLAC": "flac",
    "OGG": "ogg",
    "CAF": "caf",
    "AVI": "avi",
    "WAV": "wav",
    "AIFF": "aiff",
    "AU": "au",
    "W64": "w64",
    "VOC": "voc",
    "NIST": "nistsphere",
    "8SVX": "iff",
    "IRCAM": "ircam",
    "TTA": "tta",
    "WavPack": "wv",
    "WMA": "asf",
    "AC3": "ac3",
    "E-AC3": "eac3",
    "DTS": "dts",
    "LATM": "loas",
    "FLV": "flv",
    "MXF": "mxf",
    "MPEG": "mpeg",
    "MPEG-TS": "mpegts",
    "WTV": "wtv",
    "RealMedia": "rm",
    "NUT": "nut",
    "SoX": "sox",
}
CODECS: Final = (
    *("aac", "aac_latm", "alac", "mp3float", "mp3", "mp2float", "mp2", "mp1float", "mp1", "opus", "vorbis", "flac"),
    *("amrnb", "amrwb", "ac3", "eac3", "dca", "speex", "gsm", "gsm_ms", "g722", "g723_1", "g726", "g726le"),
    *("wmav1", "wmav2", "wmapro", "wmalossless", "wmavoice", "tta", "wavpack", "nellymoser", "qdm2", "mace3", "mace6"),
    *(f"adpcm_{kind}" for kind in ("ima_qt", "ima_wav", "ms", "swf", "yamaha", "adx", "sbpro_2", "sbpro_3", "sbpro_4")),
    *(f"pcm_{kind}" for kind in ("u8", "s8", "s8_planar", "alaw", "mulaw", "bluray", "dvd", "vidc")),
    *("s302m", "8svx_exp", "8svx_fib", "truespeech", "real_144", "real_288", "cook", "sipr", "dfpwm"),
    *(f"pcm_{kind}{end}" for kind in ("s16", "s24", "s32", "s64", "f32", "f64") for end in ("le", "be")),
    *(f"pcm_{kind}{end}" for kind in ("u16", "u24", "u32") for end in ("le", "be")),
    *("pcm_f16le", "pcm_f24le", "pcm_s16le_planar", "pcm_s16be_planar", "pcm_s24le_planar", "pcm_s32le_planar"),
)
# Without marks between frames nothing tells where one ends; FFmpeg writes such files and cannot read them itself.
UNMARKED: Final = {("wav", "vorbis"): "Vorbis", ("w64", "vorbis"): "Vorbis"}
