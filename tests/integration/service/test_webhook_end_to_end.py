"""From a feed to a webhook through `tocsin run --once`: signed, and once for who goes by the key."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from pipelines.cli.newsday.serve import NewsDayServer

from connectors.sinks.signature import verify
from schemas.alerts import Alert
from schemas.codec import decode

_TOCSIN = Path(sys.executable).with_name("tocsin")
_SECRET = "an invented shared secret"
_HOOK = f"""
[[subscriptions]]
topics = ["*"]
sink = "hook"

[sinks.hook]
kind = "webhook"
url = "http://127.0.0.1:{{port}}/hook"
secret = "{_SECRET}"
"""


class Receiver(ThreadingHTTPServer):
    """Keeps each body by its key, as often as it comes, and may kill the sender instead of answering."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.bodies = {}
        self.unsigned = 0
        self.victim = None
        self.status = 204


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not verify(_SECRET, body, self.headers["Tocsin-Signature"], datetime.now(UTC)):
            self.server.unsigned += 1
        self.server.bodies.setdefault(self.headers["Idempotency-Key"], []).append(body)
        if self.server.victim and len(self.server.bodies) == 2:
            os.kill(self.server.victim.pid, signal.SIGKILL)
            self.server.victim.wait()
            self.server.victim = None
            self.close_connection = True
            return
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Says nothing."""


@contextmanager
def receiving():
    """A receiver on a free port."""
    with Receiver() as receiver:
        thread = Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield receiver
        receiver.shutdown()
        thread.join()


def test_alerts_reach_a_webhook_whatever_is_killed(tocsin, newsday_config, delivered, exported):
    """Killed with an alert delivered and not noted, the next run sends it again under its key."""
    with NewsDayServer() as server, receiving() as receiver:
        server.at = server.day.rounds[3]
        config = newsday_config(server.port, _HOOK.format(port=receiver.server_port))
        words = [_TOCSIN, "run", "--once", "--config", config]
        with subprocess.Popen(words, stderr=subprocess.DEVNULL) as process:
            receiver.victim = process
        assert process.returncode == -signal.SIGKILL
        cut_off = list(receiver.bodies)
        tocsin("run", "--once", "--config", config)
        tocsin("run", "--once", "--config", config)
    alerts = {line["id"] for line in exported(config, "alerts")}
    assert receiver.unsigned == 0
    assert set(receiver.bodies) == alerts == {alert["id"] for alert in delivered()}
    assert all(set(bodies) == {bodies[0]} for bodies in receiver.bodies.values())
    assert {key: len(bodies) for key, bodies in receiver.bodies.items() if len(bodies) > 1} == dict.fromkeys(
        cut_off, 2
    )
    assert {decode(bodies[0], Alert).id for bodies in receiver.bodies.values()} == alerts
