"""The programs that check what lies in `deploy/`, each fetched once and kept outside the tree."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def deploy():
    """The folder of everything that deploys Tocsin."""
    return ROOT / "deploy"


@pytest.fixture(scope="session", autouse=True)
def _helm(deploy):
    """Building it takes a minute, in which other tests run; none of it outlives them."""
    with subprocess.Popen(
        [deploy / "tools", "helm"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as build:
        yield
        build.wait()


@pytest.fixture(scope="session")
def program(deploy):
    """Where the program of a name is."""

    def find(name):
        environment = os.environ | {"TOOLS_PYTHON": sys.executable}
        fetched = subprocess.run([deploy / "tools", name], env=environment, capture_output=True, text=True)
        assert fetched.returncode == 0, fetched.stderr
        return Path(fetched.stdout.strip())

    return find


@pytest.fixture(scope="session")
def run(program):
    """What a program said, whatever its exit code."""

    def run(name, *words, stderr=subprocess.STDOUT, **options):
        return subprocess.run(
            [program(name), *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            timeout=120,
            **options,
        )

    return run
