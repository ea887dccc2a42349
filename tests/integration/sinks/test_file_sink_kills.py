"""The file sink under kill -9: nothing lost, nothing twice, no line torn."""

import signal
import subprocess
import sys
from pathlib import Path

from schemas.alerts import Alert
from schemas.codec import decode

_DELIVERIES = 6
_KILLS = [("write", 1), ("write", 2), ("fsync", 1), ("write", 3), ("fsync", 2)]
"""Which call each writer dies in, and at which of them."""

_WRITER = f"""
import asyncio, os, signal, sys
from pathlib import Path
from connectors.sinks.file import FileSink
from connectors.testing import an_alert, an_article_ref

call, at, path = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
real, calls = getattr(os, call), 0

def killed(*arguments):
    global calls
    calls += 1
    if calls == at:
        if call == "write":
            real(arguments[0], arguments[1][: len(arguments[1]) * 2 // 3])
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*arguments)

if at:
    setattr(os, call, killed)
alerts = [an_alert(article=an_article_ref(url=str(n))) for n in range(3 * {_DELIVERIES})]
sink = FileSink(path)
for start in range(0, len(alerts), 3):
    asyncio.run(sink.deliver(alerts[start : start + 3]))
"""


def _run(call: str, at: int, path: Path) -> int:
    return subprocess.run([sys.executable, "-c", _WRITER, call, str(at), str(path)], check=False).returncode


def test_each_alert_is_there_once_whatever_is_killed(tmp_path: Path) -> None:
    """A writer killed in a line, or before its acknowledgement, leaves every alert once and in order."""
    path = tmp_path / "alerts.ndjson"
    for call, at in _KILLS:
        assert _run(call, at, path) == -signal.SIGKILL
    assert _run("write", 0, path) == 0
    alerts = [decode(line, Alert) for line in path.read_bytes().splitlines()]
    assert [alert.article.url for alert in alerts] == [str(n) for n in range(3 * _DELIVERIES)]
