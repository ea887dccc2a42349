"""A real Prometheus over a real Flink: its counters are Tocsin's, no panel is empty, and no rule is wrong."""

import random
import re
import time
from contextlib import ExitStack

import pytest
import yaml
from deployment import growing, kafka_config, write_config
from flink_job import on_flink
from newsday_documents import write_documents
from programs import DEPLOY
from prometheus import Prometheus, has_numbers, panels, records

_SETTLED_S = 8.0
"""Three more scrapes, and every rule evaluated on them."""


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    """The news day as documents, and how many they are."""
    file = tmp_path_factory.mktemp("day") / "newsday.ndjson"
    return file, write_documents(file)


@pytest.fixture(scope="module")
def watched(tmp_path_factory, stack, _postgres_server, day):
    """The news day, half of it told in one go and the rest while Prometheus watches."""
    folder, ledger = tmp_path_factory.mktemp("watched"), _postgres_server.fresh("watched")
    documents, pages = day
    topics = stack.broker.create_topic("watched-pages"), stack.broker.create_topic("watched-alerts")
    grow = growing(folder / "growing.ndjson", documents, 2)
    grow()
    config = kafka_config(stack.broker.bootstrap, *topics, reader="stream")
    write_config(folder / "run", ledger, folder / "growing.ndjson", config)
    with ExitStack() as running:
        deployment = running.enter_context(on_flink(folder / "run", ledger, {}, stack, random.Random()))
        targets = {"tocsin": _serving(deployment), "flink": stack.metrics()}
        watched = running.enter_context(Prometheus(folder, "flink.yaml", targets))
        watched.until(lambda: watched.total("tocsin_alert_latency_seconds_count") > 0)
        grow()
        watched.until(lambda: watched.total(records("extract", "in")) == pages)
        watched.until(
            lambda: watched.total(records("publish", "emitted")) == deployment.counts()["sent"] > 20
        )
        time.sleep(_SETTLED_S)
        yield watched


def _serving(deployment):
    """HOST:PORT of the metrics of each process, once it has told."""
    found = {}
    end = time.monotonic() + 60
    while len(found) < len(deployment.processes):
        assert time.monotonic() < end, found
        for name, process in deployment.processes.items():
            if told := re.search(r"Metrics at http://([^/]+)/", process.log.read_text("utf-8")):
                found[name] = told[1]
        time.sleep(0.2)
    return list(found.values())


def test_no_panel_is_empty_on_flink(watched):
    """Each panel of the dashboard has at least one query that gives numbers."""
    empty = [
        title for title, queries in panels() if not any(has_numbers(watched, query) for query in queries)
    ]
    assert empty == []


def test_flink_s_counters_arrive_under_tocsin_s_names(watched, day):
    """What each stage took in and let out is there, and what one lets out the next takes in."""
    _, entered = day
    for stage in ("intake", "extract", "tag", "save", "match", "claim", "judge"):
        assert watched.total(records(stage, "in")) == entered, stage
        left = f'tocsin_stage_records_total{{stage="{stage}", outcome=~"emitted|dropped|failed"}}'
        assert watched.total(left) == entered, stage
        entered = watched.total(records(stage, "out"))
    assert watched.total(records("publish", "emitted")) == entered
    reasons = watched.query('sum by (reason) (tocsin_stage_records_total{stage="judge", outcome="dropped"})')
    assert (("reason", "heard"),) in reasons


def test_it_is_seen_how_many_pages_wait(watched):
    """The messages that Flink has not read are Tocsin's pages that wait."""
    # When all are read, the marker of the last transaction is not.
    assert watched.query('max by (what) (tocsin_waiting{what="pages"})')[(("what", "pages"),)] <= 1


def test_every_rule_is_evaluated_and_none_fires(watched):
    """Prometheus has no trouble with a rule, what rules name is there, and a healthy job gives no alarm."""
    (group,) = watched.ask("rules")["groups"]
    assert {rule["name"]: rule["health"] for rule in group["rules"]} == {
        rule["name"]: "ok" for rule in group["rules"]
    }
    assert [rule["name"] for rule in group["rules"] if rule["state"] == "firing"] == []
    rules = (DEPLOY / "prometheus" / "rules.yaml").read_text("utf-8")
    expressions = "\n".join(rule["expr"] for rule in yaml.safe_load(rules)["groups"][0]["rules"])
    named = set(re.findall(r"\b(?:tocsin|flink)_\w+", expressions))
    # Only what is in trouble has a `tocsin_trouble`.
    assert named - set(watched.ask("label/__name__/values")) == {"tocsin_trouble"}
