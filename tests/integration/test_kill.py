"""Killed at random moments, a run loses nothing and repeats nothing."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

_KILLS = 25
_TOCSIN = Path(sys.executable).with_name("tocsin")


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def _demo(folder, port):
    words = [_TOCSIN, "demo", "--resume", "--dir", folder, "--port", port]
    return subprocess.Popen(
        [str(word) for word in words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def _finish(process):
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors.decode()


def _delivered(folder):
    lines = (folder / "alerts.ndjson").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_every_alert_comes_through_once_whatever_is_killed(tmp_path, exported):
    """25 kills at random moments of a run over the news day leave the very alerts of an unkilled run."""
    port = _free_port()
    quiet, killed = tmp_path / "quiet", tmp_path / "killed"
    started = time.monotonic()
    _finish(_demo(quiet, port))
    whole_s = time.monotonic() - started
    moments = random.Random(20260309)
    for kill in range(_KILLS):
        process = _demo(killed, port)
        # Each restart begins where the last one was cut off: a short life keeps the kills within the work.
        time.sleep(moments.uniform(0.1, 0.45) * whole_s)
        assert process.poll() is None, f"the run ended before kill {kill}"
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    _finish(_demo(killed, port))
    once = _delivered(quiet)
    again = _delivered(killed)
    assert sorted(alert["id"] for alert in again) == sorted(alert["id"] for alert in once)
    assert {alert["id"]: alert for alert in again} == {alert["id"]: alert for alert in once}
    for what in ("alerts", "claims", "articles"):
        assert exported(killed / "tocsin.toml", what) == exported(quiet / "tocsin.toml", what)
