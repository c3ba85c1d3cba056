"""What stands before a field of a protobuf message: so that one is written piece by piece, never whole in memory."""


def frame(field: int, size: int) -> bytes:
    """Before `size` bytes of a field: text, raw bytes, or a message."""
    return _varint(field << 3 | 2) + _varint(size)


def _varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first; the eighth says that more come."""
    more = number >> 7
    return bytes([number & 127 | 128]) + _varint(more) if more else bytes([number])
