"""How long the rules of a host are believed, and what stands in for them."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from connectors.http.answers import read_response
from connectors.http.deadline import Budget
from connectors.http.robots import Robots
from connectors.http.targets import read_target
from schemas.errors import Rejected, Retriable
from schemas.failures import Reason

NEWS = read_target("https://gazette.example/news")
START = datetime(2024, 5, 2, 12, tzinfo=UTC)
FORBIDS = b"User-agent: *\nDisallow: /\n"
DOWN = Retriable("GET https://gazette.example/robots.txt: down", reason=Reason.UNREACHABLE)
GONE = Rejected("GET https://gazette.example/robots.txt: gone", reason=Reason.HTTP_STATUS)


class Host:
    """Answers for robots.txt, given out one by one, at a time that the test sets."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.now = START
        self.robots = Robots(self.fetch, lambda: self.now)

    async def fetch(self, target, budget):
        """The next answer."""
        assert str(target) == "https://gazette.example/robots.txt"
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return read_response(str(target), 200, (), answer, None)

    def check(self, target=NEWS):
        """What the rules say: the distance between requests, or the error's kind."""
        try:
            return asyncio.run(self.robots.check(target, Budget(5)))
        except (Rejected, Retriable) as error:
            return type(error)


@pytest.mark.parametrize(
    ("answer", "kept_s"), [(FORBIDS, 86_400), (b"", 86_400), (GONE, 86_400), (DOWN, 300)]
)
def test_kept(answer, kept_s):
    """Rules are believed for a day, and trouble with them for five minutes."""
    host = Host(answer, b"User-agent: *\nCrawl-delay: 3\n")
    first = host.check()
    host.now += timedelta(seconds=kept_s - 1)
    assert host.check() == first
    host.now += timedelta(seconds=1)
    assert host.check() == 3


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (FORBIDS, Rejected),
        (GONE, 0),
        (DOWN, Retriable),
        (b"User-agent: Tocsin\nAllow: /\nCrawl-delay: 7200\n\n" + FORBIDS, 30),
        (b"User-agent: OtherBot\nDisallow: /\n", 0),
        (b"#" * 600_000 + b"\n" + FORBIDS, 0),
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /\n", Rejected),
        (b"<html>not rules</html>", 0),
    ],
)
def test_rules(answer, outcome):
    """Our own rules go before those for all; a delay and the length of the rules have their limits."""
    assert Host(answer).check() == outcome


def test_wait_is_told():
    """Who has to wait for the rules is told how long."""
    host = Host(DOWN)
    host.check()
    host.now += timedelta(seconds=100)
    with pytest.raises(Retriable) as caught:
        asyncio.run(host.robots.check(NEWS, Budget(5)))
    assert caught.value.after_s == 200


def test_slow_patterns():
    """Rules made to be slow are matched in a moment: this test hangs otherwise."""
    rule = b"Disallow: /" + b"a*" * 200 + b"b\n"
    target = read_target("https://gazette.example/" + "a" * 2_000)
    assert Host(b"User-agent: *\n" + rule * 50).check(target) == 0
