"""The command as a person types it, and one run over the news day that several tests look at."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

TOCSIN = Path(sys.executable).with_name("tocsin")


def tocsin(*words, check=True, **options):
    """The finished process of one command."""
    run = subprocess.run([TOCSIN, *map(str, words)], capture_output=True, text=True, timeout=300, **options)
    if check and run.returncode:
        raise AssertionError(f"tocsin {' '.join(map(str, words))} exited with {run.returncode}: {run.stderr}")
    return run


def exported(config, what, *words):
    """The lines of one export."""
    return [
        json.loads(line) for line in tocsin("export", what, "--config", config, *words).stdout.splitlines()
    ]


@pytest.fixture(scope="session", name="tocsin")
def _tocsin():
    """Runs one command and gives the finished process."""
    return tocsin


@pytest.fixture(scope="session", name="exported")
def _exported():
    """The lines of one export of the ledger behind a configuration."""
    return exported


@pytest.fixture(scope="session")
def newsday(tmp_path_factory):
    """The folder of a demo run to its end; `demo.txt` holds what it printed."""
    folder = tmp_path_factory.mktemp("newsday")
    run = tocsin("demo", "--dir", folder)
    (folder / "demo.txt").write_text(run.stdout, encoding="utf-8")
    return folder
