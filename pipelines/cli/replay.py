"""`tocsin replay`: what was refused, or every page, goes through the graph again."""

import socket
from collections import Counter
from enum import StrEnum
from typing import Annotated

import typer

from pipelines.cli.options import DEFAULT_CONFIG, ConfigOption, config_at, ledger_of, utc_now
from pipelines.cli.views import err
from pipelines.intake import Arrivals, arrivals_of
from pipelines.ledger.database import Ledger
from schemas.alerts import Alert
from schemas.articles import Article, ClaimedArticle, Match, TaggedArticle
from schemas.codec import decode_any
from schemas.errors import Rejected
from schemas.failures import Failure
from schemas.items import Item, Page

_AT_ONCE = 10_000
_IN_WORDS: dict[bool | str, str] = {
    True: "queued for the next run: `tocsin run --once`",
    # Perhaps in the very cycle that refused it, which will call it done: the failure is kept.
    False: "in the queue already: replay again after the next run",
}


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
            _replay_failures(ledger, arrivals, stage)


def _replay_failures(ledger: Ledger, arrivals: Arrivals, stage: str | None) -> None:
    started_at = utc_now()
    waiting = ledger.failures.waiting(stage, limit=_AT_ONCE)
    pages = {failure.id: page for failure in waiting if (page := _page_behind(_record_of(failure)))}
    queued_pages = arrivals.requeue_pages(frozenset(pages.values()))
    told: Counter[str] = Counter()
    for failure in waiting:
        queued = pages.get(failure.id) in queued_pages or _requeue(ledger, arrivals, failure)
        told[_IN_WORDS.get(queued, str(queued))] += 1
        if queued is True:
            ledger.failures.replayed([failure.id], started_at)
    for outcome, count in sorted(told.items()):
        err.print(f"{count} {outcome}")
    if not told:
        err.print("no failure waits to be replayed")


def _record_of(failure: Failure) -> object:
    """The record within; None where it never became one."""
    try:
        return decode_any(failure.record)
    except Rejected:
        return None


def _requeue(ledger: Ledger, arrivals: Arrivals, failure: Failure) -> bool | str:
    """Whether the record, which is not behind a page, waits once more; or why it never will, in words."""
    match _record_of(failure):
        case None:
            return "never became a record: mend the source, and it is read again"
        case Alert(id=alert):
            return ledger.outbox.requeue([alert]) > 0
        case Item() as item:
            return ledger.intake.save_items([item], utc_now()) > 0
        case Page() as page:
            return arrivals.save_pages([page]) > 0
        case Article() | TaggedArticle() | ClaimedArticle() | Match():
            return False
        case other:
            return f"of a kind that is not replayed: {type(other).__name__}"


def _page_behind(record: object) -> str | None:
    """The id of the page that the record was read from."""
    match record:
        case Article(page=page):
            return page
        case TaggedArticle(article=article):
            return article.page
        case ClaimedArticle(tagged=tagged) | Match(article=ClaimedArticle(tagged=tagged)):
            return tagged.article.page
        case _:
            return None
