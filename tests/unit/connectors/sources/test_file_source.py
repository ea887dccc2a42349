"""The file source: what is read, from where it goes on, and what is refused."""

import asyncio
import gzip
import json
import os
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.protocol import Poll, SourceContext
from connectors.sources import sweep
from connectors.sources.file import FileSource
from connectors.testing import NOON, check_source
from schemas.errors import Rejected
from schemas.failures import Reason

_CONTEXT = SourceContext(name="archive", publisher="courier", every_s=60.0)


def _source(path: Path) -> FileSource:
    return FileSource(_CONTEXT, path)


def _poll(path: Path, cursor: str | None = None) -> Poll:
    return asyncio.run(_source(path).poll(cursor, NOON))


def _drain(path: Path, cursor: str | None = None) -> tuple[list[str], str]:
    """The urls of all pages from the cursor on, and the last cursor."""
    urls: list[str] = []
    while True:
        poll = _poll(path, cursor)
        urls += [page.url for page in poll.pages]
        cursor = poll.cursor
        if poll.wait_s:
            return urls, cursor


def _line(url: str, text: str = "Text.") -> str:
    return json.dumps({"url": url, "text": text}) + "\n"


def _lines(*urls: str) -> str:
    return "".join(map(_line, urls))


def _write(path: Path, text: str) -> None:
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text)


def _touch(path: Path) -> None:
    """Makes the file look changed even where a test is faster than the clock of the file system."""
    later = path.stat().st_mtime_ns + 10_000_000
    os.utime(path, ns=(later, later))


@pytest.mark.parametrize("name", ["docs.ndjson", "docs.ndjson.gz"])
def test_file_source_keeps_the_source_contract(tmp_path: Path, name: str) -> None:
    """A file of documents, more than one poll's worth and some of them bad, is a source like any other."""
    urls = [f"https://courier.example/{n}" for n in range(1300)]
    _write(tmp_path / name, "bad\n" + _lines(*urls[:700]) + "worse\n" + _lines(*urls[700:]))
    check_source(lambda: _source(tmp_path / name), urls=urls)


