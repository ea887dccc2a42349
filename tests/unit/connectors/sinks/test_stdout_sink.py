"""The sink to standard output: words for people, NDJSON for programs."""

import asyncio
import io
import sys

import pytest

from connectors.sinks.rendering import render_alert
from connectors.sinks.stdout import StdoutSink
from connectors.testing import an_alert, check_sink
from schemas.alerts import Alert
from schemas.codec import decode
from schemas.errors import Retriable

_ALERT = an_alert(topic="köprü")


def _sink(how: str) -> StdoutSink:
    return StdoutSink.open("screen", StdoutSink.Options(format=how), None)


def test_ndjson_keeps_the_sink_contract(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """A reader that goes by the alerts' ids gets each alert once, whole and in order."""
    arrived: dict[str, Alert] = {}

    def read() -> list[Alert]:
        for line in capsysbinary.readouterr().out.splitlines():
            alert = decode(line, Alert)
            arrived.setdefault(alert.id, alert)
        return list(arrived.values())

    check_sink(lambda: _sink("ndjson"), read)


def test_text_is_the_rendering(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """Alerts are shown as rendered, with an empty line behind each."""
    asyncio.run(_sink("text").deliver([_ALERT, _ALERT]))
    assert capsysbinary.readouterr().out.decode() == f"{render_alert(_ALERT)}\n\n" * 2


@pytest.mark.parametrize(("how", "shown"), [("text", b"[k?pr?] "), ("ndjson", "köprü".encode())])
def test_a_terminal_of_another_encoding_does_not_stop_delivery(monkeypatch, how: str, shown: bytes) -> None:
    """Text falls back to question marks where the terminal knows no better; NDJSON is UTF-8 everywhere."""
    screen = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", screen)
    asyncio.run(_sink(how).deliver([_ALERT]))
    assert shown in screen.buffer.getvalue()


def test_a_reader_that_went_away_is_retriable(monkeypatch) -> None:
    """A closed pipe loses no alert: the delivery is to be tried again."""

    class Gone(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, content) -> int:
            raise BrokenPipeError(32, "Broken pipe")

    screen = io.TextIOWrapper(Gone(), encoding="utf-8", write_through=True)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", screen)
        with pytest.raises(Retriable, match="Broken pipe"):
            asyncio.run(_sink("text").deliver([_ALERT]))
