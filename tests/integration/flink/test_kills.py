"""Whatever dies beneath a job on Flink, every alert is on the queue exactly once."""

import json
import random
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from deployment import Server, exports, growing, kafka_config, write_config
from flink_job import on_flink
from newsday_documents import write_documents
from ports import free_port
from postgres import Postgres

_KILLS = 25
_DAYS = 3


@pytest.fixture
def database():
    """A PostgreSQL that is killed."""
    # Not in pytest's own folder, which another run of pytest by root closes to PostgreSQL's user.
    with TemporaryDirectory(prefix="tocsin-") as folder:
        server = Postgres(Path(folder) / "data", free_port())
        server.start()
        yield server
        server.stop()


@pytest.fixture
def documents(tmp_path):
    """The news day, told by outlets of several hosts."""
    file = tmp_path / "newsday.ndjson"
    write_documents(file, _DAYS)
    return file


@pytest.fixture
def unkilled(tmp_path, documents, tocsin):
    """The exports of one process that has read the documents."""
    folder = write_config(tmp_path / "unkilled", "sqlite:///tocsin.db", documents)
    tocsin("run", "--once", "--config", folder / "tocsin.toml")
    return exports(folder)


def test_every_alert_is_queued_once_whatever_is_killed(tmp_path, stack, database, documents, unkilled):
    """Kills of task managers, workers, collect, publish, broker and database change nothing that is read."""
    moments = random.Random(20260309)
    ledger = database.fresh("killed")
    broker = stack.broker
    topics = broker.create_topic("killed-pages"), broker.create_topic("killed-alerts", 2)
    grow = growing(tmp_path / "growing.ndjson", documents, _KILLS + 1)
    grow()
    config = kafka_config(broker.bootstrap, *topics, reader="stream")
    folder = write_config(tmp_path / "killed", ledger, tmp_path / "growing.ndjson", config)
    servers = {"database": Server(database.kill, database.start)}
    with on_flink(folder, ledger, servers, stack, moments) as deployment:
        deployment.live_through(moments, _KILLS, (0.5, 5.0), grow)
        deployment.settled(unkilled, within_s=300)
    assert sum(deployment.kills.values()) == _KILLS
    assert exports(folder) == unkilled
    queued = [json.loads(message.value) for message in broker.read(topics[1])]
    assert (
        sorted(queued, key=lambda alert: (alert["article"]["observed_at"], alert["id"])) == unkilled["alerts"]
    )
