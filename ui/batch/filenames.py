"""Names inside zips that strangers packed: read right, and held to their folder."""

import re
import zipfile

_UTF8_FLAG = 0x800


def entry_name(entry: zipfile.ZipInfo) -> str:
    """The name of a zip's entry. Chinese Windows writes GBK and says nothing of it; Python then reads code page 437."""
    if entry.flag_bits & _UTF8_FLAG:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def points_outside(name: str) -> bool:
    """Whether a zip's entry would be written somewhere else than below the folder it is unpacked in."""
    parts = re.split(r"[/\\]", name)
    return ".." in parts or parts[0] == "" or bool(re.match(r"[A-Za-z]:", name))
