"""What a flag's text may be: each turns it into the value, or raises ArgumentTypeError with what is wrong."""

import argparse
import ipaddress
from collections.abc import Callable
from pathlib import Path

from models.catalog import keys_of
from models.engines import devices

RETENTION_AT_MOST = 525_600  # minutes: a year


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
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            raise argparse.ArgumentTypeError(f"'{value}' is no whole number from {low} to {high}")
        return int(value)

    return check


def root_path(value: str) -> str:
    if value and not value.startswith("/"):
        raise argparse.ArgumentTypeError(f"'{value}' does not begin with /")
    return value.rstrip("/")


def login(value: str) -> tuple[str, str]:
    user, colon, password = value.partition(":")
    if not (user and colon and password):
        raise argparse.ArgumentTypeError("give it as user:password")
    return user, password


def path_of(value: str) -> Path:
    """A path as a user gives it."""
    try:
        return Path(value).expanduser().absolute()
    except RuntimeError:
        raise argparse.ArgumentTypeError(f"'{value}' begins in a home folder that is unknown; give it from /") from None


def folder(value: str) -> Path:
    folder = path_of(value)
    if not folder.is_dir():
        raise argparse.ArgumentTypeError(f"'{value}' is no folder")
    return folder
