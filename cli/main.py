"""The command line: every task for files, with models of its own or those of a running studio.

python cli cartoon portrait.jpg --style sketch        (or ./run.sh cartoon ...)
"""

import asyncio
import io
import logging
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, aclosing
from functools import partial
from pathlib import Path

import preload
from cli import arguments, client, files
from cli.client import Client, Reply
from cli.files import Input, Misuse
from cli.in_order import in_order
from cli.report import Report
from cli.watch import Folders

WATCH_SECONDS = 1.0
FAILED, USAGE, UNAVAILABLE, INTERRUPTED = 1, 2, 3, 130


def main(argv: Sequence[str] | None = None) -> int:
    _open_missing()
    command = arguments.parse(argv, os.environ)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # names of files are bytes, and may be no text in this encoding
            stream.reconfigure(errors="backslashreplace")
    if command.server is None:
        preload.check(command.settings)
    logging.basicConfig(level=logging.CRITICAL)  # what fails is told in the report
    report = Report(as_json=command.json, quiet=command.quiet)
    try:
        return asyncio.run(run(command, report))
    except (Misuse, client.Unavailable) as error:
        print(f"prewarm: {error}", file=sys.stderr)
        return USAGE if isinstance(error, Misuse) else UNAVAILABLE
    except KeyboardInterrupt:
        return 0 if command.watch else INTERRUPTED
    except OSError as error:  # of standard output alone: what is wrong with a file is told in the report
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # whoever read our output has left
            print(f"prewarm: standard output cannot be written: {error.strerror}", file=sys.stderr)
        return FAILED
    finally:
        report.end()


def _open_missing() -> None:
    """A program may be started with its standard streams closed; Python then has None for them."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115 (for as long as the program runs)


async def run(command: arguments.Command, report: Report) -> int:
    """Every input through the studio; the exit code. Raises Misuse, Unavailable."""
    wanted = files.expand(command.inputs, command.task.media)
    found = wanted.inputs
    report.left_out(wanted.left)
    many = command.watch or len(found) > 1
    targets = files.Targets(command.out, command.result, many=many, inputs=found)
    _check(command, found, targets, many=many)
    async with _client(command, report) as asked:
        report.begin(None if command.watch else len(found))
        sources = _watched(command, found, report) if command.watch else _each(found)
        one = partial(_one, command, asked, targets, report)
        async with aclosing(in_order(one, sources, at_once=asked.at_once)) as made:
            async for tell in made:
                tell()
    return FAILED if report.failed else 0


def _check(command: arguments.Command, found: list[Input], targets: files.Targets, *, many: bool) -> None:
    if not found and not command.watch:
        raise Misuse("there is nothing of the right kind in what was given")
    if many and command.out == files.STANDARD:
        raise Misuse("standard output takes one result: name a folder with --out")
    if many and command.out and os.path.isfile(command.out):
        raise Misuse(f"--out '{command.out}' is a file, and more than one result is to come: name a folder")
    if found and command.out and found[0].path and _same(targets.of(found[0]), found[0].path):
        raise Misuse(f"--out '{command.out}' is the input itself: name another file")
    if command.json and found and not files.is_text(command.result) and targets.of(found[0]) is None:
        raise Misuse("--json and the picture both go to standard output: name a file with --out")


def _same(target: Path | None, source: Path) -> bool:
    return target is not None and target.exists() and target.samefile(source)


def _client(command: arguments.Command, report: Report) -> AbstractAsyncContextManager[Client]:
    if command.server:
        return client.remote(command.server, command.task, command.token, command.settings.proxies)
    return client.local(command.settings, command.task, command.options, report.loading)


async def _each(found: list[Input]) -> AsyncIterator[Input]:
    for source in found:
        yield source


async def _watched(command: arguments.Command, found: list[Input], report: Report) -> AsyncIterator[Input]:
    """Each file in the folders once it has stopped growing, and again when it changes. Never ends."""
    folders = Folders(command.inputs, report.say)
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
        wanted = folders.expand(command.task.media)
        wanted.left.pop(files.EARLIER, None)  # among them are more and more of our own
        report.left_out(wanted.left)
        found = wanted.inputs


def _stamp(path: Path | None) -> tuple[int, int] | None:
    try:
        found = path.stat() if path else None
    except OSError:  # moved away in the meantime
        return None
    return (found.st_mtime_ns, found.st_size) if found else None


async def _one(
    command: arguments.Command, asked: Client, targets: files.Targets, report: Report, source: Input
) -> Callable[[], None]:
    """One file from reading to writing; what tells of it. What is wrong with it ends nothing."""
    target = targets.of(source)
    if command.skip_existing and target is not None and target.exists():
        return report.skip
    started = time.perf_counter()
    try:
        reply = await asked.ask(source.read(command.most_bytes), command.given)
        if target is not None:
            report.replaced += target.exists()
            files.write(target, reply.content)
    except client.Refused as refused:
        return partial(report.bad, source, refused.code, str(refused))
    except OSError as error:
        return partial(report.bad, source, "file", error.strerror or str(error))
    if target is None and (not files.is_text(command.result) or command.out == files.STANDARD):
        return partial(_pass_on, source, reply, report)
    return partial(report.ok, source, target, reply, time.perf_counter() - started)


def _pass_on(source: Input, reply: Reply, report: Report) -> None:
    """The result itself to standard output."""
    sys.stdout.buffer.write(reply.content)
    sys.stdout.flush()
    report.passed_on(source, reply)
