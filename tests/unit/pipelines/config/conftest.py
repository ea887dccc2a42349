"""A plug-in with one kind of source and one kind of sink, installed the way a real one is."""

import sys

import pytest

_PLUGIN = """
from pathlib import Path
from typing import Literal

from schemas.record import record


class Source:
    @record
    class Options:
        path: Path
        batch: int = 100
        format: Literal["ndjson", "warc"] = "ndjson"


class Sink:
    @record
    class Options:
        url: str
        headers: tuple[str, ...] = ()

        def __post_init__(self):
            if not self.url.startswith("https://"):
                raise ValueError("url should start with https://")
"""
_ENTRY_POINTS = """
[tocsin.sources]
test-shelf = config_test_plugin:Source
[tocsin.sinks]
test-hook = config_test_plugin:Sink
"""


@pytest.fixture(autouse=True, scope="session")
def plugin(tmp_path_factory):
    """The plug-in on the path, for as long as the tests run."""
    folder = tmp_path_factory.mktemp("plugin")
    info = folder / "config_test_plugin-1.dist-info"
    info.mkdir()
    (folder / "config_test_plugin.py").write_text(_PLUGIN)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: config-test-plugin\nVersion: 1\n")
    (info / "entry_points.txt").write_text(_ENTRY_POINTS)
    sys.path.append(str(folder))
    yield
    sys.path.remove(str(folder))
