"""Workers that share a PostgreSQL ledger judge the same, however many they are and whatever is killed."""

import random

import pytest
from deployment import Server, delivered_to_file, exports, workers, write_config

_KILLS = 8


@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_workers_exports_what_one_process_does(tmp_path, database, documents, embedded, count):
    """One and three workers side by side leave the very claims, alerts and articles of one process."""
    ledger = database.fresh(f"workers_{count}")
    folder = write_config(tmp_path / "run", ledger, documents)
    with workers(folder, ledger, count) as deployment:
        deployment.settled(embedded, within_s=120)
    assert exports(folder) == embedded
    assert delivered_to_file(folder) == embedded["alerts"]


def test_every_alert_comes_through_once_whatever_is_killed(tmp_path, database, documents, embedded):
    """Kills of collect, two workers, publish and the database leave the exports of an unkilled run."""
    ledger = database.fresh("killed")
    folder = write_config(tmp_path / "run", ledger, documents)
    servers = {"database": Server(kill=database.kill, start=database.start)}
    with workers(folder, ledger, 2, servers) as deployment:
        deployment.live_through(random.Random(20260309), _KILLS, (0.5, 4.0))
        deployment.settled(embedded, within_s=180)
    assert sum(deployment.kills.values()) == _KILLS
    assert exports(folder) == embedded
    assert delivered_to_file(folder) == embedded["alerts"]
