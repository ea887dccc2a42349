"""`tocsin replay`: what was refused, or every page, goes through the graph again."""

import socket
from collections import Counter
from enum import StrEnum
from typing import Annotated

import typer

from pipelines.cli.options import DEFAULT_CONFIG, ConfigOption, config_at, ledger_of, utc_now
from pipelines.cli.views import err
from pipelines.config.records import KafkaIntakeConfig
from pipelines.intake import Arrivals, arrivals_of, stored_page
from pipelines.ledger.database import Ledger
from schemas.alerts import Alert
from schemas.articles import Article, ClaimedArticle, Match, MatchedArticle, TaggedArticle
from schemas.codec import decode_any
from schemas.errors import Rejected
from schemas.failures import Failure
from schemas.items import Item, Page, StoredPage

_AT_ONCE = 10_000
_QUEUED = "queued for the next run: `tocsin run --once`"
# Perhaps in the very cycle that refused it, which will call it done: the failure is kept.
_THERE_ALREADY = "in the queue already: replay again after the next run"


class What(StrEnum):
    """What can be replayed."""

    FAILURES = "failures"
    PAGES = "pages"


def replay(
    what: Annotated[What, typer.Argument(help="Refused records, or every page that the ledger holds.")],
    config: ConfigOption = DEFAULT_CONFIG,
    stage: Annotated[str | None, typer.Option("--stage", help="Only failures of this stage.")] = None,
) -> None:
    """Put refused records, or all pages, back in the queue; the next run takes them.

    Replaying is harmless: an article that a topic has judged is not judged for it again. Replay pages after
    adding a topic, and it learns what the others already know.

    For example:

        tocsin replay failures --stage extract
        tocsin replay pages && tocsin run --once
    """
    settings = config_at(config)
    with ledger_of(settings) as ledger:
        # A name of its own: the collector that may be at work keeps its place on the topic.
        arrivals = arrivals_of(settings, ledger, f"replay-{socket.gethostname()}")
        if what is What.PAGES:
            err.print(f"{arrivals.requeue_all()} pages wait for the next run: `tocsin run --once`")
        else:
            _replay_failures(ledger, arrivals, stage, settings.intake)


def _replay_failures(
    ledger: Ledger, arrivals: Arrivals, stage: str | None, queue: KafkaIntakeConfig | None
) -> None:
    started_at = utc_now()
    waiting = ledger.failures.waiting(stage, limit=_AT_ONCE)
    records = {each.id: _fetched(_record_of(each), queue) for each in waiting}
    pages = {key: page for key, record in records.items() if (page := _page_behind(record))}
    queued_pages = arrivals.requeue_pages(frozenset(pages.values()))
    told: Counter[str] = Counter()
    for key, record in records.items():
        if key in pages:
            outcome = _in_words(pages[key] in queued_pages)
        else:
            outcome = _requeue(ledger, arrivals, record)
        told[outcome] += 1
        if outcome == _QUEUED:
            ledger.failures.replayed([key], started_at)
    for outcome, count in sorted(told.items()):
        err.print(f"{count} {outcome}")
    if not told:
        err.print("no failure waits to be replayed")


def _in_words(queued: bool) -> str:
    return _QUEUED if queued else _THERE_ALREADY


def _record_of(failure: Failure) -> object:
    """The record within; None where it never became one."""
    try:
        return decode_any(failure.record)
    except Rejected:
        return None


def _fetched(record: object, queue: KafkaIntakeConfig | None) -> object:
    """The page that the record names, where its store has it by now; any other record itself."""
    if not isinstance(record, StoredPage):
        return record
    try:
        return stored_page(queue, record)
    except Rejected:
        return record


def _requeue(ledger: Ledger, arrivals: Arrivals, record: object) -> str:
    """What became of a record that is not behind a page, in words."""
    match record:
        case None:
            return "never became a record: mend the source, and it is read again"
        case Alert(id=alert):
            return _in_words(ledger.outbox.requeue([alert]) > 0)
        case Item():
            return _in_words(ledger.intake.save_items([record], utc_now()) > 0)
        case StoredPage():
            return "not in the page store: bring their files back, and replay again"
        case Page():
            return _in_words(arrivals.save_pages([record]) > 0)
        case _:
            return f"of a kind that is not replayed: {type(record).__name__}"


def _page_behind(record: object) -> str | None:
    """The id of the page that the record was read from."""
    match record:
        case Article(page=page):
            return page
        case TaggedArticle(article=article):
            return article.page
        case MatchedArticle(tagged=tagged) | ClaimedArticle(tagged=tagged):
            return tagged.article.page
        case Match(article=ClaimedArticle(tagged=tagged)):
            return tagged.article.page
        case _:
            return None
