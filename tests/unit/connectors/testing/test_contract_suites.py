"""The contract suites: they pass what keeps the contract, and each broken obligation is found by name."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.protocol import Poll
from connectors.testing import (
    NOON,
    Clock,
    Fault,
    ListSink,
    ListSource,
    a_failure,
    a_page,
    an_alert,
    an_article_ref,
    an_item,
    check_sink,
    check_source,
)
from schemas.alerts import Alert
from schemas.errors import Retriable
from schemas.failures import Reason

_ITEMS = [an_item(url=f"https://courier.example/{n}") for n in range(3)]
_URLS = [item.url for item in _ITEMS]
_DOWN = Retriable("down", reason=Reason.UNREACHABLE)


def _script() -> list[Sequence[object]]:
    return [[_ITEMS[0]], [], [_ITEMS[1], a_page(url="https://courier.example/p"), a_failure()], [_ITEMS[2]]]


def test_list_source_keeps_the_source_contract() -> None:
    """The fake source is a source."""
    check_source(lambda: ListSource(_script()), urls=[*_URLS, "https://courier.example/p"])


def test_list_source_raises_each_fault_once() -> None:
    """A fault in the script is raised where it stands, and the same cursor then goes past it."""
    source = ListSource([[_ITEMS[0]], _DOWN, _DOWN, [_ITEMS[1]], _DOWN])

    async def polls() -> list[object]:
        seen: list[object] = []
        cursor = None
        for _ in range(7):
            try:
                poll = await source.poll(cursor, NOON)
            except Retriable:
                seen.append("down")
                continue
            cursor = poll.cursor
            seen.append((len(poll.items), poll.wait_s))
        return seen

    assert asyncio.run(polls()) == [(1, 0.0), "down", "down", (1, 0.0), "down", (0, 60.0), (0, 60.0)]


def test_list_sink_keeps_the_sink_contract() -> None:
    """The fake sink is a sink."""
    sink = ListSink()
    check_sink(lambda: sink, lambda: sink.alerts)


@pytest.mark.parametrize("taken", [0, 1, 2])
def test_list_sink_fails_before_or_after_taking(taken: int) -> None:
    """A scripted fault comes after as many alerts as it says, and the next delivery goes well."""
    alerts = [an_alert(article=an_article_ref(url=url)) for url in ("a", "b")]
    sink = ListSink([Fault(error=_DOWN, taken=taken)])
    with pytest.raises(Retriable):
        asyncio.run(sink.deliver(alerts))
    assert sink.arrived == alerts[:taken]
    asyncio.run(sink.deliver(alerts))
    assert list(sink.alerts) == alerts


def test_clock_goes_only_when_told() -> None:
    """A clock tells the same moment until it is set or advanced."""
    clock = Clock()
    assert clock() == clock() == NOON
    clock.advance(90)
    assert clock() == NOON + timedelta(seconds=90)
    clock.set(NOON)
    assert clock() == NOON


class _Wrapped:
    """A source that breaks one obligation: what a good one brings, changed."""

    Options = object

    def __init__(self) -> None:
        self.inner = ListSource(_script())
        self.polls = 0

    async def poll(self, cursor, observed_at) -> Poll:
        self.polls += 1
        return self.change(await self.inner.poll(cursor, observed_at), cursor)

    def change(self, poll: Poll, cursor: str | None) -> Poll:
        raise NotImplementedError


class _Forgets(_Wrapped):
    def change(self, poll, cursor):
        return replace(poll, items=poll.items if self.polls == 1 else ())


class _Remembers(_Wrapped):
    def change(self, poll, cursor):
        return poll if self.polls <= 4 else replace(poll, items=(), pages=(), failures=())


class _Leaves(_Wrapped):
    def change(self, poll, cursor):
        return replace(poll, wait_s=60.0)


class _Restless(_Wrapped):
    def change(self, poll, cursor):
        return replace(poll, wait_s=0.0)


class _Misdates(_Wrapped):
    def change(self, poll, cursor):
        later = NOON + timedelta(hours=1)
        return replace(poll, items=tuple(replace(item, observed_at=later) for item in poll.items))


class _Numbers(_Wrapped):
    def change(self, poll, cursor):
        return replace(poll, cursor=int(poll.cursor))


class _Hurries(_Wrapped):
    def change(self, poll, cursor):
        return replace(poll, wait_s=float("nan"))


class _Merges(_Wrapped):
    def change(self, poll, cursor):
        return replace(poll, items=tuple(replace(item, id="same") for item in poll.items))


class _Lists(_Wrapped):
    def change(self, poll, cursor):
        return replace(poll, items=tuple(replace(item, authors=["Ida Brem"]) for item in poll.items))


class _Hides(_Wrapped):
    """Says that it is at its end before it has brought the last step."""

    def change(self, poll, cursor):
        return replace(poll, wait_s=60.0) if poll.cursor == "3" else poll


@pytest.mark.parametrize(
    ("broken", "urls", "obligation"),
    [
        (_Forgets, _URLS, "everything announced comes back"),
        (_Leaves, _URLS, "everything announced comes back"),
        (_Hides, _URLS[:2], "wait_s is 0 where more is waiting"),
        (_Restless, _URLS, "wait_s is 0 only where more is waiting"),
        (_Misdates, _URLS, "observed_at is the poll's"),
        (_Numbers, _URLS, "the cursor is text"),
        (_Hurries, _URLS, "wait_s is a time to wait"),
        (_Merges, _URLS, "an id is one record's"),
        pytest.param(
            _Lists,
            _URLS,
            "records are as the codec writes them",
            marks=pytest.mark.filterwarnings("ignore:Pydantic serializer"),
        ),
        (_Remembers, _URLS, "polling changes nothing"),
    ],
)
def test_source_suite_names_the_broken_obligation(broken, urls, obligation) -> None:
    """A source that breaks one obligation fails its suite with that obligation's name."""
    with pytest.raises(AssertionError, match=obligation):
        check_source(broken, urls=urls)


