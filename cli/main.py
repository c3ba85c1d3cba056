"""The command line: cartoon, matting or emotion for files, with models of its own or those of a running studio.

python cli cartoon portrait.jpg --style sketch        (or ./run.sh cartoon ...)
"""

import asyncio
import logging
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from cli import arguments, files, studio
from cli.files import Input, Misuse
from cli.report import Report

WATCH_SECONDS = 1.0
FAILED, USAGE, UNAVAILABLE, INTERRUPTED = 1, 2, 3, 130


def main(argv: Sequence[str] | None = None) -> int:
    command = arguments.parse(studio.document(), argv, os.environ)
    logging.basicConfig(level=logging.CRITICAL)  # what fails is told in the report
    report = Report(as_json=command.json, quiet=command.quiet)
    try:
        return asyncio.run(run(command, report))
    except (Misuse, studio.Unavailable) as error:
        print(f"prewarm: {error}", file=sys.stderr)
        return USAGE if isinstance(error, Misuse) else UNAVAILABLE
    except KeyboardInterrupt:
        return 0 if command.watch else INTERRUPTED
    except BrokenPipeError:  # whoever read our output has left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    finally:
        report.end()


async def run(command: arguments.Command, report: Report) -> int:
    """Every input through the studio; the exit code. Raises Misuse, Unavailable."""
    found = list(files.expand(command.inputs, command.task))
    many = command.watch or len(found) > 1
    targets = files.Targets(command.out, command.fields, task=command.task, many=many)
    _check(command, found, targets, many=many)
    extra = {name: path.read_bytes() for name, path in command.files.items()}
    async with _studio(command, report) as asked:
        report.begin(None if command.watch else len(found))
        async for source in _watched(command, found) if command.watch else _each(found):
            await _one(command, asked, source, targets.of(source), extra, report)
    return FAILED if report.failed else 0


def _check(command: arguments.Command, found: list[Input], targets: files.Targets, *, many: bool) -> None:
    if not found and not command.watch:
        raise Misuse("there is nothing of the right kind in what was given")
    if many and command.out == files.STANDARD:
        raise Misuse("standard output takes one result: name a folder with --out")
    if command.json and found and command.task != "emotion" and targets.of(found[0]) is None:
        raise Misuse("--json and the picture both go to standard output: name a file with --out")


def _studio(command: arguments.Command, report: Report) -> AbstractAsyncContextManager[studio.Studio]:
    if command.server:
        return studio.remote(command.server, command.task, command.token)
    return studio.local(command.settings, command.task, command.fields, report.loading)


async def _each(found: list[Input]) -> AsyncIterator[Input]:
    for source in found:
        yield source


async def _watched(command: arguments.Command, found: list[Input]) -> AsyncIterator[Input]:
    """Each file in the folders once it has stopped growing, and again when it changes. Never ends."""
    seen: dict[Path, tuple[int, int]] = {}
    handed: dict[Path, tuple[int, int]] = {}
    while True:
        for source in found:
            path, now = source.path or Path(), _stamp(source.path)
            if now and handed.get(path) != now and seen.get(path) == now:
                handed[path] = now
                yield source
            seen[path] = now or (0, 0)
        await asyncio.sleep(WATCH_SECONDS)
        found = list(files.expand(command.inputs, command.task))


def _stamp(path: Path | None) -> tuple[int, int] | None:
    try:
        found = path.stat() if path else None
    except OSError:  # moved away in the meantime
        return None
    return (found.st_mtime_ns, found.st_size) if found else None


async def _one(
    command: arguments.Command,
    asked: studio.Studio,
    source: Input,
    target: Path | None,
    extra: Mapping[str, bytes],
    report: Report,
) -> None:
    """One file from reading to writing. What is wrong with it is told and ends nothing."""
    if command.skip_existing and target is not None and target.exists():
        return report.skip()
    started = time.perf_counter()
    try:
        reply = await asked.ask(source.read(), command.fields, extra)
        if target is not None:
            files.write(target, reply.content)
    except studio.Refused as refused:
        return report.bad(source, refused.code, str(refused))
    except OSError as error:
        return report.bad(source, "file", error.strerror or str(error))
    if target is None and (command.task != "emotion" or command.out == files.STANDARD):
        sys.stdout.buffer.write(reply.content)
        sys.stdout.flush()
        return report.passed_on(reply)
    report.ok(source, target, reply, time.perf_counter() - started)
