"""Pauses in what telephones record (3GPP TS 26.101, 26.201): frames of noise, or of nothing, that FFmpeg refuses."""

from typing import Any, Final

_PAUSES: Final = {"amrnb": range(8, 16), "amrwb": range(9, 16)}


# Of a frame's first byte, always zero.
_PADDING = 0x83


def is_pause(packet: Any) -> bool:
    """Whether nobody speaks in the packet, as its first byte says."""
    modes = _PAUSES.get(packet.stream.codec_context.name)
    if not modes or not packet.size or memoryview(packet)[0] & _PADDING:
        return False
    return memoryview(packet)[0] >> 3 & 15 in modes
