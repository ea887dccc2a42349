"""`tocsin run` without `--once`: alerts within seconds; it can be looked at, stopped and started again."""

import os
import signal
import socket
import sqlite3
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from pipelines.cli.newsday.serve import NewsDayServer
from prometheus_client.parser import text_string_to_metric_families

_FIRST_ROUND = 4
_ROUNDS = 3
_ROUND_S = 3.0
_TICKS_S = 1 / os.sysconf("SC_CLK_TCK")


def records(metrics):
    """Records by stage and outcome, from what Prometheus reads."""
    counts = Counter()
    for family in text_string_to_metric_families(metrics):
        for sample in family.samples:
            if sample.name == "tocsin_stage_records_total":
                counts[sample.labels["stage"], sample.labels["outcome"]] += sample.value
    return counts


def unbalanced(counts):
    """The stages at which in = emitted + dropped + failed does not hold."""
    ways_out = ("emitted", "dropped", "failed")
    return [
        stage
        for stage in {stage for stage, _ in counts}
        if counts[stage, "in"] != sum(counts[stage, outcome] for outcome in ways_out)
    ]


def cpu_s(pid):
    """Seconds of processor time that the process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * _TICKS_S


def watch(delivered, delays, seconds):
    """Watches the sink so long: adds, for each alert new there, how long ago its source was looked at."""
    end_at = time.monotonic() + seconds
    while time.monotonic() < end_at:
        now = datetime.now(UTC)
        for alert in delivered():
            observed_at = datetime.fromisoformat(alert["article"]["observed_at"])
            delays.setdefault(alert["id"], (now - observed_at).total_seconds())
        time.sleep(0.05)


def test_a_running_job_alerts_within_seconds(start, newsday_config, delivered, tmp_path):
    """New items alert within 5 s (p95), metrics add up, SIGTERM loses nothing, a restart repeats nothing."""
    with NewsDayServer() as server:
        server.at = server.day.rounds[_FIRST_ROUND]
        config = newsday_config(server.port, every='"1s"')
        job = start(config)
        job.get("/healthz")
        print(f"first alert after {job.until(delivered):.1f} s")
        time.sleep(1.0)
        warming_up = {alert["id"] for alert in delivered()}
        delays = {}
        for moment in server.day.rounds[_FIRST_ROUND + 1 : _FIRST_ROUND + 1 + _ROUNDS]:
            server.at = moment
            watch(delivered, delays, _ROUND_S)
        check_what_it_serves(job)
        code, took_s = job.end(signal.SIGTERM)
        before = delivered()
        check_the_end(job, code, took_s, tmp_path, before)

        job = start(newsday_config(server.port))
        job.get("/metrics")
        idle = idle_share(job)
        assert job.end(signal.SIGINT)[0] == 0
    # What came in as the first job ended is the second's to send.
    assert delivered()[: len(before)] == before
    assert len({alert["id"] for alert in delivered()}) == len(delivered())
    after_s = sorted(delay_s for alert, delay_s in delays.items() if alert not in warming_up)
    assert len(after_s) >= 10
    p95_s = after_s[int(0.95 * len(after_s))]
    print(f"{len(after_s)} alerts while running, p95 {p95_s:.2f} s after the poll; idle {idle:.1%} of a core")
    assert p95_s < 5.0
    assert idle < 0.03


def check_what_it_serves(job):
    """Metrics that Prometheus can read and that add up, and health."""
    job.until(lambda: judged_and_published(records(job.get("/metrics")[2])))
    status, media_type, metrics = job.get("/metrics")
    counts = records(metrics)
    assert (status, media_type.partition(";")[0]) == (200, "text/plain")
    assert {"fetch", "extract", "match", "judge", "publish"} <= {stage for stage, _ in counts}
    assert unbalanced(counts) == []
    assert job.get("/healthz") == (200, "application/json", '{"status":"ok","troubles":{}}')
    assert job.get("/")[0] == 404


def judged_and_published(counts):
    """Whether every alert so far has left for its one sink."""
    return counts["judge", "out"] == counts["publish", "emitted"] > 0


def check_the_end(job, code, took_s, folder, alerts):
    """It ended in time and in order: every alert of the ledger is in the sink, once."""
    print(f"SIGTERM: {took_s:.1f} s")
    assert (code, took_s < 10) == (0, True), job.text
    assert "adds up" in job.text
    assert "Traceback" not in job.text
    with sqlite3.connect(folder / "tocsin.db") as ledger:
        assert ledger.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        states = ledger.execute("SELECT state, count(*) FROM deliveries GROUP BY state").fetchall()
    ledger.close()
    assert states == [("sent", len(alerts))]
    assert len({alert["id"] for alert in alerts}) == len(alerts)


def idle_share(job):
    """The share of a core that it uses while nothing happens, over 10 s."""
    time.sleep(1.0)
    before = cpu_s(job.pid)
    time.sleep(10.0)
    return (cpu_s(job.pid) - before) / 10.0


_HANGING = """
[[sources]]
name = "hanging"
kind = "feed"
url = "http://127.0.0.1:{port}/feed.xml"

[[subscriptions]]
topics = ["*"]
sink = "hanging"

[sinks.hanging]
kind = "webhook"
url = "http://127.0.0.1:{port}/hook"
secret = "an invented secret"
timeout_s = 60.0
"""


def test_what_hangs_holds_up_neither_the_others_nor_the_end(start, newsday_config, delivered, tmp_path):
    """Beside a feed and a receiver that never answer, alerts arrive; SIGTERM ends it and keeps what waits."""
    with NewsDayServer() as server, socket.create_server(("127.0.0.1", 0)) as silence:
        server.at = server.day.rounds[_FIRST_ROUND]
        job = start(newsday_config(server.port, _HANGING.format(port=silence.getsockname()[1])))
        job.until(delivered)
        code, took_s = job.end(signal.SIGTERM)
    print(f"SIGTERM while a receiver hangs: {took_s:.1f} s")
    assert (code, took_s < 10) == (0, True), job.text
    assert "what was under way takes too long and is left" in job.text
    with sqlite3.connect(tmp_path / "tocsin.db") as ledger:
        rows = ledger.execute("SELECT sink, state, count(*) FROM deliveries GROUP BY sink, state").fetchall()
    ledger.close()
    count = len(delivered())
    assert rows == [("desk", "sent", count), ("hanging", "waiting", count)]


def test_a_second_signal_kills(start, newsday_config, delivered):
    """Whoever cannot wait for the end signals twice."""
    with NewsDayServer() as server, socket.create_server(("127.0.0.1", 0)) as silence:
        job = start(newsday_config(server.port, _HANGING.format(port=silence.getsockname()[1])))
        job.until(delivered)
        os.kill(job.pid, signal.SIGINT)
        time.sleep(0.5)
        code, took_s = job.end(signal.SIGINT)
    assert (code, took_s < 2) == (-signal.SIGINT, True)