def test_source_suite_finds_a_poll_that_cannot_be_repeated() -> None:
    """A source that hands each item out only once, whoever asks, fails its suite."""
    given: set[str] = set()

    class Once(_Wrapped):
        def change(self, poll, cursor):
            items = tuple(item for item in poll.items if item.id not in given)
            given.update(item.id for item in items)
            return replace(poll, items=items)

    with pytest.raises(AssertionError, match="from the same cursor"):
        check_source(Once, urls=_URLS)


def test_source_suite_finds_a_memory_beside_the_cursor() -> None:
    """A source that needs its earlier polls to go on fails its suite."""

    class Needs(_Wrapped):
        def change(self, poll, cursor):
            lost = cursor is not None and self.polls == 1
            return replace(poll, items=(), pages=(), failures=(), wait_s=60.0) if lost else poll

    with pytest.raises(AssertionError, match="from the same cursor"):
        check_source(Needs, urls=_URLS)


class _BadSink:
    """A sink that breaks one obligation."""

    Options = object

    def __init__(self, arrived: list[Alert]) -> None:
        self.arrived = arrived

    async def deliver(self, alerts: Sequence[Alert]) -> None:
        known = {alert.id for alert in self.arrived}
        self.arrived += [alert for alert in alerts if alert.id not in known]


class _Repeats(_BadSink):
    async def deliver(self, alerts):
        self.arrived += alerts


class _Delays(_BadSink):
    async def deliver(self, alerts):
        await super().deliver(alerts[:-1])


class _Shuffles(_BadSink):
    async def deliver(self, alerts):
        await super().deliver(sorted(alerts, key=lambda alert: alert.article.url))


class _Greets(_BadSink):
    async def deliver(self, alerts):
        await super().deliver(alerts or [an_alert()])


class _Mangles(_BadSink):
    async def deliver(self, alerts):
        await super().deliver([replace(alert, topic=alert.topic.replace("\n", " ")) for alert in alerts])


class _Forgetful(_BadSink):
    """Knows only what it delivered itself."""

    def __init__(self, arrived):
        super().__init__(arrived)
        self.own: set[str] = set()

    async def deliver(self, alerts):
        self.arrived += [alert for alert in alerts if alert.id not in self.own]
        self.own |= {alert.id for alert in alerts}


@pytest.mark.parametrize(
    ("broken", "obligation"),
    [
        (_Greets, "no alert, no delivery"),
        (_Delays, "every alert is there when deliver returns"),
        (_Shuffles, "alerts arrive in order"),
        (_Repeats, "an alert delivered again is harmless"),
        (_Forgetful, "a restart delivers again without harm"),
        (_Mangles, "an alert arrives whole"),
    ],
)
def test_sink_suite_names_the_broken_obligation(broken, obligation) -> None:
    """A sink that breaks one obligation fails its suite with that obligation's name."""
    arrived: list[Alert] = []
    with pytest.raises(AssertionError, match=obligation):
        check_sink(lambda: broken(arrived), lambda: arrived)
