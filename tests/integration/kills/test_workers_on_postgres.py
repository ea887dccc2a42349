"""Workers that share a PostgreSQL ledger judge the same, however many they are and whatever is killed."""

import random
import socket

import pytest
from deployment import Deployment, Server, tocsin_process
from newsday_documents import topics_and_entities, write_documents
from postgres import Postgres

_DAYS = 3
_KILLS = 12


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.fixture(scope="module")
def postgres(tmp_path_factory):
    """A server of this module's own: it is killed."""
    server = Postgres(tmp_path_factory.mktemp("postgres") / "data", _free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    """The news day, told by outlets of several hosts, and how many documents that is."""
    file = tmp_path_factory.mktemp("documents") / "newsday.ndjson"
    return file, write_documents(file, _DAYS)


def configured(folder, ledger, documents):
    """The folder of a configuration that reads the documents into this ledger."""
    folder.mkdir()
    (folder / "tocsin.toml").write_text(
        f"""
[tocsin]
ledger = "{ledger}"
[metrics]
port = 0
[[sources]]
name = "papers"
kind = "file"
path = "{documents}"
[[subscriptions]]
topics = ["*"]
sink = "desk"
[sinks.desk]
kind = "file"
path = "alerts.ndjson"
{topics_and_entities()}""",
        encoding="utf-8",
    )
    return folder


@pytest.fixture(scope="module")
def embedded(tmp_path_factory, documents, tocsin, exports_of):
    """What one process makes of the documents: the folder, and its exports."""
    folder = configured(tmp_path_factory.mktemp("embedded") / "run", "sqlite:///tocsin.db", documents[0])
    tocsin("run", "--once", "--config", folder / "tocsin.toml")
    return folder, exports_of(folder)


@pytest.fixture(scope="session")
def exports_of(exported):
    """The exports of the ledger behind a folder's configuration, and what its file sink holds."""

    def exports(folder):
        config = folder / "tocsin.toml"
        found = {what: exported(config, what) for what in ("alerts", "claims", "articles")}
        delivered = (folder / "alerts.ndjson").read_text("utf-8").splitlines()
        return found | {"delivered": sorted(delivered)}

    return exports


def workers(folder, ledger, count, servers=()):
    """Collect, so many detect, publish: processes over the folder's configuration."""
    roles = {"collect": "collect", "publish": "publish"}
    roles |= {f"detect-{number}": "detect" for number in range(count)}
    processes = {name: tocsin_process(folder, name, role) for name, role in roles.items()}
    return Deployment(folder / "tocsin.toml", ledger, processes, dict(servers))


@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_workers_exports_what_one_process_does(
    tmp_path, postgres, documents, embedded, exports_of, count
):
    """One and three workers side by side leave the very claims, alerts and articles of one process."""
    ledger = postgres.fresh(f"workers_{count}")
    folder = configured(tmp_path / "run", ledger, documents[0])
    deployment = workers(folder, ledger, count)
    try:
        deployment.start()
        deployment.settled(Deployment.expected(embedded[1]), within_s=120)
    finally:
        deployment.stop()
    assert exports_of(folder) == embedded[1]


def test_every_alert_comes_through_once_whatever_is_killed(
    tmp_path, postgres, documents, embedded, exports_of
):
    """Kills of collect, two workers, publish and the database leave the exports of an unkilled run."""
    ledger = postgres.fresh("killed")
    folder = configured(tmp_path / "run", ledger, documents[0])
    database = Server(kill=postgres.kill, start=postgres.start)
    deployment = workers(folder, ledger, 2, {"database": database})
    try:
        deployment.live_through(random.Random(20260309), _KILLS, (0.5, 4.0))
        deployment.settled(Deployment.expected(embedded[1]), within_s=180)
    finally:
        deployment.stop()
    assert sum(deployment.kills.values()) == _KILLS
    assert exports_of(folder) == embedded[1]
