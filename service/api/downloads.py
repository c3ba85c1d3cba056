"""What a result is saved as: the header that tells it (RFC 6266)."""

from urllib.parse import quote

from models.media.file_names import safe


def disposition(name: str) -> str:
    """The value of Content-Disposition. Clients that know no RFC 8187 get the name with `_` for other scripts."""
    name = safe(name)
    plain = "".join(letter if letter.isascii() else "_" for letter in name)
    told = f'attachment; filename="{plain}"'
    return told if plain == name else f"{told}; filename*=UTF-8''{quote(name, safe='')}"
