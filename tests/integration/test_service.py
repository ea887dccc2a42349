"""The continuous run: alerts as they come, metrics beside, a clean end, and nothing again after it."""

import json
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

_TOCSIN = Path(sys.executable).with_name("tocsin")
_CONFIG = """
[metrics]
port = 0
[[sources]]
name = "wire"
kind = "file"
path = "stories.ndjson"
[[topics]]
id = "harbour"
query = "harbour OR pier*"
[[subscriptions]]
topics = ["*"]
sink = "desk"
[sinks.desk]
kind = "file"
path = "alerts.ndjson"
"""
_STORIES = [
    "The harbour authority closed both northern piers on Tuesday after divers found deep cracks.",
    "Forty dock workers of the harbour went on strike on Wednesday over unpaid overtime.",
]


def _start(folder):
    words = [str(_TOCSIN), "run", "--config", str(folder / "tocsin.toml")]
    with (folder / "said.txt").open("w") as said:
        return subprocess.Popen(words, stdout=said, stderr=said)


def _until(condition, within_s=30):
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError("it never came to that")


def _alerts(folder):
    path = folder / "alerts.ndjson"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def _address(folder):
    words = (folder / "said.txt").read_text().replace("/metrics", " ").split()
    return next((word for word in words if word.startswith("http://127.0.0.1:")), None)


@pytest.fixture
def desk(tmp_path):
    """A folder with a configuration and two stories to judge."""
    (tmp_path / "tocsin.toml").write_text(_CONFIG)
    lines = [
        json.dumps({"url": f"https://wire.example/{n}", "text": text}) for n, text in enumerate(_STORIES)
    ]
    (tmp_path / "stories.ndjson").write_text("\n".join(lines) + "\n")
    return tmp_path


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_run_alerts_tells_how_it_is_and_ends_cleanly(desk, stop):
    """Alerts come, the metrics add up, the signal ends it with 0, and a second run sends nothing again."""
    process = _start(desk)
    _until(lambda: len(_alerts(desk)) == 2)
    address = _until(lambda: _address(desk))
    with urllib.request.urlopen(f"{address}/healthz") as answer:
        assert json.load(answer) == {"status": "ok", "troubles": {}}
    with urllib.request.urlopen(f"{address}/metrics") as answer:
        families = {family.name: family for family in text_string_to_metric_families(answer.read().decode())}
    counts = dict.fromkeys(("in", "emitted", "dropped", "failed", "out"), 0.0)
    for sample in families["tocsin_stage_records"].samples:
        if sample.name.endswith("_total") and sample.labels["stage"] == "judge":
            counts[sample.labels["outcome"]] += sample.value
    assert counts["in"] == counts["emitted"] + counts["dropped"] + counts["failed"] == 2
    process.send_signal(stop)
    assert process.wait(timeout=15) == 0
    again = _start(desk)
    _until(lambda: _address(desk))
    time.sleep(2)
    again.send_signal(stop)
    assert again.wait(timeout=15) == 0
    assert len(_alerts(desk)) == 2


def test_a_taken_port_is_said_clearly(desk):
    """A port that somebody else has is an error with a hint and exit code 2."""
    first = _start(desk)
    address = _until(lambda: _address(desk))
    config = desk / "tocsin.toml"
    config.write_text(config.read_text().replace("port = 0", f"port = {address.rsplit(':', 1)[1]}"))
    second = subprocess.run(
        [_TOCSIN, "run", "--config", config], capture_output=True, text=True, timeout=60, check=False
    )
    first.terminate()
    assert first.wait(timeout=15) == 0
    assert second.returncode == 2
    assert "error: cannot listen on" in second.stderr
    assert "hint: " in second.stderr
