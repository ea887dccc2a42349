"""Tocsin as a person types it."""

import io
import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest import mock

from pipelines.cli.main import main

TOCSIN = Path(sys.executable).with_name("tocsin")


def tocsin(*words: object, check: bool = True, **options: Any) -> subprocess.CompletedProcess[str]:
    """The finished process of one command."""
    run = subprocess.run([TOCSIN, *map(str, words)], capture_output=True, text=True, timeout=300, **options)
    if check and run.returncode:
        raise AssertionError(f"tocsin {' '.join(map(str, words))} exited with {run.returncode}: {run.stderr}")
    return run


def within(*words: object) -> subprocess.CompletedProcess[str]:
    """The same, run within this process: a second sooner."""
    argv = ["tocsin", *map(str, words)]
    out, err = io.StringIO(newline=""), io.StringIO(newline="")
    code: object = 0
    with mock.patch.object(sys, "argv", argv), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
    return subprocess.CompletedProcess(argv, int(str(code)), out.getvalue(), err.getvalue())


def exported(config: Path, what: str, *words: object) -> list[dict[str, Any]]:
    """The lines of one export."""
    # Not `splitlines`: a text may hold other line ends, which JSON need not escape.
    written = tocsin("export", what, "--config", config, *words).stdout
    return [json.loads(line) for line in written.split("\n")[:-1]]
