"""Programs that are not Python's: each fetched once by `deploy/tools`, and kept outside the tree."""

import os
import subprocess
import sys
from pathlib import Path

DEPLOY = Path(__file__).parents[2] / "deploy"


def program(name: str) -> Path:
    """Where the program of this name is."""
    environment = os.environ | {"TOOLS_PYTHON": sys.executable}
    fetched = subprocess.run([DEPLOY / "tools", name], env=environment, capture_output=True, text=True)
    assert fetched.returncode == 0, fetched.stderr
    return Path(fetched.stdout.strip())
