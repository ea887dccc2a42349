"""A ledger on PostgreSQL with many claims: how fast it is read, written, brought up, saved and restored.

Starts a server of its own, with every commit on the disk, in a folder that is removed afterwards. Ten million
claims take about 40 GB of disk and an hour.

usage: python tests/bench/postgres.py [--claims 100000] [--pages 20000] [--sessions 500] [--folder DIR]
"""

import argparse
import hashlib
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from connectors.protocol import Poll
from connectors.testing import (
    NOON,
    a_claim,
    a_hearing,
    a_judgement,
    a_page,
    a_saying,
    an_alert,
    an_article_ref,
)
from pipelines.ledger import migrating
from pipelines.ledger.database import Ledger, open_ledger
from pipelines.ledger.transactions import Transactions
from pipelines.memory.log import Delivery, Ruling, Settled
from schemas.codec import encode

sys.path.insert(0, str(Path(__file__).parents[1] / "parts"))
from ports import free_port
from postgres import Postgres

_SERVER = {"shared_buffers": "1GB", "max_wal_size": "8GB", "maintenance_work_mem": "512MB"}
_BEFORE_PARTS = "0002"
_OF_AN_ARTICLE = 20
_TOPICS = ("veldar", "ferries")
_WORDS = [hashlib.md5(str(number).encode()).hexdigest()[: 4 + number % 7] for number in range(20_000)]
_POLLED = 500
_PAGE_CHARS = 5_000


def main() -> None:
    """Prints one line for each figure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--sessions", type=int, default=500)
    parser.add_argument("--folder", type=Path, default=None)
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="tocsin-bench-", dir=asked.folder) as made,
        _server(made) as server,
    ):
        url = server.fresh("tocsin")
        _fill_and_bring_up(url, asked.claims)
        with open_ledger(url) as ledger:
            _take_in(ledger, asked.pages)
            for of_an_article in (1, _OF_AN_ARTICLE):
                _judge(ledger, asked.sessions, asked.claims, of_an_article)
            _search(ledger)
        _save_and_restore(server, url, Path(made))


@contextmanager
def _server(folder: str) -> Iterator[Postgres]:
    server = Postgres(Path(folder) / "data", free_port(), **_SERVER)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def _timed(what: str) -> Iterator[None]:
    begun_at = time.monotonic()
    yield
    print(f"{what}: {time.monotonic() - begun_at:.1f} s", flush=True)


def _fill_and_bring_up(url: str, claims: int) -> None:
    """The claims as an earlier release kept them, and then in the tables of this one."""
    transactions = Transactions(make_url(url), lock_wait_s=30)
    with transactions.writing() as connection:
        migrating.upgrade(connection, _BEFORE_PARTS)
    transactions.close()
    with _timed(f"filled with {claims:,} claims by COPY"), psycopg.connect(_dsn(url)) as connection:
        connection.execute("INSERT INTO memories VALUES ('main')")
        _copy(connection, "hearings (id, memory, article, record)", _hearings(claims))
        columns = "judgements (claim, topic, story, article, observed_at, start, record)"
        _copy(connection, columns, _judgements(claims))
        _copy(connection, "heard (topic, story)", ((_topic(n), _key("story", n)) for n in range(claims)))
    with _timed("migrated to the newest tables"):
        open_ledger(url).close()
    with psycopg.connect(_dsn(url), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        size = connection.execute("SELECT pg_size_pretty(pg_database_size(current_database()))").fetchone()
        print(f"size on disk: {size[0]}", flush=True)


def _copy(connection: psycopg.Connection, columns: str, rows: Iterator[tuple[object, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {columns} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _hearings(claims: int) -> Iterator[tuple[object, ...]]:
    sayings = tuple(a_saying(claim=a_claim(id=f"@{part}@")) for part in range(_OF_AN_ARTICLE))
    pattern = encode(a_hearing(memory="main", sayings=sayings)).decode()
    for number in range(claims // _OF_AN_ARTICLE):
        yield _key("hearing", number), "main", _key("article", number), pattern


def _judgements(claims: int) -> Iterator[tuple[object, ...]]:
    pattern = encode(a_judgement(claim=a_claim(id="@claim@", text="@text@"), story="@story@")).decode()
    for number in range(claims):
        claim, story = _key("claim", number), _key("story", number)
        record = pattern.replace("@claim@", claim).replace("@text@", _sentence()).replace("@story@", story)
        at = NOON + timedelta(seconds=number // _OF_AN_ARTICLE)
        article = _key("article", number // _OF_AN_ARTICLE)
        yield claim, _topic(number), story, article, at, number % _OF_AN_ARTICLE, record


def _topic(number: int) -> str:
    return _TOPICS[number % len(_TOPICS)]


def _key(kind: str, number: int) -> str:
    return hashlib.md5(f"{kind} {number}".encode()).hexdigest()


def _sentence(words: int = 20) -> str:
    # Squared: few words are in many sentences, as in real text.
    return " ".join(_WORDS[int(random.random() ** 2 * len(_WORDS))] for _ in range(words)) + "."


def _take_in(ledger: Ledger, pages: int) -> None:
    polls = []
    for start in range(0, pages, _POLLED):
        texts = [(number, _sentence(_PAGE_CHARS // 8)) for number in range(start, start + _POLLED)]
        new = [a_page(url=f"https://courier.example/{number}", text=text) for number, text in texts]
        polls.append(Poll(items=(), pages=tuple(new), failures=(), cursor=str(start), wait_s=60.0))
    begun_at = time.monotonic()
    for poll in polls:
        ledger.intake.save_poll("courier", poll, NOON)
    print(f"intake: {pages / (time.monotonic() - begun_at):,.0f} pages/s", flush=True)
    begun_at = time.monotonic()
    for _ in polls:
        ledger.intake.claim_pages(_POLLED).finish()
    print(f"pages claimed and finished: {pages / (time.monotonic() - begun_at):,.0f} pages/s", flush=True)


def _judge(ledger: Ledger, sessions: int, claims: int, of_an_article: int) -> None:
    """Times all that an article's judgement asks of the database, the commit on the disk with it."""
    with ledger.memories.judging("main") as judging:
        position = judging.save(_ruling(0, of_an_article))
    # Of each claim its story, and the one that it updates.
    asked_for = 2 * of_an_article
    stories = [[_key("story", random.randrange(claims)) for _ in range(asked_for)] for _ in range(sessions)]
    rulings = [_ruling(number + 1, of_an_article) for number in range(sessions)]
    taken_ms = []
    for asked, ruling in zip(stories, rulings, strict=True):
        begun_at = time.monotonic()
        with ledger.memories.judging("main") as judging:
            for _ in judging.since(position):
                pass
            judging.judged(ruling.hearing.article.id, _TOPICS)
            judging.heard(_TOPICS, asked)
            position = judging.save(ruling)
        taken_ms.append((time.monotonic() - begun_at) * 1000)
    cuts = statistics.quantiles(taken_ms, n=100)
    figures = f"p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms"
    print(f"judging an article, claims: {of_an_article}, {figures}", flush=True)


