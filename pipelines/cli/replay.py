"""`tocsin replay`: what was refused, or every page, goes through the graph again."""

from collections import Counter
from enum import StrEnum
from typing import Annotated

import typer

from pipelines.cli.options import DEFAULT_CONFIG, ConfigOption, config_at, ledger_of, utc_now
from pipelines.cli.views import err
from pipelines.ledger.database import Ledger
from schemas.alerts import Alert
from schemas.articles import Article, ClaimedArticle, Match, TaggedArticle
from schemas.codec import decode_any
from schemas.errors import Rejected
from schemas.failures import Failure
from schemas.items import Item, Page

_AT_ONCE = 10_000


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
    with ledger_of(config_at(config)) as ledger:
        if what is What.PAGES:
            err.print(f"{ledger.intake.requeue_all()} pages wait for the next run: `tocsin run --once`")
        else:
            _replay_failures(ledger, stage)


def _replay_failures(ledger: Ledger, stage: str | None) -> None:
    queued: Counter[str] = Counter()
    for failure in ledger.failures.waiting(stage, limit=_AT_ONCE):
        queued[_requeue(ledger, failure)] += 1
    for outcome, count in sorted(queued.items()):
        err.print(f"{count} {outcome}")
    if not queued:
        err.print("no failure waits to be replayed")


def _requeue(ledger: Ledger, failure: Failure) -> str:
    """What became of the failure, in words."""
    started_at = utc_now()
    try:
        record = decode_any(failure.record)
    except Rejected:
        return "never became a record: mend the source, and it is read again"
    if isinstance(record, Alert):
        queued = ledger.outbox.requeue([record.id])
    elif isinstance(record, Item):
        queued = ledger.intake.save_items([record], started_at)
    elif isinstance(record, Page):
        queued = ledger.intake.save_pages([record])
    elif (page := _page_behind(record)) is not None:
        queued = ledger.intake.requeue_pages([page])
    else:
        return f"of a kind that is not replayed: {type(record).__name__}"
    if not queued:
        # Perhaps in the very cycle that refused it, which will call it done: keep the failure.
        return "in the queue already: replay again after the next run"
    ledger.failures.replayed([failure.id], started_at)
    return "queued for the next run: `tocsin run --once`"


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
