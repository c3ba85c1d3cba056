"""Everything libsndfile does not read, by FFmpeg: a packet that cannot be decoded costs only itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from models.media.file_types import Kind
from models.media.sound import amr, lengths, mp4, ogg, unmarked_aac
from models.media.sound.block import NOTHING, Block
from models.media.sound.errors import (
    MAX_SECONDS,
    RATE,
    damaged,
    no_track,
    too_long,
    unreadable,
)
from models.media.sound.formats import CODECS, KINDS, UNMARKED
from models.media.sound.resampling import Piece, mono_blocks
from models.media.sound.window import Window

if TYPE_CHECKING:
    from av.container import InputContainer

# Beyond this share of packets that cannot be decoded the recording counts as damaged.
MAX_BAD_SHARE: Final = 0.25
_LENGTH_IN_HEADER = ("mp4", "matroska", "flac")
# No coder makes larger ones; samples without a coder could come as one packet of the whole file.
_MAX_PACKET_BYTES = 4 * 2**20
_MAX_BROKEN_READS = 1_000
# Times of packets are rounded, those of live pictures also shaken; a hole longer than the longest is a clock set anew.
_HOLES: Final = dict.fromkeys(("matroska", "ogg", "mp4"), 0.05) | dict.fromkeys(("flv", "asf", "mpegts", "mpeg"), 0.25)
_MAX_HOLE = 60.0
_MAX_TRACKS = 4
_LISTEN_SECONDS = 300
# The first track within this share of the loudest one's amplitude is taken.
_AUDIBLE_SHARE = 0.1


def blocks(file: Window, kind: str) -> Iterator[Block]:
    """The recording piece by piece; what could not be read is silence of its length."""
    container_format = KINDS[kind]
    if container_format == "mp4":
        file = mp4.mended(file)
        if not mp4.is_believable(file):
            damaged(kind)
    parts = ogg.links(file) if container_format == "ogg" else [ogg.Link(0, file.seek(0, 2))]
    for part in parts:
        yield from _Part(Window(file, part.first, part.last), kind).blocks(part.lost)


class _Part:
    """One recording in a file."""

    def __init__(self, file: Window, kind: str) -> None:
        self.file, self.kind, self.format = file, kind, KINDS[kind]
        self.head = file.read(lengths.HEAD_BYTES.get(self.format, 0))
        self._begin()

    def _begin(self) -> None:
        self.packets = self.bad = 0
        # Seconds: when the file says that it ends, when it does, and how long a last packet was that is not whole.
        self.announced = self.end = self.cut = 0.0
        # Bytes behind a place that nothing leads beyond, as a share of those before it.
        self.left = 0.0
        self.frames = lengths.Frames()

    def blocks(self, lost: float = 0.0) -> Iterator[Block]:
        """`lost`: samples that the container announces and has not, NaN where only the end mark is missing."""
        with self._opened() as container:
            tracks = [index for index, track in enumerate(container.streams.audio) if _is_known(track)]
            if not tracks:
                no_track()
            seconds = (container.duration or 0) / 1e6
            if self.format in _LENGTH_IN_HEADER and MAX_SECONDS < seconds < lengths.UNBELIEVABLE_SECONDS:
                too_long(seconds)
        heard = 0
        for block in self._track(self._with_sound(tracks[:_MAX_TRACKS])):
            heard += len(block.samples)
            yield block
        gap = lengths.gap(self.announced, max(self.end, heard / RATE), self.format) + self.frames.gap()
        if self.bad > MAX_BAD_SHARE * self.packets or (gap and not heard):
            damaged(self.kind)
        told = self.announced or self.frames.told
        missing = (gap if told else self.cut) + lost / self.rate
        if self.format in lengths.CHUNKED:
            missing = lengths.gap(heard / RATE * self.left, 0) + heard / RATE * lengths.cut_share(self.file)
        yield Block(NOTHING, missing_seconds=missing)

    @contextmanager
    def _opened(self) -> Iterator[InputContainer]:
        # Imported here because FFmpeg's libraries take 0.2 s to load.
        import av

        self.file.seek(0)
        options = {"codec_whitelist": ",".join(CODECS)}
        with av.open(self.file, "r", format=self.format, options=options, metadata_errors="ignore") as container:
            yield container

    def _with_sound(self, tracks: list[int]) -> int:
        """The first of several tracks that is not much quieter than the loudest."""
        if len(tracks) == 1:
            return tracks[0]
        loudness = [self._loudness(track) for track in tracks]
        return next(
            track for track, loud in zip(tracks, loudness, strict=True) if loud >= _AUDIBLE_SHARE * max(loudness)
        )

    def _loudness(self, track: int) -> float:
        loudest, heard = 0.0, 0
        for block, *_ in self._track(track):
            centred = block - block.mean() if len(block) else np.zeros(1)
            loudest, heard = max(loudest, float(np.sqrt(np.mean(np.square(centred))))), heard + len(block)
            if heard > _LISTEN_SECONDS * RATE:
                break
        self._begin()
        return loudest

    def _track(self, track: int) -> Iterator[Block]:
        from av.codec.context import Flags2

        with self._opened() as container:
            stream = container.streams.audio[track]
            told = lengths.announced_in_head(self.head, self.format)
            self.announced = told or lengths.announced_end(container, stream, self.format)
            self.rate, self.coder = stream.codec_context.sample_rate, stream.codec_context.name
            if coder := UNMARKED.get((self.format, self.coder)):
                unreadable(Kind(f"{self.kind} ({coder})", "recording"), empty=False)
            if (self.format, self.coder) == ("caf", "alac"):
                # The last frame holds no more than is there: FFmpeg cuts from it what the file says a full one had.
                stream.codec_context.flags2 |= Flags2.skip_manual
            self.frames.see(self.head if self.format == "mp3" else b"", 0)
            yield from mono_blocks(self._pieces(container, stream))

    def _pieces(self, container: InputContainer, track: Any) -> Iterator[Piece]:
        """Decoded frames and the holes between them; the last frame without the coder's padding."""
        pending: Piece | None = None
        expected: float | None = None
        for packet in self._packets(container, track):
            length = float(packet.duration * packet.time_base) if packet.duration and packet.time_base else 0.0
            if self.format == "mp3" and self.frames.see(memoryview(packet), length):
                continue
            for frame in self._decoded(packet):
                if pending:
                    yield pending
                at = frame.time if frame and self.format in _HOLES else None
                if at is not None and expected is not None and _HOLES[self.format] < at - expected < _MAX_HOLE:
                    yield Piece(None, at - expected)
                pending = Piece(frame, length, pause=frame is None and amr.is_pause(packet))
                if frame:
                    expected = None if at is None else at + frame.samples / frame.sample_rate
                    self.end = max(self.end, expected or 0.0)
                elif expected is not None:
                    expected += length
        if pending and (pending.frame or pending.pause):
            yield pending._replace(padded=self.format == "mp4")
        elif pending:
            self.bad, self.cut = self.bad - 1, pending.seconds

    def _packets(self, container: InputContainer, track: Any) -> Iterator[Any]:
        """Every packet, past places that the container's reader cannot read."""
        import av

        if self.coder == "aac" and self.format in lengths.CHUNKED:
            start, end = lengths.samples_of(self.file)
            if not unmarked_aac.is_marked(self.file, start):
                yield from self._unmarked(track, start, end)
                return
        broken = 0
        for _ in range(_MAX_BROKEN_READS):
            try:
                for packet in container.demux(*([] if self.format == "matroska" else [track])):
                    # What cannot be read behind the last packet is no part of the recording.
                    broken = self._count(broken) if packet.size else broken
                    if packet.stream.index == track.index:
                        yield packet
                    elif packet.pts is not None:
                        self.end = max(self.end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
                break
            except av.FFmpegError:
                broken += 1
                if self.bad + broken > MAX_BAD_SHARE * self.packets + 8:
                    break
        if not self.packets:
            self._count(broken)

    def _unmarked(self, track: Any, start: int, end: int) -> Iterator[Any]:
        import av

        at = start
        for piece in unmarked_aac.pieces(self.file, start, end, track.codec_context.extradata or b""):
            packet = av.Packet(piece)
            packet.stream = track
            yield packet
            at += len(piece)
        self.left = (end - at) / max(at - start, 1)

    def _count(self, broken: int) -> int:
        """Takes in places that could not be read; none are left."""
        self.packets, self.bad = self.packets + broken, self.bad + broken
        return 0

    def _decoded(self, packet: Any) -> list[Any]:
        """The packet's frames; None stands for a packet that cannot be decoded."""
        import av

        if not packet.size and packet.pts is not None:
            return []
        self.packets += 1
        if amr.is_pause(packet):
            return [None]
        try:
            if packet.size <= _MAX_PACKET_BYTES:
                return list(packet.decode())
        except av.FFmpegError:
            pass
        self.bad += 1
        return [None]


def _is_known(track: Any) -> bool:
    return track.codec_context is not None and track.codec_context.name in CODECS
