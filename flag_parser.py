"""How flags are read: each may have a variable, `PREWARM_` and its name, and what is wrong is told in one line."""

import argparse
import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import NoReturn

from flag_values import one_line, switch


class Parser(argparse.ArgumentParser):
    """Says in one line what is wrong, and names the variable too: argparse knows only of the flag."""

    def error(self, message: str) -> NoReturn:
        named = re.sub(r"^argument (?:-\w/)?(--[\w-]+)[^:]*:", lambda found: f"{self._named(found[1])}:", message)
        self.exit(2, f"prewarm: {one_line(named).rstrip('.')}; {self.prog} --help tells every flag.\n")

    def _named(self, flag: str) -> str:
        has_variable = getattr(self._option_string_actions[flag], "has_variable", False)
        return f"{flag} ({variable_of(flag)})" if has_variable else flag


def variable_of(flag: str) -> str:
    return "PREWARM_" + flag.strip("-").replace("-", "_").upper()


def adder(parser: argparse._ActionsContainer, environ: Mapping[str, str]) -> Callable[..., None]:
    """What adds a flag that has a variable: its name, its default, what its text may be."""

    def add(flag: str, default: object, kind: Callable[[str], object] = str, **more: object) -> None:
        # argparse converts and checks string defaults like arguments, so a bad variable is reported the same way.
        told = environ.get(variable_of(flag), default)
        added = parser.add_argument(flag, default=told, type=kind, **more)  # type: ignore[arg-type]
        added.has_variable = True  # type: ignore[attr-defined]

    return add


def add_switch(parser: argparse.ArgumentParser, environ: Mapping[str, str], flag: str, told: str) -> None:
    """A flag without a value; its variable says yes or no."""
    default = environ.get(variable_of(flag), False)
    added = parser.add_argument(flag, action="store_true", default=default, help=told)
    added.type = switch  # for the variable, as in `adder`
    added.has_variable = True  # type: ignore[attr-defined]


def refuse_misspelt(parser: argparse.ArgumentParser, names: Mapping[str, object], environ: Mapping[str, str]) -> None:
    """A variable that is almost one of ours would be ignored without a word."""
    known = [variable_of(name) for name in names]
    for given in environ.keys() - known:
        meant = get_close_matches(given, known, n=1, cutoff=0.85) if given.startswith("PREWARM_") else []
        if meant:
            parser.error(f"the variable {given} is unknown; {meant[0]} is known")
