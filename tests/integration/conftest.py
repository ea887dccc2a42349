"""The command as a person types it, and one run over the news day that several tests look at."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from commands import exported, tocsin, within
from ports import free_port
from postgres import Postgres

CONFIG = """
[http]
allow = ["127.0.0.1/32"]

[[sources]]
name = "papers"
kind = "file"
path = "papers"

[[topics]]
id = "bridge"
query = "Veldar"

[[subscriptions]]
topics = ["*"]
sink = "desk"

[sinks.desk]
kind = "stdout"
"""


@pytest.fixture(scope="session", name="tocsin")
def _tocsin():
    """Runs one command and gives the finished process."""
    return tocsin


@pytest.fixture(scope="session", name="within")
def _within():
    """Runs one command within this process and gives what a finished process would."""
    return within


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


@pytest.fixture
def desk(tmp_path):
    """A folder with a good configuration, `tocsin.toml`, and one page to read, `papers/one.txt`."""
    (tmp_path / "tocsin.toml").write_text(CONFIG, "utf-8")
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "one.txt").write_text("The Veldar bridge closed on Monday, police said.", "utf-8")
    return tmp_path


@pytest.fixture(scope="session")
def _postgres_server():
    # Not in pytest's own folder, which another run of pytest by root closes to PostgreSQL's user.
    with TemporaryDirectory(prefix="tocsin-") as folder:
        # What a power cut would cost does not matter here.
        server = Postgres(Path(folder) / "data", free_port(), fsync="off")
        server.start()
        yield server
        server.stop()


@pytest.fixture
def postgres(_postgres_server):
    """The ledger URL of an empty database on a PostgreSQL that all tests share."""
    return _postgres_server.fresh("tocsin")
