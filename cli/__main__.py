"""The command line as a program: `python cli cartoon portrait.jpg`, from any folder."""

import sys
from pathlib import Path

# Not the folder of this file, nor the caller's: modules of ours are looked for in the studio alone.
sys.path[0] = str(Path(__file__).parents[1])

from cli.main import main  # noqa: E402

sys.exit(main())
