"""The file sink: each alert once, whole lines only, and nobody else's lines touched."""

import asyncio
import errno
import os
from pathlib import Path

import pytest

from connectors.sinks.file import FileSink
from connectors.testing import an_alert, an_article_ref, check_sink
from schemas.alerts import Alert
from schemas.codec import decode, encode
from schemas.errors import Rejected, Retriable

_ALERTS = [an_alert(article=an_article_ref(url=f"https://courier.example/{n}")) for n in range(4)]


def _deliver(sink: FileSink, *alerts: Alert) -> None:
    asyncio.run(sink.deliver(alerts))


def _read(path: Path) -> list[Alert]:
    lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    assert all(line.endswith(b"\n") for line in lines)
    return [decode(line, Alert) for line in lines]


def test_file_sink_keeps_the_sink_contract(tmp_path: Path) -> None:
    """The file sink is a sink; the file and its folder are made when the first alert comes."""
    path = tmp_path / "out/alerts.ndjson"
    check_sink(lambda: FileSink(path), lambda: _read(path))


def test_opening_touches_nothing(tmp_path: Path) -> None:
    """A sink that was opened and never used leaves no trace."""
    FileSink.open("desk", FileSink.Options(path=tmp_path / "out/alerts.ndjson"), None)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("cut", range(1, len(encode(_ALERTS[1])), 97))
def test_a_torn_last_line_is_taken_away(tmp_path: Path, cut: int) -> None:
    """What a kill cut short anywhere, up to the missing line end, is written whole by the next delivery."""
    path = tmp_path / "alerts.ndjson"
    path.write_bytes(encode(_ALERTS[0]) + b"\n" + encode(_ALERTS[1])[:-cut])
    _deliver(FileSink(path), *_ALERTS[:3])
    assert _read(path) == _ALERTS[:3]


def test_a_line_without_its_end_is_written_again(tmp_path: Path) -> None:
    """A line of which only the line end is missing was never acknowledged: it comes again, whole."""
    path = tmp_path / "alerts.ndjson"
    path.write_bytes(encode(_ALERTS[0]))
    _deliver(FileSink(path), _ALERTS[0])
    assert _read(path) == _ALERTS[:1]


def test_lines_of_others_are_left_alone(tmp_path: Path) -> None:
    """Lines that are no alerts stay, and the last of them gets the line end it lacks."""
    path = tmp_path / "alerts.ndjson"
    path.write_bytes(b'# notes\n{"schema":"alert/1", broken\n{"url": "x"}')
    _deliver(FileSink(path), _ALERTS[0])
    *others, last = path.read_bytes().splitlines()
    assert others == [b"# notes", b'{"schema":"alert/1", broken', b'{"url": "x"}']
    assert decode(last, Alert) == _ALERTS[0]


def test_two_sinks_share_a_file(tmp_path: Path) -> None:
    """Each of two writers sees what the other wrote in between."""
    path = tmp_path / "alerts.ndjson"
    one, two = FileSink(path), FileSink(path)
    _deliver(one, _ALERTS[0])
    _deliver(two, _ALERTS[0], _ALERTS[1])
    _deliver(one, _ALERTS[1], _ALERTS[2])
    _deliver(two, _ALERTS[2])
    assert _read(path) == _ALERTS[:3]


def test_a_file_that_was_moved_away_is_begun_again(tmp_path: Path) -> None:
    """A rotated file is not missed: the next alert starts a new one."""
    path = tmp_path / "alerts.ndjson"
    sink = FileSink(path)
    _deliver(sink, _ALERTS[0])
    path.rename(tmp_path / "alerts.1.ndjson")
    _deliver(sink, _ALERTS[1])
    assert _read(path) == [_ALERTS[1]]


def test_a_full_disk_loses_and_repeats_nothing(tmp_path: Path, monkeypatch) -> None:
    """A delivery that stops in the middle of a line is retriable, and the retry leaves every alert once."""
    path = tmp_path / "alerts.ndjson"
    sink = FileSink(path)
    _deliver(sink, _ALERTS[0])
    write, left = os.write, [len(encode(_ALERTS[1])) + 40]

    def fills_up(file: int, content: bytes) -> int:
        if not left[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = write(file, content[: left[0]])
        left[0] -= written
        return written

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", fills_up)
        with pytest.raises(Retriable, match="No space left"):
            _deliver(sink, *_ALERTS)
    _deliver(sink, *_ALERTS)
    assert _read(path) == _ALERTS


def test_a_path_that_cannot_be_written_is_retriable(tmp_path: Path) -> None:
    """A folder in the place of the file is told with its path, and delivery works once it is gone."""
    path = tmp_path / "alerts.ndjson"
    path.mkdir()
    sink = FileSink(path)
    with pytest.raises(Retriable, match=r"alerts\.ndjson"):
        _deliver(sink, _ALERTS[0])
    path.rmdir()
    _deliver(sink, _ALERTS[0])
    assert _read(path) == _ALERTS[:1]


def test_an_alert_that_json_cannot_hold_is_rejected(tmp_path: Path) -> None:
    """An alert with half a character is refused, and nothing of its batch is written."""
    path = tmp_path / "alerts.ndjson"
    with pytest.raises(Rejected):
        _deliver(FileSink(path), _ALERTS[0], an_alert(topic="\ud800"))
    assert not path.exists()
