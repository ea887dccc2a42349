"""How a file may end: a last line that is cut, whole without its line end, or in a damaged gzip file."""

import asyncio
import gzip
import json
from pathlib import Path

from connectors.protocol import Poll, SourceContext
from connectors.sources.file import FileSource
from connectors.testing import NOON
from schemas.failures import Reason

_CONTEXT = SourceContext(name="archive", publisher="courier", every_s=60.0)


def _poll(path: Path, cursor: str | None = None) -> Poll:
    return asyncio.run(FileSource(_CONTEXT, path).poll(cursor, NOON))


def _lines(*urls: str) -> str:
    return "".join(json.dumps({"url": url, "text": "Text."}) + "\n" for url in urls)


def test_a_cut_last_line_waits_for_its_rest(tmp_path: Path) -> None:
    """A last line that is cut is left alone, and read whole once it is."""
    file = tmp_path / "docs.ndjson"
    whole = _lines("a", "b")
    file.write_text(whole[:-20])
    poll = _poll(file)
    assert ([page.url for page in poll.pages], poll.failures, poll.wait_s) == (["a"], (), 60.0)
    file.write_text(whole)
    poll = _poll(file, poll.cursor)
    assert ([page.url for page in poll.pages], poll.failures) == (["b"], ())


def test_a_cut_last_line_at_rest_is_a_failure(tmp_path: Path) -> None:
    """A cut line fails at the second look at the same file, once, and is read should it grow after all."""
    file = tmp_path / "docs.ndjson"
    whole = _lines("a", "b")
    file.write_text(whole[:-20])
    cursor = _poll(file).cursor
    poll = _poll(file, cursor)
    assert [failure.reason for failure in poll.failures] == [Reason.MALFORMED]
    assert "line 2" in poll.failures[0].detail
    cursor = poll.cursor
    poll = _poll(file, cursor)
    assert (poll.pages, poll.failures) == ((), ())
    file.write_text(whole)
    assert [page.url for page in _poll(file, poll.cursor).pages] == ["b"]


def test_a_wrong_last_line_fails_at_once(tmp_path: Path) -> None:
    """A last line without line end that nothing could put right does not wait."""
    (tmp_path / "docs.ndjson").write_text(_lines("a") + '{"url": "b"}')
    assert [failure.reason for failure in _poll(tmp_path).failures] == [Reason.MALFORMED]


def test_a_whole_last_line_needs_no_line_end(tmp_path: Path) -> None:
    """A whole last line is read without its end, once, and the numbers of later lines stay right."""
    file = tmp_path / "docs.ndjson"
    file.write_text(_lines("a", "b")[:-1])
    poll = _poll(file)
    urls, cursor = [page.url for page in poll.pages], poll.cursor
    file.write_text(_lines("a", "b", "c") + "bad\n")
    poll = _poll(file, cursor)
    assert (urls, [page.url for page in poll.pages]) == (["a", "b"], ["c"])
    assert "line 4" in poll.failures[0].detail


def test_damaged_gzip_fails_and_the_lines_before_it_are_kept(tmp_path: Path) -> None:
    """Damaged data costs what is behind it, not what is before it, and no other file."""
    file = tmp_path / "a.ndjson.gz"
    file.write_bytes(gzip.compress(_lines("a", "b").encode()) + b"garbage, not gzip")
    (tmp_path / "b.html.gz").write_bytes(b"garbage, not gzip")
    (tmp_path / "c.ndjson").write_text(_lines("c"))
    poll = _poll(tmp_path)
    assert [page.url for page in poll.pages] == ["a", "b", "c"]
    assert ["gzip" in failure.detail for failure in poll.failures] == [True, True]
    assert not _poll(tmp_path, poll.cursor).failures


def test_cut_gzip_waits_for_its_rest_and_then_fails(tmp_path: Path) -> None:
    """A gzip file that ends early gives its whole lines, waits one poll, and is then a failure."""
    file = tmp_path / "docs.ndjson.gz"
    urls = [f"https://courier.example/{n}" for n in range(50)]
    packed = gzip.compress(_lines(*urls).encode())
    file.write_bytes(packed[:-40])
    first = _poll(file)
    assert 0 < len(first.pages) < 50
    assert not first.failures
    second = _poll(file, first.cursor)
    assert ([failure.reason for failure in second.failures], second.pages) == ([Reason.MALFORMED], ())
    file.write_bytes(packed)
    rest = _poll(file, second.cursor)
    assert [page.url for page in (*first.pages, *rest.pages)] == urls
