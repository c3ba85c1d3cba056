"""How our page loads beside a plain Gradio page of the same tabs: Lighthouse and axe, in one run.

    python -m benchmarks.page_load [--rounds 1] [--tools FOLDER] [--out FOLDER]

Lighthouse and axe-core are installed with npm at their pinned versions, once, into the folder of tools. Both pages are
served from this machine and visited in turns, the studio on its sample models; of several rounds the median is shown.
"""

import argparse
import contextlib
import json
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.bench import RESULTS, table
from benchmarks.programs import ROOT
from tests.helpers.browser_studio import chromium, given_or_sample
from tests.helpers.running import free_port

TOOLS = ("lighthouse@13.5.0", "axe-core@4.14.1")
FOLDER = Path.home() / ".cache" / "prewarm" / "page-tools"
DEVICES: dict[str, tuple[str, ...]] = {"mobile": (), "desktop": ("--preset=desktop",)}
FLAGS = ("--quiet", "--only-categories=performance,accessibility", "--output=json", "--output-path=stdout")
CHROME = "--chrome-flags=--no-sandbox --headless=new"
START_S, LOAD_S, SETTLED_MS = 60, 150, 1500
MEASURES = {  # Lighthouse's audits: name, unit, factor, digits
    "first-contentful-paint": ("first paint s", 1e-3, 2),
    "largest-contentful-paint": ("largest paint s", 1e-3, 2),
    "total-blocking-time": ("blocked ms", 1.0, 0),
    "cumulative-layout-shift": ("layout shift", 1.0, 3),
    "total-byte-weight": ("KiB", 1 / 1024, 0),
}


def install(folder: Path) -> Path:
    """Lighthouse and axe-core in `folder`."""
    if not (folder / "node_modules" / "axe-core").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), *TOOLS], check=True)
    return folder / "node_modules"


@contextlib.contextmanager
def plain() -> Iterator[str]:
    """Address of the plain page."""
    port = free_port()
    program = subprocess.Popen([sys.executable, "-m", "benchmarks.plain_page", str(port)], cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address)
        yield address
    finally:
        program.terminate()
        program.wait(timeout=30)


def _wait(address: str) -> None:
    end = time.monotonic() + START_S
    while True:
        with contextlib.suppress(OSError), urllib.request.urlopen(address):
            return
        if time.monotonic() > end:
            raise SystemExit(f"{address} did not answer within {START_S} s")
        time.sleep(0.2)


def visited(modules: Path, address: str, device: str) -> dict[str, float]:
    """One load, as Lighthouse saw it."""
    command = [str(modules / ".bin" / "lighthouse"), address, *DEVICES[device], *FLAGS, CHROME]
    environment = {"CHROME_PATH": str(shutil.which("chromium")), "PATH": "/usr/local/bin:/usr/bin:/bin"}
    out = subprocess.run(command, capture_output=True, text=True, check=True, timeout=LOAD_S, env=environment).stdout
    report = json.loads(out)
    audits = report["audits"]
    found = {name: report["categories"][name]["score"] for name in ("performance", "accessibility")}
    found |= {text: factor * audits[key]["numericValue"] for key, (text, factor, _) in MEASURES.items()}
    return found | {"requests": len(audits["network-requests"]["details"]["items"])}


def row(name: str, device: str, visits: list[dict[str, float]]) -> dict[str, Any]:
    middle = {key: statistics.median(visit[key] for visit in visits) for key in visits[0]}
    digits = {text: count for text, _, count in MEASURES.values()} | {"requests": 0}
    return {"page": name, "device": device} | {key: f"{value:.{digits.get(key, 2)}f}" for key, value in middle.items()}


def violations(modules: Path, browser: Any, address: str, scheme: str) -> list[dict[str, Any]]:
    """What axe finds on each tab of ours."""
    rows = []
    page = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 900}).new_page()
    page.goto(address)
    page.wait_for_selector("#cartoon-run")
    page.evaluate((modules / "axe-core" / "axe.min.js").read_text("utf-8"))
    for tab in page.get_by_role("tab").all():
        tab.click()
        page.wait_for_timeout(SETTLED_MS)
        found = [problem["id"] for problem in page.evaluate("axe.run().then((found) => found.violations)")]
        rows.append({"tab": tab.inner_text(), "scheme": scheme, "violations": len(found), "which": ", ".join(found)})
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="a studio that runs already; default: one of our own on the sample models")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--tools", type=Path, default=FOLDER)
    parser.add_argument("--out", type=Path, default=RESULTS)
    given = parser.parse_args()
    modules = install(given.tools)
    with given_or_sample(given.url) as ours, plain() as other:
        pages = {"plain Gradio": other, "ours": ours}
        turns = [(name, device) for device in DEVICES for name in pages]
        seen = [{turn: visited(modules, pages[turn[0]], turn[1]) for turn in turns} for _ in range(given.rounds)]
        loads = [row(*turn, [round[turn] for round in seen]) for turn in turns]
        with chromium() as browser:
            checks = [found for scheme in ("light", "dark") for found in violations(modules, browser, ours, scheme)]
    said = f"{' and '.join(TOOLS)}, Chromium, rounds: {given.rounds}."
    text = f"{said}\n\n{table(loads)}\n\n### axe, ours\n\n{table(checks)}\n"
    print(text)
    (given.out / "page_load.md").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
