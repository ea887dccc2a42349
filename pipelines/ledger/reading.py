"""The ledger for people: streams in an order that depends on what is kept, not on when it was written."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Select, func, or_, select

from pipelines.ledger.searching import find_claims
from pipelines.ledger.tables import alerts, articles, failures, hearings, judgements
from pipelines.ledger.transactions import Transactions
from schemas.alerts import Alert, Judgement
from schemas.articles import TaggedArticle
from schemas.codec import decode
from schemas.errors import ConfigError
from schemas.failures import Failure

_T = TypeVar("_T")

_BY_PLACE: Final = (
    judgements.c.observed_at,
    judgements.c.article,
    judgements.c.start,
    judgements.c.claim,
    judgements.c.topic,
)
_SHOWN: Final = 5


class Reading:
    """What exports and the terminal read."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def judgements(self, topic: str | None = None, since: datetime | None = None) -> Iterator[Judgement]:
        """Judgements by their article's `observed_at` and id, the claim's place in it, and topic."""
        rows = select(judgements.c.record).order_by(*_BY_PLACE)
        if topic is not None:
            rows = rows.where(judgements.c.topic == topic)
        if since is not None:
            rows = rows.where(judgements.c.observed_at >= since)
        return self._stream(rows, Judgement)

    def alerts(
        self,
        topic: str | None = None,
        since: datetime | None = None,
        limit: int | None = None,
        *,
        newest_first: bool = False,
    ) -> Iterator[Alert]:
        """Alerts by their article's `observed_at`, then id, oldest or newest first, at most `limit`."""
        rows = select(alerts.c.record).limit(limit)
        order = (alerts.c.observed_at, alerts.c.id)
        rows = rows.order_by(*(column.desc() for column in order) if newest_first else order)
        if topic is not None:
            rows = rows.where(alerts.c.topic == topic)
        if since is not None:
            rows = rows.where(alerts.c.observed_at >= since)
        return self._stream(rows, Alert)

    def articles(self, since: datetime | None = None) -> Iterator[tuple[TaggedArticle, str | None]]:
        """Articles by `observed_at`, then id, each with the id of the earlier article that it copies."""
        copy_of = (
            select(func.min(hearings.c.copy_of)).where(hearings.c.article == articles.c.id).scalar_subquery()
        )
        rows = select(articles.c.record, copy_of).order_by(articles.c.observed_at, articles.c.id)
        if since is not None:
            rows = rows.where(articles.c.observed_at >= since)
        with self._transactions.reading() as connection, connection.execute(rows) as found:
            for text, copied in found:
                yield decode(text, TaggedArticle), copied

    def failures(self, since: datetime | None = None) -> Iterator[Failure]:
        """Failures, replayed or not, by `failed_at`, then id."""
        rows = select(failures.c.record).order_by(failures.c.failed_at, failures.c.id)
        if since is not None:
            rows = rows.where(failures.c.failed_at >= since)
        return self._stream(rows, Failure)

    def story_of(self, claim: str) -> tuple[Judgement, ...]:
        """All sayings of the claim's story and of every story tied to it by an update or a conflict.

        Each claim once, in the order of `judgements`; where several topics heard it, the first by name.
        `claim` is a claim id or its first characters.

        Raises:
            ConfigError: no claim has such an id, or several have.
        """
        with self._transactions.reading() as connection:
            stories = _linked(connection, _stories(connection, _find_claim(connection, claim)))
            rows = select(judgements.c.record).where(judgements.c.story.in_(stories)).order_by(*_BY_PLACE)
            once: dict[str, Judgement] = {}
            for text in connection.scalars(rows):
                found = decode(text, Judgement)
                once.setdefault(found.claim.id, found)
        return tuple(once.values())

    def search(self, words: str, limit: int) -> tuple[Judgement, ...]:
        """The latest judgements of claims that hold all the words, each claim once, at most `limit`.

        A word is found where one of the claim's begins so, in upper or lower case.
        """
        with self._transactions.reading() as connection:
            return find_claims(connection, words, limit)

    def _stream(self, rows: Select[Any], record: type[_T]) -> Iterator[_T]:
        with self._transactions.reading() as connection, connection.execute(rows) as found:
            for text in found.scalars():
                yield decode(text, record)


def _find_claim(connection: Connection, start: str) -> str:
    rows = (
        select(judgements.c.claim)
        .where(judgements.c.claim.startswith(start, autoescape=True))
        .distinct()
        .order_by(judgements.c.claim)
        .limit(_SHOWN)
    )
    found: list[str] = list(connection.scalars(rows))
    if not found:
        raise ConfigError(
            f"no claim has an id that starts with {start!r}",
            hint="take an id from `tocsin alerts` or `tocsin export claims`",
        )
    if len(found) > 1 and found[0] != start:
        raise ConfigError(
            f"more than one claim has an id that starts with {start!r}",
            hint=f"give more of the id: {', '.join(found)}{', …' if len(found) == _SHOWN else ''}",
        )
    return found[0]


def _stories(connection: Connection, claim: str) -> set[str]:
    return set(connection.scalars(select(judgements.c.story).where(judgements.c.claim == claim).distinct()))


def _linked(connection: Connection, stories: set[str]) -> set[str]:
    known, fresh = set(stories), set(stories)
    while fresh:
        links = (
            select(judgements.c.story, judgements.c.of)
            .where(judgements.c.of.is_not(None))
            .where(or_(judgements.c.story.in_(fresh), judgements.c.of.in_(fresh)))
            .distinct()
        )
        fresh = {story for link in connection.execute(links) for story in link} - known
        known |= fresh
    return known
