"""What a flag's text may be: each turns it into the value, or raises ArgumentTypeError with what is wrong."""

import argparse
import ipaddress
import re
import stat
from collections.abc import Callable
from pathlib import Path

from models.catalog import keys_of
from models.engines import devices

RETENTION_AT_MOST = 525_600  # minutes: a year
_SWITCHES = (
    {"": False} | dict.fromkeys(("0", "false", "no", "off"), False) | dict.fromkeys(("1", "true", "yes", "on"), True)
)


def one_line(text: str) -> str:
    """As a line can show it: what is not to be printed escaped, what is endless cut."""
    shown = "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)
    return re.sub(r"(\S{120})\S+", r"\1...", shown)


def choice(*names: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value not in names:
            raise argparse.ArgumentTypeError(f"'{value}' is none of {', '.join(names)}")
        return value

    return check


def minutes(value: str) -> float:
    try:
        found = float(value)
    except ValueError:
        found = 0.0
    if not 0 < found <= RETENTION_AT_MOST:
        raise argparse.ArgumentTypeError(f"'{value}' is no number of minutes above 0, {RETENTION_AT_MOST} at most")
    return found


def preload(value: str) -> tuple[str, ...] | None:
    try:
        return None if value == "all" else keys_of(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def device(value: str) -> str:
    if not devices.NAME.fullmatch(value):
        raise argparse.ArgumentTypeError(f"'{value}' is none of {devices.CHOICES}")
    return value


def networks(value: str) -> tuple[str, ...]:
    try:
        return tuple(str(ipaddress.ip_network(part.strip())) for part in value.split(",") if part.strip())
    except ValueError:
        message = f"'{value}' is no list of addresses or networks such as 10.0.0.2,10.1.0.0/16"
        raise argparse.ArgumentTypeError(message) from None


def whole(low: int, high: int) -> Callable[[str], int]:
    def check(value: str) -> int:
        if not re.fullmatch(r"0*[0-9]{1,12}", value) or not low <= int(value.lstrip("0") or "0") <= high:
            raise argparse.ArgumentTypeError(f"'{value}' is no whole number from {low} to {high}")
        return int(value)

    return check


def switch(value: str) -> bool:
    """What the variable of a flag without a value says."""
    if value.lower() not in _SWITCHES:
        raise argparse.ArgumentTypeError(f"'{value}' is none of 0, false, no, off, 1, true, yes, on")
    return _SWITCHES[value.lower()]


def root_path(value: str) -> str:
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)*/?", value):
        raise argparse.ArgumentTypeError(f"'{value}' is no path such as /prewarm, of letters, digits, . _ ~ and -")
    return value.rstrip("/")


def host(value: str) -> str:
    """A name or an address, an IPv6 one in brackets too."""
    bare = value.strip().removeprefix("[").removesuffix("]")
    try:
        known = bool(bare.encode("idna")) and bare.isprintable() and " " not in bare
    except UnicodeError:
        known = False
    if not known:
        raise argparse.ArgumentTypeError(f"'{value}' is no name or address of this machine; 0.0.0.0 is all of them")
    return bare


def token(value: str) -> str:
    if not re.fullmatch(r"[!-~]+", value):
        raise argparse.ArgumentTypeError(f"'{value}' cannot be sent: give letters, digits and signs of ASCII")
    return value


def login(value: str) -> tuple[str, str]:
    user, colon, password = value.partition(":")
    if not (user and colon and password and value.isprintable()):
        raise argparse.ArgumentTypeError("give it as user:password, in UTF-8")
    return user, password


def path_of(value: str) -> Path:
    """A path as a user gives it, of something that may be there or not."""
    try:
        path = Path(value).expanduser().absolute()
    except RuntimeError:
        raise argparse.ArgumentTypeError(f"'{value}' begins in a home folder that is unknown; give it from /") from None
    except FileNotFoundError:
        raise argparse.ArgumentTypeError(f"'{value}' begins in a folder that was deleted; give it from /") from None
    if not value:
        raise argparse.ArgumentTypeError("an empty path means nothing; give one, or leave it out")
    _look(path, value)
    return path


def folder(value: str) -> Path:
    if not stat.S_ISDIR(_look(path := path_of(value), value)):
        raise argparse.ArgumentTypeError(f"'{value}' is no folder")
    return path


def file(value: str) -> Path:
    if not stat.S_ISREG(_look(path := path_of(value), value)):
        raise argparse.ArgumentTypeError(f"'{value}' is no file")
    return path


def _look(path: Path, value: str) -> int:
    """The mode of what is there, 0 where nothing is."""
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return 0
    except (OSError, ValueError) as error:  # a name too long, a folder that may not be looked into, a NUL
        reason = error.strerror if isinstance(error, OSError) else error
        raise argparse.ArgumentTypeError(f"'{value}' cannot be used ({reason}); give another path") from None
