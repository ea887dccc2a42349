"""The news day as one process judges it, and servers that may be killed."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from broker import Broker
from deployment import exports, write_config
from newsday_documents import write_documents
from ports import free_port
from postgres import Postgres

_DAYS = 3


@pytest.fixture(scope="module")
def database():
    """A PostgreSQL of this module's own."""
    # Not in pytest's own folder, which another run of pytest by root closes to PostgreSQL's user.
    with TemporaryDirectory(prefix="tocsin-") as folder:
        server = Postgres(Path(folder) / "data", free_port())
        server.start()
        yield server
        server.stop()


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    """A Kafka of this module's own."""
    server = Broker(tmp_path_factory.mktemp("kafka"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def documents(tmp_path_factory):
    """The news day, told by outlets of several hosts."""
    file = tmp_path_factory.mktemp("documents") / "newsday.ndjson"
    write_documents(file, _DAYS)
    return file


@pytest.fixture(scope="session")
def embedded(tmp_path_factory, documents, tocsin):
    """The exports of one process that has read the documents."""
    folder = write_config(tmp_path_factory.mktemp("embedded") / "run", "sqlite:///tocsin.db", documents)
    tocsin("run", "--once", "--config", folder / "tocsin.toml")
    return exports(folder)
