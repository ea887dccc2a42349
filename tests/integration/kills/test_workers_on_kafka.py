"""Workers that share a Kafka topic judge the same, and every alert is on the queue exactly once."""

import json
import random
import time

import pytest
from deployment import Server, exports, kafka_config, workers, write_config

_KILLS = 25
_PARTITIONS = 4
_FROZEN_S = 20.0  # longer than a group waits for a worker


@pytest.fixture
def topics(broker, request):
    """Parts of a configuration that put pages and alerts on topics of the test's own; the alerts' name."""
    name = request.node.name.replace("[", "-").replace("]", "")[-60:]
    pages = broker.create_topic(f"pages-{name}", _PARTITIONS)
    alerts = broker.create_topic(f"alerts-{name}", 2)
    return kafka_config(broker.bootstrap, pages, alerts), alerts


def queued(broker, topic):
    """What a consumer of committed messages finds on the queue, in the order of exports."""
    found = [json.loads(message.value) for message in broker.read(topic)]
    return sorted(found, key=lambda alert: (alert["article"]["observed_at"], alert["id"]))


@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_workers_exports_what_one_process_does(
    tmp_path, database, broker, topics, documents, embedded, count
):
    """One and three workers of a group leave the very claims, alerts and articles of one process."""
    ledger = database.fresh(f"kafka_{count}")
    config, alerts = topics
    folder = write_config(tmp_path / "run", ledger, documents, config)
    with workers(folder, ledger, count) as deployment:
        deployment.settled(embedded, within_s=180)
    assert exports(folder) == embedded
    assert queued(broker, alerts) == embedded["alerts"]


def test_every_alert_is_queued_once_whatever_is_killed(
    tmp_path, database, broker, topics, documents, embedded
):
    """Kills of collect, two workers, publish, the broker and the database change nothing that is read."""
    ledger = database.fresh("kafka_killed")
    config, alerts = topics
    folder = write_config(tmp_path / "run", ledger, documents, config)
    servers = {
        "database": Server(kill=database.kill, start=database.start),
        "broker": Server(kill=broker.kill, start=broker.start),
    }
    with workers(folder, ledger, 2, servers) as deployment:
        deployment.live_through(random.Random(20260309), _KILLS, (0.2, 3.0))
        deployment.settled(embedded, within_s=240)
    assert sum(deployment.kills.values()) == _KILLS
    assert exports(folder) == embedded
    assert queued(broker, alerts) == embedded["alerts"]


def test_a_worker_that_stood_still_changes_nothing(tmp_path, database, broker, topics, documents, embedded):
    """Suspended until the group has given it up, and back at once, it judges nothing twice."""
    ledger = database.fresh("kafka_frozen")
    config, alerts = topics
    folder = write_config(tmp_path / "run", ledger, documents, config)
    with workers(folder, ledger, 2) as deployment:
        while not deployment.counts()["claims"]:
            time.sleep(0.2)
        frozen = deployment.processes["detect-0"]
        frozen.freeze()
        time.sleep(_FROZEN_S)
        frozen.thaw()
        deployment.settled(embedded, within_s=180)
        assert frozen.running.poll() is None
    assert exports(folder) == embedded
    assert queued(broker, alerts) == embedded["alerts"]
