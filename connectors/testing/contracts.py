"""What every source and every sink must keep: run these suites on a new kind.

Each raises AssertionError that names the broken obligation of `connectors.protocol`, and is silent else.
"""

import asyncio
import math
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from typing import Any, Final

from connectors.protocol import Poll, RecallingSink, Sink, Source
from connectors.testing.findings import a_finding, an_alert, an_article_ref
from connectors.testing.records import NOON, a_claim
from schemas.alerts import Alert
from schemas.codec import decode_any, encode
from schemas.errors import Retriable
from schemas.failures import Failure
from schemas.items import Item, Page

_MOST_POLLS: Final = 1000
_HOSTILE: Final = 'a\nb\r\n\x00\x1b[31m\u202e"quoted", \u2028 {} é \U0001f600'

_Looks = list[tuple[str | None, Poll]]
"""Polls, each with the cursor that it started from."""


def check_source(
    make_source: Callable[[], Source], *, urls: Collection[str], own_times: bool = False
) -> None:
    """Holds a source to its obligations.

    `make_source` opens it afresh, each time over the same world, in which `urls` are announced.
    `own_times` is for archives, whose records bring their own `observed_at`.
    """
    asyncio.run(_check_source(make_source, urls, own_times=own_times))


def check_sink(make_sink: Callable[[], Sink], arrived: Callable[[], Sequence[Alert]]) -> None:
    """Holds a sink to its obligations.

    `make_sink` opens it afresh, each time before the same receiver, which is empty at first.
    `arrived` tells what a receiver that goes by the alerts' ids has got, in order.
    """
    asyncio.run(_check_sink(make_sink, arrived))


def check_recalling_sink(
    make_sink: Callable[[], RecallingSink], arrived: Callable[[], Sequence[Alert]]
) -> None:
    """Holds a sink that recalls to what it promises beside `check_sink`; run both.

    `make_sink` opens it afresh, each time before the same receiver, which is empty at first.
    `arrived` tells every alert that came, as often as it came, in order.
    """
    asyncio.run(_check_recalling_sink(make_sink, arrived))


async def _check_source(make_source: Callable[[], Source], urls: Collection[str], *, own_times: bool) -> None:
    source = make_source()
    looks = await _drain(lambda: source)
    _check_records(looks, own_times=own_times)
    missing = set(urls) - {record.url for record in _records(looks) if not isinstance(record, Failure)}
    _oblige(not missing, f"everything announced comes back: these never did: {sorted(missing)}")
    for cursor, poll in looks:
        again = [(cursor, await make_source().poll(cursor, NOON))]
        _oblige(
            _ids(again) == _ids([(cursor, poll)]), f"a poll from the same cursor brings the same: {cursor!r}"
        )
    _oblige(
        _ids(await _drain(lambda: source)) == _ids(looks), "polling changes nothing: a second round differs"
    )
    _oblige(
        _ids(await _drain(make_source)) == _ids(looks), "only the cursor is remembered: a restart differs"
    )
    end = looks[-1][1].cursor
    beyond = [(end, await source.poll(end, NOON + timedelta(days=1)))]
    _oblige(
        _ids(beyond) <= _ids(looks), "wait_s is 0 where more is waiting: a poll past the end brought more"
    )


async def _check_sink(make_sink: Callable[[], Sink], arrived: Callable[[], Sequence[Alert]]) -> None:
    first, second, third = _three()
    hostile = an_alert(
        topic=_HOSTILE,
        article=an_article_ref(title=_HOSTILE),
        findings=(a_finding(claim=a_claim(text=_HOSTILE)),),
    )
    sink = await _ready(make_sink())
    await sink.deliver(())
    _oblige(not arrived(), "no alert, no delivery")
    await sink.deliver((second, first))
    _oblige({second.id, first.id} <= {*_alert_ids(arrived())}, "every alert is there when deliver returns")
    _oblige(_alert_ids(arrived()) == [second.id, first.id], "alerts arrive in order, each once")
    await sink.deliver((second, first))
    _oblige(_alert_ids(arrived()) == [second.id, first.id], "an alert delivered again is harmless")
    sink = await _ready(make_sink())
    await sink.deliver((first, third))
    _oblige(_alert_ids(arrived()) == [second.id, first.id, third.id], "a restart delivers again without harm")
    await sink.deliver((hostile,))
    _oblige(list(arrived()) == [second, first, third, hostile], "an alert arrives whole, whatever its text")


async def _check_recalling_sink(make_sink: Callable[[], Any], arrived: Callable[[], Sequence[Alert]]) -> None:
    first, second, third = _three()
    sink = make_sink()
    _oblige(await _is_refused(sink, first), "without a recall, deliver is Retriable")
    _oblige(await sink.recall() == frozenset(), "who never delivered recalls nothing")
    await sink.deliver((first, second))
    later = make_sink()
    _oblige(await later.recall() == {first.id, second.id}, "the last delivery is recalled, whoever asks")
    _oblige(await _is_refused(sink, third), "once another recalled, deliver is Retriable")
    await later.deliver((third,))
    _oblige(await make_sink().recall() == {third.id}, "only the last delivery is recalled")
    _oblige(
        list(arrived()) == [first, second, third], "each delivery arrives once, and a refused one not at all"
    )


async def _ready(sink: Sink) -> Sink:
    if isinstance(sink, RecallingSink):
        await sink.recall()
    return sink


async def _is_refused(sink: Sink, alert: Alert) -> bool:
    try:
        await sink.deliver((alert,))
    except Retriable:
        return True
    return False


def _three() -> tuple[Alert, ...]:
    return tuple(an_alert(article=an_article_ref(url=f"https://one.example/{n}")) for n in range(3))


async def _drain(source: Callable[[], Source]) -> _Looks:
    cursor: str | None = None
    looks: _Looks = []
    while len(looks) < _MOST_POLLS:
        poll = await source().poll(cursor, NOON)
        looks.append((cursor, poll))
        _oblige(isinstance(poll.cursor, str | None), "the cursor is text")
        _oblige(poll.wait_s >= 0 and math.isfinite(poll.wait_s), "wait_s is a time to wait, 0 or more")
        if poll.wait_s > 0:
            return looks
        cursor = poll.cursor
    raise AssertionError(f"wait_s is 0 only where more is waiting: {_MOST_POLLS} polls saw no end")


def _check_records(looks: _Looks, *, own_times: bool) -> None:
    by_id: dict[str, Item | Page | Failure] = {}
    for record in _records(looks):
        _oblige(decode_any(encode(record)) == record, f"records are as the codec writes them: {record}")
        _oblige(by_id.setdefault(record.id, record) == record, f"an id is one record's: {record.id}")
        if not isinstance(record, Failure) and not own_times:
            _oblige(record.observed_at == NOON, f"observed_at is the poll's: {record.url}")


def _records(looks: _Looks) -> list[Item | Page | Failure]:
    records: list[Item | Page | Failure] = []
    for _, poll in looks:
        records += (*poll.items, *poll.pages, *poll.failures)
    return records


def _ids(looks: _Looks) -> frozenset[str]:
    return frozenset(record.id for record in _records(looks))


def _alert_ids(alerts: Sequence[Alert]) -> list[str]:
    return [alert.id for alert in alerts]


def _oblige(kept: bool, obligation: str) -> None:
    if not kept:
        raise AssertionError(obligation)