def _ruling(number: int, of_an_article: int) -> Ruling:
    article = an_article_ref(url=f"https://courier.example/{of_an_article}/judged/{number}")
    ids = [_key(f"new claim of {of_an_article}", number * 100 + part) for part in range(of_an_article)]
    claims = [a_claim(id=each, text=_sentence()) for each in ids]
    judgements = [a_judgement(article=article, claim=claim, story=claim.id) for claim in claims]
    alert = replace(an_alert(article=article), id=_key(f"alert of {of_an_article}", number))
    return Ruling(
        hearing=a_hearing(
            memory="main", article=article, sayings=tuple(a_saying(claim=claim) for claim in claims)
        ),
        judgements=tuple(judgements),
        alerts=(alert,),
        settled=(Settled(topic="veldar", article=article.id, alert=alert.id, reason=None),),
        deliveries=(Delivery(alert=alert.id, sink="desk"),),
    )


def _search(ledger: Ledger) -> None:
    for what, words in (
        ("a common word", _WORDS[0]),
        ("a rare word", _WORDS[-1]),
        ("two", " ".join(_WORDS[:2])),
    ):
        begun_at = time.monotonic()
        found = len(ledger.reading.search(words, 20))
        print(f"search for {what}: {found} in {(time.monotonic() - begun_at) * 1000:.1f} ms", flush=True)


def _save_and_restore(server: Postgres, url: str, folder: Path) -> None:
    programs, saved = server._bin, folder / "saved"
    with _timed("saved by pg_dump, two jobs"):
        subprocess.run([programs / "pg_dump", "-Fd", "-j2", "-f", saved, _dsn(url)], check=True)
    other = server.fresh("restored")
    with _timed("restored by pg_restore, two jobs"):
        subprocess.run([programs / "pg_restore", "-j2", "-d", _dsn(other), saved], check=True)
    with open_ledger(url) as one, open_ledger(other) as two:
        assert one.intake.counts() == two.intake.counts()


def _dsn(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string()


if __name__ == "__main__":
    main()