def test_folder_source_keeps_the_source_contract(tmp_path: Path) -> None:
    """A folder is a source like any other; what is hidden or of another kind is left alone."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in/b.html.gz").write_bytes(gzip.compress(b"<p>B"))
    for name in ("a.html", "c é#?.txt", ".hidden.html", "notes.md"):
        (tmp_path / name).write_text("<p>A")
    _write(tmp_path / "d.ndjson", _lines("https://courier.example/1"))
    own = [(tmp_path / name).as_uri() for name in ("a.html", "in/b.html.gz", "c é#?.txt")]
    assert sorted(_drain(tmp_path)[0]) == sorted([*own, "https://courier.example/1"])
    check_source(lambda: _source(tmp_path), urls=[*own, "https://courier.example/1"])


def test_archive_with_its_own_clock_keeps_the_source_contract(tmp_path: Path) -> None:
    """Documents may bring their own `observed_at`."""
    line = {"url": "u", "text": "t", "observed_at": "2020-01-01T00:00:00Z"}
    (tmp_path / "docs.ndjson").write_text(json.dumps(line))
    check_source(lambda: _source(tmp_path), urls=["u"], own_times=True)


def test_a_bad_line_fails_alone_and_is_found_by_its_number(tmp_path: Path) -> None:
    """A bad line is a failure with file, number and raw line; blank lines are nothing; the rest go on."""
    file = tmp_path / "docs.ndjson"
    file.write_bytes(
        b"\xef\xbb\xbf"
        + _line("https://a.example").encode()
        + b"\n  \r\n"
        + b'{"caf\xe9\n'
        + _line("u").encode()
    )
    poll = _poll(file)
    assert [page.url for page in poll.pages] == ["https://a.example", "u"]
    (failure,) = poll.failures
    assert (failure.stage, failure.reason, failure.failed_at) == ("read", Reason.MALFORMED, NOON)
    assert (failure.url, failure.record) == (file.as_uri(), '{"caf\ufffd\n')
    assert failure.detail.startswith(f"reading {file.as_uri()} line 4: ")


def test_equal_bad_lines_are_different_failures(tmp_path: Path) -> None:
    """Each bad line counts, also where two are the same."""
    (tmp_path / "docs.ndjson").write_text("bad\nbad\n")
    assert len({failure.id for failure in _poll(tmp_path).failures}) == 2


def test_a_url_that_stands_twice_is_refused(tmp_path: Path) -> None:
    """The second line with a url fails, and names the first."""
    (tmp_path / "docs.ndjson").write_text(_line("u", "one") + _line("v") + _line("u", "two"))
    poll = _poll(tmp_path)
    assert [page.text for page in poll.pages] == ["one", "Text."]
    assert "url as in line 1: u" in poll.failures[0].detail


def test_a_line_that_is_too_long_is_refused_and_the_rest_go_on(tmp_path: Path, monkeypatch) -> None:
    """A line over the cap is a failure of its beginning; the next line has its right number and place."""
    monkeypatch.setattr("connectors.sources.lines.LINE_BYTES", 200)
    monkeypatch.setattr("connectors.sources.lines._SKIP_BYTES", 64)
    file = tmp_path / "docs.ndjson"
    fits = _line("fits", "x" * (200 - len(_line("fits", ""))))
    file.write_text(_line("long", "x" * 1000) + fits + "bad\n" + _line("long", "x" * 1000)[:-1])
    poll = _poll(file)
    assert [page.url for page in poll.pages] == ["fits"]
    assert [failure.reason for failure in poll.failures] == ["too_large", "malformed", "too_large"]
    assert "line 3" in poll.failures[1].detail
    assert len(poll.failures[0].record) <= 201
    with file.open("a") as stream:
        stream.write("\n" + _line("next"))
    assert [page.url for page in _poll(file, poll.cursor).pages] == ["next"]


def test_a_page_that_is_too_large_is_refused(tmp_path: Path, monkeypatch) -> None:
    """A page over the cap is a failure, counted after unzipping."""
    monkeypatch.setattr(sweep, "LINE_BYTES", 200)
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(b"x" * 201))
    (tmp_path / "b.html").write_bytes(b"x" * 200)
    poll = _poll(tmp_path)
    assert [failure.reason for failure in poll.failures] == [Reason.TOO_LARGE]
    assert [page.html for page in poll.pages] == [b"x" * 200]


@pytest.mark.parametrize("name", ["docs.ndjson", "docs.ndjson.gz"])
def test_a_poll_brings_at_most_its_share(tmp_path: Path, name: str) -> None:
    """A long file comes in shares of 500 lines, without wait between them, and then there is time."""
    urls = [str(n) for n in range(1234)]
    _write(tmp_path / name, _lines(*urls))
    cursor, shares = None, []
    while not shares or shares[-1][1] == 0:
        poll = _poll(tmp_path, cursor)
        shares.append((len(poll.pages), poll.wait_s))
        cursor = poll.cursor
    assert shares == [(500, 0.0), (500, 0.0), (234, 60.0)]
    assert _drain(tmp_path)[0] == urls
    assert not _poll(tmp_path, cursor).pages


def test_large_documents_come_in_smaller_shares(tmp_path: Path, monkeypatch) -> None:
    """A poll ends early where its documents are large, so that memory stays flat."""
    monkeypatch.setattr(sweep, "_POLL_BYTES", 1000)
    urls = [str(n) for n in range(9)]
    (tmp_path / "docs.ndjson").write_text("".join(_line(url, "x" * 300) for url in urls))
    poll = _poll(tmp_path)
    assert (len(poll.pages), poll.wait_s) == (4, 0.0)
    assert _drain(tmp_path)[0] == urls


def test_shares_may_end_between_files(tmp_path: Path) -> None:
    """A share that ends exactly with a file says that more is waiting only where it is."""
    _write(tmp_path / "a.ndjson", _lines(*(f"a{n}" for n in range(500))))
    assert _poll(tmp_path).wait_s == 60.0
    _write(tmp_path / "b.ndjson", _lines("b"))
    poll = _poll(tmp_path)
    assert (len(poll.pages), poll.wait_s) == (500, 0.0)
    assert [page.url for page in _poll(tmp_path, poll.cursor).pages] == ["b"]


@pytest.mark.parametrize("name", ["docs.ndjson", "docs.ndjson.gz"])
def test_a_file_that_grows_is_read_on(tmp_path: Path, name: str) -> None:
    """What was appended comes with the next poll, alone, and with its right line number."""
    file = tmp_path / name
    _write(file, _lines("a", "b"))
    urls, cursor = _drain(file)
    _write(file, _lines("a", "b", "c") + "bad\n")
    poll = _poll(file, cursor)
    assert (urls, [page.url for page in poll.pages]) == (["a", "b"], ["c"])
    assert "line 4" in poll.failures[0].detail


@pytest.mark.parametrize("text", [_lines("c"), _lines("c", "d"), _lines("c", "d", "e", "f"), ""])
@pytest.mark.parametrize("name", ["docs.ndjson", "docs.ndjson.gz"])
def test_a_file_that_was_written_anew_is_read_from_its_start(tmp_path: Path, name: str, text: str) -> None:
    """A file that is shorter, as long or longer, and another, gives all of its lines."""
    file = tmp_path / name
    _write(file, _lines("a", "b"))
    _, cursor = _drain(file)
    _write(file, text)
    _touch(file)
    assert _drain(file, cursor)[0] == [json.loads(line)["url"] for line in text.splitlines()]


def test_new_and_changed_files_of_a_folder_are_found(tmp_path: Path) -> None:
    """The next poll brings what is new or changed in a folder, and only that."""
    (tmp_path / "b.html").write_text("B")
    (tmp_path / "c.html").write_text("C")
    assert len(_drain(tmp_path)[0]) == 2
    _, cursor = _drain(tmp_path)
    (tmp_path / "a.html").write_text("A")
    (tmp_path / "c.html").write_text("C, longer")
    (tmp_path / "b.html").unlink()
    assert [page.html for page in _poll(tmp_path, cursor).pages] == [b"A", b"C, longer"]


def test_a_pattern_names_files(tmp_path: Path) -> None:
    """A pattern brings the files it fits, in folders at any depth, and nothing where it fits none."""
    (tmp_path / "x/y").mkdir(parents=True)
    for name in ("1.ndjson", "x/2.ndjson", "x/y/3.ndjson", "x/4.html"):
        (tmp_path / name).write_text(_line(name))
    assert _drain(tmp_path / "**/*.ndjson")[0] == ["1.ndjson", "x/2.ndjson", "x/y/3.ndjson"]
    assert _drain(tmp_path / "x/[0-9].ndjson")[0] == ["x/2.ndjson"]
    assert _drain(tmp_path / "*.txt")[0] == []


@pytest.mark.parametrize(
    ("name", "why"), [("missing.ndjson", "no such file"), ("notes.md", "not a kind of file")]
)
def test_a_path_that_cannot_be_read_is_rejected_with_a_hint(tmp_path: Path, name: str, why: str) -> None:
    """A wrong path is told at once, with what to do about it."""
    (tmp_path / "notes.md").write_text("# Notes")
    with pytest.raises(Rejected, match=why) as caught:
        _poll(tmp_path / name)
    assert caught.value.hint


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that opens and cannot be read")
def test_an_unreadable_file_fails_alone_and_is_tried_again(tmp_path: Path) -> None:
    """A file that cannot be read is a failure at each poll until it can be; the others go on."""
    file = tmp_path / "a.html"
    file.symlink_to("/proc/self/mem")
    (tmp_path / "b.html").write_text("B")
    poll = _poll(tmp_path)
    assert ([page.html for page in poll.pages], poll.wait_s) == ([b"B"], 60.0)
    again = _poll(tmp_path, poll.cursor)
    assert [[one.reason for one in each.failures] for each in (poll, again)] == [[Reason.UNREACHABLE]] * 2
    file.unlink()
    file.write_text("A")
    assert [page.html for page in _poll(tmp_path, again.cursor).pages] == [b"A"]


def test_what_is_not_a_file_is_left_alone(tmp_path: Path) -> None:
    """Folders, pipes and links to nowhere are not read, whatever their names say."""
    (tmp_path / "folder.html").mkdir()
    os.mkfifo(tmp_path / "pipe.ndjson")
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    assert _drain(tmp_path)[0] == []


def test_a_cursor_of_another_kind_starts_over(tmp_path: Path) -> None:
    """A cursor that some other source left under the same name costs nothing but reading again."""
    _write(tmp_path / "docs.ndjson", _lines("a"))
    for cursor in ("7", "not json", '{"etag": "x"}'):
        assert [page.url for page in _poll(tmp_path, cursor).pages] == ["a"]


def test_names_that_are_not_text_are_read(tmp_path: Path) -> None:
    """A file name may hold any bytes; its url, its failures and the cursor are text all the same."""
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_bytes(b"\xff")
    poll = _poll(tmp_path)
    assert "caf%E9.txt" in poll.failures[0].detail
    check_source(lambda: _source(tmp_path), urls=[])


def test_reading_again_observes_anew_and_keeps_the_ids(tmp_path: Path) -> None:
    """The same document read at another time has another `observed_at` and the same ids."""
    _write(tmp_path / "docs.ndjson", _lines("a"))
    source = _source(tmp_path)
    (one,) = asyncio.run(source.poll(None, NOON)).pages
    (two,) = asyncio.run(source.poll(None, NOON + timedelta(days=1))).pages
    assert (one.id, one.item.id) == (two.id, two.item.id)
    assert two.observed_at - one.observed_at == timedelta(days=1)
