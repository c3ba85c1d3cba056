"""Is a file what its name says, and is it harmless? Looked at once, when a file is first recorded."""

import json
import mmap
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from models.errors import WeightsError
from models.weights import checkpoint

# Op names that reach files, the network, other machines or Python, or end the process. Frozen graphs of the studio's
# models have no use for any of them. The candidate samplers and Skipgram read a file named in an attribute.
HOSTILE = re.compile(
    r"File|Reader|PyFunc|Dataset|Save|Restore|Checkpoint|^PrintV2$|Summary|^Debug|Rpc|^RemoteCall$|^ImmutableConst$"
    r"|RemapMatrix|VocabRemapping|^DecodeProto|^EncodeProto|^RemoteFused|^DumpTensor$|^ImportEvent$|^Collective|Send|Recv"
    r"|^FixedUnigram|^Skipgram$|^Abort$|TPU|^Sleep"
)
IMAGE_MAGIC = (b"\xff\xd8", b"\x89PNG", b"BM", b"RIFF")
PICKLE_PROTOCOLS = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
# Field numbers of TensorFlow's graph.proto, function.proto and node_def.proto.
GRAPH_NODE, GRAPH_LIBRARY, LIBRARY_FUNCTION, FUNCTION_NODE, NODE_OP = 1, 2, 1, 3, 2

Buffer = mmap.mmap | bytes
Span = tuple[int, int]


class _HostileError(ValueError):
    """A graph that would do more than compute."""


def inspect_file(path: Path, name: str) -> None:
    """Raises WeightsError when `path` cannot be the file `name` of a model, or holds a graph that touches files."""
    try:
        _reader(name)(path)
    except (ValueError, IndexError, RecursionError, zipfile.BadZipFile) as error:
        raise WeightsError(
            f"{path} is not a usable {name}: {error}. Delete it and get it from the model's own page.",
            reason="hostile_file" if isinstance(error, _HostileError) else "implausible_file",
            file=name,
            folder=str(path.parent),
        ) from error


def _reader(name: str) -> Callable[[Path], None]:
    readers = {".pb": _graph, ".pt": _checkpoint, ".json": _json, ".yaml": _yaml, ".jpg": _image}
    return readers.get(Path(name).suffix, _text)


def _graph(path: Path) -> None:
    operations = graph_operations(path)
    if not operations:
        raise ValueError("no graph in it")
    hostile = sorted(name for name in operations if HOSTILE.search(name))
    if hostile:
        raise _HostileError(f"it would touch files, the network or Python ({', '.join(hostile[:5])})")


def graph_operations(path: Path) -> set[str]:
    """The op names in a frozen TensorFlow graph, functions included. Raises ValueError when it is cut or no graph."""
    if path.stat().st_size == 0:
        raise ValueError("it is empty")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as buffer:
        nodes = _nodes(buffer, (0, len(buffer)))
        return {buffer[a:b].decode("utf-8") for node in nodes for a, b in _children(buffer, node, NODE_OP)}


def _nodes(buffer: Buffer, graph: Span) -> Iterator[Span]:
    yield from _children(buffer, graph, GRAPH_NODE)
    for library in _children(buffer, graph, GRAPH_LIBRARY):
        for function in _children(buffer, library, LIBRARY_FUNCTION):
            yield from _children(buffer, function, FUNCTION_NODE)


def _children(buffer: Buffer, span: Span, wanted: int) -> Iterator[Span]:
    """The length-prefixed fields of one number in a protobuf message."""
    at, end = span
    while at < end:
        tag, at = _varint(buffer, at)
        number, wire = tag >> 3, tag & 7
        start, at = _skip(buffer, at, wire)
        if at > end or number == 0:
            raise ValueError("it is cut off or not a TensorFlow graph")
        if number == wanted and wire == 2:
            yield start, at


def _skip(buffer: Buffer, at: int, wire: int) -> Span:
    """Where the value of a field starts and where the next field begins."""
    if wire == 0:
        return at, _varint(buffer, at)[1]
    if wire == 2:
        size, at = _varint(buffer, at)
        return at, at + size
    if wire in (1, 5):
        return at, at + (8 if wire == 1 else 4)
    raise ValueError("it is not a TensorFlow graph")


def _varint(buffer: Buffer, at: int) -> tuple[int, int]:
    value = shift = 0
    while shift < 64:
        byte = buffer[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    raise ValueError("it is not a TensorFlow graph")


def _checkpoint(path: Path) -> None:
    """A zip of torch.save, whose directory stands at its end, or the older bare pickle."""
    head = _head(path)
    if head.startswith(b"PK"):
        with zipfile.ZipFile(path) as archive:
            if not any(name.endswith("data.pkl") for name in archive.namelist()):
                raise ValueError("a zip without tensors")
        if named := checkpoint.programs_in(path):
            raise _HostileError(f"it would run {', '.join(named[:5])}")
    elif not head.startswith(PICKLE_PROTOCOLS):
        raise ValueError("not written by torch.save")


def _json(path: Path) -> None:
    if not isinstance(json.loads(path.read_text("utf-8")), dict):
        raise ValueError("no JSON object")


def _yaml(path: Path) -> None:
    import yaml

    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except yaml.YAMLError as error:
        raise ValueError("no YAML") from error
    if not isinstance(content, dict):
        raise ValueError("no YAML mapping")


def _image(path: Path) -> None:
    if not _head(path).startswith(IMAGE_MAGIC):
        raise ValueError("no image")


def _text(path: Path) -> None:
    text = path.read_text("utf-8").lstrip().lower()
    if not text or text.startswith(("<!doctype", "<html")):
        raise ValueError("empty or a web page")


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(16)
