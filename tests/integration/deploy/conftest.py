"""The programs that check what lies in `deploy/`, each fetched once and kept outside the tree."""

import subprocess

import pytest
from programs import DEPLOY, program


@pytest.fixture(scope="session")
def deploy():
    """The folder of everything that deploys Tocsin."""
    return DEPLOY


@pytest.fixture(scope="session", autouse=True)
def _helm(deploy):
    """Building it takes a minute, in which other tests run; none of it outlives them."""
    with subprocess.Popen(
        [deploy / "tools", "helm"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as build:
        yield
        build.wait()


@pytest.fixture(scope="session", name="program")
def _program():
    """Where the program of a name is."""
    return program


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
