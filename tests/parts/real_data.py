"""Labelled data that lies beside the project, and is not part of it."""

import os
from pathlib import Path

import pytest

_DATA = Path(__file__).resolve().parents[3] / "shared/data"


def data_set(name):
    """The folder of a data set; skips the test where it is not there, but not in CI."""
    folder = _DATA / name
    if not folder.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{folder} is not there: CI must have it")
        pytest.skip(f"{folder} is not there")
    return folder
