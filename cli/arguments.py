"""The flags. Those of a task are the fields of its REST route, read from the OpenAPI document, so that both agree."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import settings
from models.catalog import FAMILIES, Family

SOURCE_FIELD: dict[Family, str] = {"cartoon": "image", "matting": "image", "emotion": "audio"}
HELP: dict[Family, str] = {
    "cartoon": "draw portraits as cartoons",
    "matting": "cut people out of photos",
    "emotion": "hear the emotion in voices",
}
EXAMPLES = """examples:
  cartoon portrait.jpg                             portrait.cartoon.png beside it
  cartoon photos/ --style sketch --out sketches/   every picture in a folder, sub-folders kept
  matting 'team/*.jpg' --background '#438edb' --format jpg
  matting - < photo.jpg > cutout.png               from standard input to standard output
  emotion voice.wav --json                         the whole result as one line of JSON
  cartoon inbox/ --watch --out done/               every new picture, until Ctrl-C
  emotion calls/ --server http://studio:7860       a running studio does the work: nothing is loaded here

exit codes: 0 all done, 1 some files failed, 2 wrong usage, 3 model not loaded or server not reached, 130 interrupted"""


@dataclass(frozen=True)
class Command:
    """What was asked for. `fields` and `files` go into the form of the task's route; `out` None is beside the input."""

    task: Family
    inputs: tuple[str, ...]
    fields: dict[str, str]
    files: dict[str, Path]
    out: str | None
    watch: bool
    skip_existing: bool
    json: bool
    quiet: bool
    server: str | None
    token: str | None
    settings: settings.Settings


def parse(document: Mapping[str, Any], argv: Sequence[str] | None, environ: Mapping[str, str]) -> Command:
    """The command line, checked against the OpenAPI `document`. A wrong one ends the program with code 2."""
    parser = argparse.ArgumentParser(
        prog="prewarm",
        description="Cartoons, cut-outs and the emotion in voices, for files.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    tasks = parser.add_subparsers(dest="task", required=True, metavar="cartoon|matting|emotion")
    for task in FAMILIES:
        _add_task(tasks, task, form_fields(document, task), environ)
    given = parser.parse_args(argv)
    if given.watch and (given.inputs == ["-"] or not all(Path(name).is_dir() for name in given.inputs)):
        parser.error("--watch needs folders as its inputs")
    if "-" in given.inputs and len(given.inputs) > 1:
        parser.error("'-' (standard input) stands alone")
    return _command(given, form_fields(document, given.task), environ)


def form_fields(document: Mapping[str, Any], task: Family) -> dict[str, dict[str, Any]]:
    """JSON schema of each form field of the task's route but the file itself, by name."""
    content = document["paths"][f"/api/v1/{task}"]["post"]["requestBody"]["content"]["multipart/form-data"]
    schema = document["components"]["schemas"][content["schema"]["$ref"].rsplit("/", 1)[-1]]
    return {name: field for name, field in schema["properties"].items() if name != SOURCE_FIELD[task]}


def _add_task(tasks: Any, task: Family, fields: Mapping[str, dict[str, Any]], environ: Mapping[str, str]) -> None:
    parser = tasks.add_parser(
        task, help=HELP[task], description=HELP[task], parents=[settings.model_flags(environ)], allow_abbrev=False
    )
    parser.add_argument("inputs", nargs="+", metavar="INPUT", help="file, folder, glob, or - for standard input")
    parser.add_argument("-o", "--out", help="file, folder, or - for standard output; default: beside the input")
    parser.add_argument("--watch", action="store_true", help="go on with every new file in the folders, until Ctrl-C")
    parser.add_argument("--skip-existing", action="store_true", help="leave inputs alone that have a result already")
    parser.add_argument("--json", action="store_true", help="one line of JSON per file on standard output")
    parser.add_argument("-q", "--quiet", action="store_true", help="errors only")
    parser.add_argument("--server", help="address of a running studio that does the work")
    parser.add_argument("--token", default=environ.get("PREWARM_TOKEN"), help="API token of that studio")
    group = parser.add_argument_group(task)
    for name, field in fields.items():
        _add_field(group, name, field)


def _add_field(group: argparse._ArgumentGroup, name: str, field: Mapping[str, Any]) -> None:
    flag, default = "--" + name.replace("_", "-"), field.get("default")
    text = field.get("description", "") + ("" if default is None else f" (default: {default})")
    text = text.strip().replace("%", "%%")
    if field.get("type") == "boolean":
        group.add_argument(flag, action=argparse.BooleanOptionalAction, help=text, default=None)
    elif "enum" in field:
        group.add_argument(flag, choices=field["enum"], help=text)
    elif "minimum" in field:
        limits = f"{field['minimum']:g} to {field['maximum']:g}"
        group.add_argument(flag, type=_number(field, limits), metavar="N", help=f"{limits}; {text}")
    else:
        is_file = "binary" in str(field) or "contentMediaType" in str(field)
        group.add_argument(flag, type=_file if is_file else str, metavar="FILE" if is_file else "TEXT", help=text)


def _number(field: Mapping[str, Any], limits: str) -> Callable[[str], float]:
    kind = int if field["type"] == "integer" else float

    def check(value: str) -> float:
        try:
            number = kind(value)
        except ValueError:
            raise argparse.ArgumentTypeError(f"'{value}' is no {'whole ' * (kind is int)}number") from None
        if not field["minimum"] <= number <= field["maximum"]:
            raise argparse.ArgumentTypeError(f"{value} is not within {limits}")
        return number

    return check


def _file(value: str) -> Path:
    path = Path(value).expanduser()
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"'{value}' is no file")
    return path


def _command(given: argparse.Namespace, fields: Mapping[str, Any], environ: Mapping[str, str]) -> Command:
    values = {name: getattr(given, name) for name in fields if getattr(given, name) is not None}
    return Command(
        task=given.task,
        inputs=tuple(given.inputs),
        fields={name: _as_text(value) for name, value in values.items() if not isinstance(value, Path)},
        files={name: value for name, value in values.items() if isinstance(value, Path)},
        out=given.out,
        watch=given.watch,
        skip_existing=given.skip_existing,
        json=given.json,
        quiet=given.quiet,
        server=given.server,
        token=given.token,
        settings=settings.for_models(given, environ),
    )


def _as_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
