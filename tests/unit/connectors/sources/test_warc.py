"""WARC files: what is a page comes in, what is not is counted, and nothing costs another record its place."""

import asyncio
import gzip
import io
import json
import random
from datetime import UTC, datetime

import pytest

from connectors.protocol import SourceContext
from connectors.sources import warc_records
from connectors.sources.warc import WarcSource
from connectors.sources.warc_records import cut_records
from connectors.testing import NOON, check_source
from schemas.failures import Reason

_CONTEXT = SourceContext(name="archive", publisher="courier", every_s=60.0)
_RECORDED = datetime(2024, 5, 1, 10, tzinfo=UTC)


def a_record(kind, url, content, media_type="application/http"):
    """One record as bytes."""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-05-01T10:00:00Z\r\n"
        f"Content-Type: {media_type}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content + b"\r\n\r\n"


def a_response(number, *, status="200 OK", media_type="text/html; charset=latin-1", body=b"<p>caf\xe9</p>"):
    """The record of an answer over HTTP."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\n\r\n".encode()
    return a_record("response", f"http://courier.example/{number}", head + body)


def zipped(*records):
    """Each record in a gzip member of its own."""
    return b"".join(map(gzip.compress, records))


def plain(*records):
    """The records as they are."""
    return b"".join(records)


@pytest.fixture(params=[zipped, plain], ids=["zipped", "plain"])
def archive(request, tmp_path):
    """Writes an archive of these records and opens it; both forms."""
    suffix = ".warc.gz" if request.param is zipped else ".warc"

    def write(*records):
        (tmp_path / f"crawl{suffix}").write_bytes(request.param(*records))
        return WarcSource(_CONTEXT, tmp_path)

    return write


def read(source):
    """Pages and failures of every poll, until nothing more comes."""
    pages, failures, cursor = [], [], None
    while True:
        poll = asyncio.run(source.poll(cursor, NOON))
        pages += poll.pages
        failures += poll.failures
        if poll.cursor == cursor:
            return pages, failures
        cursor = poll.cursor


def test_an_answer_is_a_page_as_of_its_own_date(archive):
    """URL, bytes, character set and date of a page are those of its record."""
    (page,), failures = read(archive(a_response(1)))
    assert (page.url, page.html, page.charset) == ("http://courier.example/1", b"<p>caf\xe9</p>", "latin-1")
    assert page.observed_at == page.item.observed_at == _RECORDED
    assert (page.item.source, page.item.publisher, failures) == ("archive", "courier", [])


def test_other_records_are_passed_over_or_counted(archive):
    """Requests and metadata hold no answer; other answers are failures with the reason why."""
    pages, failures = read(
        archive(
            a_record("metadata", "http://courier.example/1", b"fetched: yes"),
            a_record("response", "dns:a.example", b"1.2.3.4", "text/dns"),
            a_response(2, status="404 Not Found"),
            a_response(3, media_type="image/png", body=b"\x89PNG"),
            a_response(4),
        )
    )
    assert [page.url for page in pages] == ["http://courier.example/4"]
    assert [each.reason for each in failures] == [Reason.BINARY, Reason.HTTP_STATUS, Reason.BINARY]
    assert "answered 404" in failures[1].detail
    assert "crawl.warc" in failures[1].record


@pytest.mark.parametrize("lie", [b"1", b"99999", b"999999999999999", b"-5", b"x"])
def test_a_lying_length_costs_no_other_record(archive, lie):
    """A record that tells a wrong length is a failure; those around it are read."""
    head, colon, rest = a_response(2).partition(b"Content-Length:")
    liar = head + colon + b" " + lie + rest[rest.index(b"\r\n") :]
    pages, failures = read(archive(a_response(1), liar, a_response(3)))
    assert [page.url[-1] for page in pages] == ["1", "3"]
    assert {each.reason for each in failures} == {Reason.MALFORMED}


def test_a_damaged_gzip_member_costs_no_other_record(tmp_path):
    """Members that are cut or altered in the middle of a file are failures; those around them are read."""
    first, second, third = (gzip.compress(a_response(number)) for number in (1, 2, 3))
    altered = second[:40] + b"\xff\xff\xff\xff" + second[44:]
    for name, damaged in {"cut": second[:-40], "altered": altered}.items():
        (tmp_path / f"{name}.warc.gz").write_bytes(first + damaged + third)
        pages, failures = read(WarcSource(_CONTEXT, tmp_path / f"{name}.warc.gz"))
        assert [page.url[-1] for page in pages] == ["1", "3"], name
        assert {each.reason for each in failures} == {Reason.MALFORMED}, name


def test_an_end_that_is_cut_waits_for_its_rest(archive, tmp_path):
    """A last record that is being written is read once it is whole, and a failure if it stays cut."""
    source = archive(a_response(1), a_response(2))
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[:-60])
    poll = asyncio.run(source.poll(None, NOON))
    assert ([page.url[-1] for page in poll.pages], poll.failures) == (["1"], ())
    file.write_bytes(whole)
    poll = asyncio.run(source.poll(poll.cursor, NOON))
    assert ([page.url[-1] for page in poll.pages], poll.failures) == (["2"], ())
    file.write_bytes(whole[:-60])
    pages, failures = read(source)
    assert ([page.url[-1] for page in pages], len(failures)) == (["1"], 1)


def test_a_file_zipped_as_one_is_refused_with_its_place(tmp_path):
    """Many records in one gzip member cannot be told apart: one failure."""
    (tmp_path / "crawl.warc.gz").write_bytes(gzip.compress(a_response(1) + a_response(2)))
    pages, failures = read(WarcSource(_CONTEXT, tmp_path))
    assert (pages, len(failures)) == ([], 1)


def test_a_long_record_is_not_kept_whole(archive, monkeypatch):
    """Above the cap a record is a failure, however small it was zipped; the next one is read."""
    monkeypatch.setattr(warc_records, "RECORD_BYTES", 5_000)
    pages, failures = read(archive(a_response(1, body=b" " * 2_000_000), a_response(2)))
    assert [page.url[-1] for page in pages] == ["2"]
    assert "longer than" in failures[0].detail


def test_warc_keeps_the_promises_of_a_source(archive):
    """The suite for every source passes on more records than one poll takes."""
    source = archive(*map(a_response, range(520)))
    urls = [f"http://courier.example/{number}" for number in range(520)]
    check_source(lambda: source, urls=urls, own_times=True)
    assert len(json.loads(asyncio.run(source.poll(None, NOON)).cursor)["offsets"]) == 1


def test_whatever_is_in_a_file_it_is_read_to_its_end():
    """Random damage neither raises nor stands still, and what is cut out lies within the file."""
    throw = random.Random(4)
    for whole in (zipped(*map(a_response, range(4))), plain(*map(a_response, range(4)))):
        for _ in range(150):
            damaged = bytearray(whole)
            for _ in range(throw.randint(1, 6)):
                damaged[throw.randrange(len(damaged))] = throw.randrange(256)
            del damaged[throw.randrange(len(damaged)) :][: throw.randint(0, 60)]
            reached = 0
            for cut in cut_records(io.BytesIO(damaged), 0):
                assert reached == cut.offset < cut.after <= len(damaged)
                reached = cut.after
            assert reached == len(damaged)
