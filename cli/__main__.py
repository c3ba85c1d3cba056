"""The command line as a program: `python cli cartoon portrait.jpg`, from any folder."""

import os
import sys
from contextlib import suppress
from pathlib import Path

# Not the folder of this file, nor the caller's: modules of ours are looked for in the studio alone.
sys.path[0] = str(Path(__file__).parents[1])

INTERRUPTED = 130

try:
    from cli.main import main

    code = main()
except KeyboardInterrupt:  # while modules were imported: what comes later, main() answers
    code = INTERRUPTED
if code == INTERRUPTED:
    with suppress(OSError):
        sys.stdout.flush()
    os._exit(code)  # a model that is loading cannot be stopped, and the interpreter would wait for its thread
sys.exit(code)
