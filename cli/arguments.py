"""The flags. Those of a task are made from the options that it declares, as its REST form is, so that both agree."""

import argparse
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import settings
from flag_parser import Parser, adder
from flag_values import file, token
from models.errors import BadField
from models.media import audio, images
from models.tasks import TASKS
from models.tasks.base import AnyTask
from models.tasks.options import Option, options_of

EXAMPLES = """examples:
  cartoon portrait.jpg                             portrait.cartoon.png beside it
  cartoon photos/ --style sketch --out sketches/   every picture in a folder, sub-folders kept
  matting 'team/*.jpg' --background '#438edb' --format jpg
  matting - < photo.jpg > cutout.png               from standard input to standard output
  id_photo me.jpg --id-size us --output sheet      me.print-sheet.jpg, to print
  emotion voice.wav --json                         the whole result as one line of JSON
  cartoon inbox/ --watch --out done/               every new picture, until Ctrl-C
  emotion calls/ --server http://studio:7860       a running studio does the work: nothing is loaded here

exit codes: 0 all done, 1 some files failed, 2 wrong usage, 3 model not loaded or server not reached, 130 interrupted"""


@dataclass(frozen=True)
class Command:
    """What was asked for. `options` are those of the task, `given` the ones of them that the user named; `out` None is
    beside the input."""

    task: AnyTask
    options: Any
    given: dict[str, Any]
    inputs: tuple[str, ...]
    out: str | None
    watch: bool
    skip_existing: bool
    json: bool
    quiet: bool
    server: str | None
    token: str | None
    settings: settings.Settings

    @property
    def result(self) -> str:
        """What the name of each result ends in: `cutout.png`."""
        return self.task.file_name(self.options)

    @property
    def most_bytes(self) -> int:
        """What a file may have."""
        return audio.MAX_BYTES if self.task.source == "audio" else images.MAX_BYTES


def parse(argv: Sequence[str] | None, environ: Mapping[str, str]) -> Command:
    """The command line, checked. A wrong one ends the program with code 2."""
    parser = Parser(
        prog="./run.sh",
        description="Cartoons, cut-outs, ID photos and the emotion in voices, for files.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    tasks = parser.add_subparsers(dest="task", required=True, metavar="|".join(TASKS))
    for task in TASKS.values():
        _add_task(tasks, task, environ)
    given = parser.parse_args(argv)
    if given.watch and (given.inputs == ["-"] or not all(map(os.path.isdir, given.inputs))):
        parser.error("--watch needs folders as its inputs")
    if "-" in given.inputs and len(given.inputs) > 1:
        parser.error("'-' (standard input) stands alone")
    try:
        return _command(given, environ)
    except BadField as error:
        parser.error(error.message)


def flag_of(option: Option) -> str:
    return "--" + option.name.replace("_", "-")


def _add_task(tasks: Any, task: AnyTask, environ: Mapping[str, str]) -> None:
    parser = tasks.add_parser(
        task.name, help=task.doc, description=task.doc, parents=[settings.model_flags(environ)], allow_abbrev=False
    )
    parser.add_argument(
        "inputs", nargs="+", type=_named, metavar="INPUT", help="file, folder, glob, or - for standard input"
    )
    parser.add_argument(
        "-o", "--out", type=_named, help="file, folder, or - for standard output; default: beside the input"
    )
    parser.add_argument("--watch", action="store_true", help="go on with every new file in the folders, until Ctrl-C")
    parser.add_argument("--skip-existing", action="store_true", help="leave inputs alone that have a result already")
    parser.add_argument("--json", action="store_true", help="one line of JSON per file on standard output")
    parser.add_argument("-q", "--quiet", action="store_true", help="errors only")
    parser.add_argument("--server", type=_server, help="address of a running studio that does the work")
    adder(parser, environ)("--token", None, token, help="API token of that studio")
    group = parser.add_argument_group(task.name)
    for option in options_of(task.options):
        group.add_argument(flag_of(option), **argument_of(option))


def _server(value: str) -> str:
    try:
        sound = bool((parts := urlsplit(value if "://" in value else f"http://{value}")).hostname) and parts.port != 0
    except ValueError:  # a port beyond all, an open bracket
        sound = False
    if not sound or parts.scheme not in ("http", "https") or not value.isprintable() or " " in value:
        raise argparse.ArgumentTypeError(f"'{value}' is no address of a studio such as http://studio:7860")
    return value


def argument_of(option: Option) -> dict[str, Any]:
    """What argparse is told of an option. It is None where it is not given: a studio has defaults of its own."""
    text = option.doc + ("" if option.default is None else f" (default: {option.default})")
    text = text.replace("%", "%%")
    match option.kind:
        case "choice":
            return {"choices": option.choices, "help": text}
        case "number":
            limits = f"{option.low:g} to {option.high:g}"
            return {"type": _number(option, limits), "metavar": "N", "help": f"{limits}; {text}"}
        case "switch":
            return {"action": argparse.BooleanOptionalAction, "default": None, "help": text}
        case "file":
            return {"type": file, "metavar": "FILE", "help": text}
        case _:
            return {"metavar": "TEXT", "help": text}


def _number(option: Option, limits: str) -> Callable[[str], float]:
    def check(value: str) -> float:
        try:
            number = option.type(value)
        except ValueError:
            raise argparse.ArgumentTypeError(f"'{value}' is no {'whole ' * (option.type is int)}number") from None
        if not option.low <= number <= option.high:
            raise argparse.ArgumentTypeError(f"{value} is not within {limits}")
        return number

    return check


def _named(value: str) -> str:
    """What an empty variable of a script would leave open."""
    if not value.strip():
        raise argparse.ArgumentTypeError("it is empty; give one, or leave it out")
    return value


def _command(given: argparse.Namespace, environ: Mapping[str, str]) -> Command:
    """Raises BadField."""
    task, values = TASKS[given.task], vars(given)
    own = {option.name: values[option.name] for option in options_of(task.options)}
    own = {name: value for name, value in own.items() if value is not None}
    if named := _named_format(task, given.out):
        own.setdefault("format", named)
    return Command(
        task=task,
        options=task.options(**own),
        given=own,
        inputs=tuple(given.inputs),
        out=given.out,
        watch=given.watch,
        skip_existing=given.skip_existing,
        json=given.json,
        quiet=given.quiet,
        server=given.server,
        token=given.token,
        settings=settings.for_models(given, environ),
    )


def _named_format(task: AnyTask, out: str | None) -> str | None:
    """The format that the name of the result asks for: `--out me.jpg` is a JPEG."""
    if not out or os.path.isdir(out):
        return None
    choices = next((option.choices for option in options_of(task.options) if option.name == "format"), ())
    named = Path(out).suffix.lower().removeprefix(".").replace("jpeg", "jpg")
    return named if named in choices else None
