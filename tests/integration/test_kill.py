"""Killed at random moments, a run loses nothing and repeats nothing."""

import json
import random
import subprocess
import sys
import time
from pathlib import Path

from ports import free_port

_KILLS = 25
_TOCSIN = Path(sys.executable).with_name("tocsin")


def _demo(folder, port):
    words = [_TOCSIN, "demo", "--resume", "--dir", folder, "--port", port]
    with (folder.parent / f"{folder.name}.txt").open("ab") as said:
        return subprocess.Popen([str(word) for word in words], stdout=said, stderr=said)


def _finish(folder, port):
    process = _demo(folder, port)
    assert process.wait(timeout=300) == 0, (folder.parent / f"{folder.name}.txt").read_text("utf-8")


def _killed(process, after_s):
    """False where the run had ended before it could be killed."""
    try:
        assert process.wait(timeout=after_s) == 0
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True
    return False


def _delivered(folder):
    lines = (folder / "alerts.ndjson").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_every_alert_comes_through_once_whatever_is_killed(tmp_path, exported):
    """25 kills at random moments of runs over the news day leave the very alerts of an unkilled run."""
    port = free_port()
    quiet, killed = tmp_path / "quiet", [tmp_path / "killed-1"]
    started = time.monotonic()
    _finish(quiet, port)
    whole_s = time.monotonic() - started
    moments = random.Random(20260309)
    kills = 0
    while kills < _KILLS:
        # Each restart begins where the last one was cut off: a short life keeps the kills within the work.
        if _killed(_demo(killed[-1], port), moments.uniform(0.1, 0.45) * whole_s):
            kills += 1
        else:
            killed.append(tmp_path / f"killed-{len(killed) + 1}")
    _finish(killed[-1], port)
    once = _delivered(quiet)
    for folder in killed:
        again = _delivered(folder)
        assert sorted(alert["id"] for alert in again) == sorted(alert["id"] for alert in once)
        assert {alert["id"]: alert for alert in again} == {alert["id"]: alert for alert in once}
        for what in ("alerts", "claims", "articles"):
            assert exported(folder / "tocsin.toml", what) == exported(quiet / "tocsin.toml", what)
