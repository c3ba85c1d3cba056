"""Frames are those of protobuf, whatever the size."""

import pytest
from onnx import TensorProto

from models.exports.frames import frame


@pytest.mark.parametrize("size", [0, 1, 127, 128, 300, 70_000, 2**21])
def test_a_frame_and_its_bytes_are_what_protobuf_writes(size: int) -> None:
    raw = bytes(size)
    assert frame(TensorProto.RAW_DATA_FIELD_NUMBER, size) + raw == TensorProto(raw_data=raw).SerializeToString()


def test_a_gigabyte_has_its_length() -> None:
    """A tag, and five bytes of seven bits."""
    tag, *parts = frame(7, 1_253_000_000)
    assert tag == 7 << 3 | 2
    assert sum((part & 127) << 7 * place for place, part in enumerate(parts)) == 1_253_000_000
