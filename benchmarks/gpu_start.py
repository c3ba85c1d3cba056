"""One start of the models in a process of its own, without a page: seconds to all warm, then the first requests.

    python -m benchmarks.gpu_start JSON FLAG ...

JSON has the time of its birth, the side and seconds of what is asked, how often, and whether the usual passes are made
before, as the server makes them while nobody asks. Prints one line of JSON.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

from benchmarks import bench, inputs, programs


def started(flags: Sequence[str], **asked: Any) -> dict[str, Any]:
    """What a start in a process of its own tells. Raises RuntimeError with its last words when it fails."""
    born = json.dumps({"born": time.time(), **asked})
    command = [sys.executable, "-m", "benchmarks.gpu_start", born, *flags]
    done = subprocess.run(command, cwd=programs.ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"a start failed: {done.stderr.strip()[-500:]}")
    return json.loads(done.stdout.splitlines()[-1])


def rows(name: str, told: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A row of the table of starts, and those of the first requests."""
    stages = {
        f"{task} {stage} s": f"{seconds.get(stage, 0):.2f}"
        for task, seconds in told["stages"].items()
        for stage in ("loading", "warming")
    }
    start = {"start": name, "imports s": f"{told['imports']:.2f}", "all warm s": f"{told['warm']:.2f}", **stages}
    return start, [
        {
            "start": name,
            "usual pass before": "yes" if told["usual"] else "no",
            "task": task,
            "first ms": bench.ms(taken[0]),
            "median ms": bench.ms(statistics.median(taken[1:])),
            "first / median": f"{taken[0] / statistics.median(taken[1:]):.2f}",
        }
        for task, taken in told["requests"].items()
    ]


def main() -> None:
    asked = json.loads(sys.argv[1])
    import preload
    import settings
    from models import usual_inputs

    configured = settings.parse([*sys.argv[2:], "--preload", "default"])
    imports = time.time() - asked["born"]
    if not preload.preload(configured):
        sys.exit("; ".join(f"{task}: {each.status.error}" for task, each in preload.RESIDENTS.items()))
    warm = time.time() - asked["born"]
    for task, resident in preload.RESIDENTS.items() if asked["usual"] else ():
        usual_inputs.run(task, resident.load())
    stages = {task: each.status.seconds for task, each in preload.RESIDENTS.items()}
    told = {"imports": imports, "warm": warm, "stages": stages, "usual": asked["usual"]}
    print(json.dumps({**told, "requests": {task: _requests(task, asked) for task in preload.RESIDENTS}}))


def _requests(task: str, asked: dict[str, Any]) -> list[float]:
    """Seconds of each of the first requests to a model."""
    from preload import RESIDENTS

    value = inputs.clip(asked["seconds"]) if task == "emotion" else inputs.picture(asked["side"], 1)
    call = inputs.ask(RESIDENTS[task].load(), task)  # type: ignore[index]
    return [bench.timed(lambda: RESIDENTS[task].run(lambda _: call(value))) for _ in range(asked["count"])]  # type: ignore[index]


if __name__ == "__main__":
    main()
