"""A running `tocsin run`, seen from outside: what it says, serves and delivers."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from threading import Event, Thread

import pytest
from pipelines.cli.newsday.load import FOLDER

_TOCSIN = Path(sys.executable).with_name("tocsin")
_STARTS_WITHIN_S = 60.0


class Job:
    """One process of Tocsin; whatever happens, it does not outlive the test."""

    def __init__(self, config, role):
        self._process = subprocess.Popen(
            [_TOCSIN, role, "--config", config], stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        self.pid = self._process.pid
        self.said = []
        self._is_up = Event()
        self._reader = Thread(target=self._read)
        self._reader.start()

    def _read(self):
        for line in self._process.stderr:
            self.said.append(line)
            if "Metrics at" in line:
                self._is_up.set()

    @property
    def text(self):
        """All that it has said."""
        return "".join(self.said)

    def get(self, path):
        """Status, type and text of what it serves."""
        assert self._is_up.wait(_STARTS_WITHIN_S), self.text
        port = re.search(r"http://127\.0\.0\.1:(\d+)/metrics", self.text)[1]
        try:
            answer = urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return answer.status, answer.headers["Content-Type"], answer.read().decode()

    def until(self, condition, within_s=30.0):
        """How many seconds it took for the condition to hold."""
        started = time.monotonic()
        while not condition():
            assert self._process.poll() is None, f"it ended: {self.text}"
            assert time.monotonic() - started < within_s, f"not within {within_s} s: {self.text}"
            time.sleep(0.02)
        return time.monotonic() - started

    def end(self, number=signal.SIGTERM):
        """The exit code and the seconds that it took, after a signal to it and its workers."""
        started = time.monotonic()
        os.killpg(self.pid, number)
        code = self._process.wait(timeout=60)
        took_s = time.monotonic() - started
        self._reader.join()
        self._process.stderr.close()
        return code, took_s


@pytest.fixture
def start():
    """Starts a job, all roles or one; what still runs at the end of the test is killed."""
    jobs = []

    def start(config, role="run"):
        jobs.append(Job(config, role))
        return jobs[-1]

    yield start
    for job in jobs:
        if job._process.poll() is None:
            job.end(signal.SIGKILL)


@pytest.fixture
def newsday_config(tmp_path):
    """Writes the configuration of the news day for a server's port, with changes and additions."""

    def write(server_port, *additions, **changes):
        text = (FOLDER / "tocsin.toml").read_text("utf-8").replace("{port}", str(server_port))
        for old, new in changes.items():
            text = re.sub(rf"^{old} = .*$", f"{old} = {new}", text, flags=re.MULTILINE)
        path = tmp_path / "tocsin.toml"
        path.write_text("\n".join([text, "[metrics]\nport = 0", *additions]), "utf-8")
        return path

    return write


@pytest.fixture
def delivered(tmp_path):
    """The alerts in the file of the news day's sink, in the order in which they came."""

    def read():
        file = tmp_path / "alerts.ndjson"
        text = file.read_text("utf-8") if file.exists() else ""
        return [json.loads(line) for line in text.split("\n")[:-1]]

    return read
