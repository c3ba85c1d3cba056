"""Every benchmark in turn, each in a process of its own, and their tables in benchmarks/README.md.

    python -m benchmarks.all [--again] [flags of the scripts]

A script whose result is there already is not run again, so a run that was cut off goes on where it was; `--again`
runs all. About forty minutes on two cores, most of it stock's.
"""

import subprocess
import sys
import time
from pathlib import Path

from benchmarks.bench import RESULTS
from benchmarks.programs import ROOT

SCRIPTS = ("startup", "latency", "limit", "quality", "profile", "memory", "throughput", "choices")
README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- tables -->", "<!-- end of tables -->"


def run(name: str, flags: list[str]) -> bool:
    start = time.perf_counter()
    print(f"== {name}", flush=True)
    done = subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *flags], cwd=ROOT)
    print(f"== {name}: {time.perf_counter() - start:.0f} s, code {done.returncode}", flush=True)
    return done.returncode == 0


def write_tables() -> None:
    """Put what each script found into README.md."""
    parts = [f"## {name}\n\n{(RESULTS / f'{name}.md').read_text()}" for name in SCRIPTS if _is_done(name)]
    before, _, rest = README.read_text().partition(BEGIN)
    README.write_text(f"{before}{BEGIN}\n\n" + "\n".join(parts) + f"\n{END}{rest.partition(END)[2]}")


def _is_done(name: str) -> bool:
    return (RESULTS / f"{name}.md").is_file()


def main() -> None:
    flags = sys.argv[1:]
    again = "--again" in flags
    flags = [flag for flag in flags if flag != "--again"]
    wanted = [name for name in SCRIPTS if again or not _is_done(name)]
    failed = [name for name in wanted if not run(name, flags)]
    write_tables()
    sys.exit(f"without a result: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
