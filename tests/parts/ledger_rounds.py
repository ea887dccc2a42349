"""A program that writes to a ledger in rounds and tells of every commit; its test may kill it."""

import random
import sys
import time
from dataclasses import replace
from datetime import timedelta

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
    an_item,
)
from pipelines.ledger.database import Ledger, open_ledger
from pipelines.memory.log import Delivery, Ruling, Settled

PAGES = 20
RULINGS = 5
ARTICLES = 40


def a_poll(number: int) -> Poll:
    """A poll of as many items as pages."""
    urls = [f"https://courier.example/{number}/{part}" for part in range(PAGES)]
    return Poll(
        items=tuple(an_item(url=url) for url in urls),
        pages=tuple(a_page(url=url) for url in urls),
        failures=(),
        cursor=str(number),
        wait_s=60,
    )


def a_ruling(number: int, part: int) -> Ruling:
    """One entry, judgement, alert and delivery."""
    url = f"https://courier.example/{number}/{part}"
    article = an_article_ref(url=url, observed_at=NOON + timedelta(seconds=number))
    claim = a_claim(text=f"Statement {number} {part}.")
    alert = an_alert(article=article)
    return Ruling(
        hearing=a_hearing(article=article, sayings=(a_saying(claim=claim),)),
        judgements=(a_judgement(article=article, claim=claim),),
        alerts=(alert,),
        settled=(Settled(topic="veldar", article=article.id, alert=alert.id, reason=None),),
        deliveries=(Delivery(alert=alert.id, sink="desk"),),
    )


def write_on(ledger: Ledger) -> None:
    """Go on from where the ledger is: a poll, a session of judging, and the round's number told."""
    # The last round may have ended between its two transactions; writing it again is harmless.
    number = int(ledger.intake.source_state("courier").cursor or 0)
    while True:
        ledger.intake.save_poll("courier", a_poll(number), NOON)
        with ledger.memories.judging("main") as judging:
            for part in range(RULINGS):
                judging.save(a_ruling(number, part))
        print(number, flush=True)
        number += 1


def hold(ledger: Ledger) -> None:
    """Write within a transaction that never ends."""
    with ledger.memories.judging("main") as judging:
        judging.save(a_ruling(1, 1))
        print("held", flush=True)
        time.sleep(60)


def judge_all(ledger: Ledger) -> None:
    """Judge the same articles as everybody else does, in an order of one's own, each if nobody did before."""
    position = heard = 0
    for part in random.sample(range(ARTICLES), ARTICLES):
        ruling = a_ruling(0, part)
        with ledger.memories.judging("main") as judging:
            for reached, _ in judging.since(position):
                position, heard = reached, heard + 1
            if not judging.judged(ruling.hearing.article.id, ["veldar"]):
                hearing = replace(ruling.hearing, copy_of=f"after {heard}")
                judging.save(replace(ruling, hearing=hearing))


def take_all(ledger: Ledger) -> None:
    """Take pages until none is to be had, and tell their ids."""
    while (claimed := ledger.intake.claim_pages(7)).ids:
        print(*claimed.ids, sep="\n", flush=True)
        claimed.finish()
    claimed.release()


def keep(ledger: Ledger) -> None:
    """Take pages, tell their ids, and do nothing with them."""
    claimed = ledger.intake.claim_pages(7)
    print(*claimed.ids, flush=True)
    time.sleep(60)


def rounds_in(ledger: Ledger) -> tuple[int, int]:
    """How many whole rounds the ledger holds of polls and of judging."""
    counts = ledger.intake.counts()
    cursor = ledger.intake.source_state("courier").cursor
    polled = {counts["items_waiting"] / PAGES, counts["pages_pending"] / PAGES, int(cursor) + 1}
    with ledger.memories.judging("main") as judging:
        heard = sum(1 for _ in judging.since(0))
    judged = {
        heard / RULINGS,
        sum(1 for _ in ledger.reading.judgements()) / RULINGS,
        sum(1 for _ in ledger.reading.alerts()) / RULINGS,
        ledger.outbox.counts()["desk"]["waiting"] / RULINGS,
    }
    assert len(polled) == len(judged) == 1, "a transaction was torn"
    return polled.pop(), judged.pop()


if __name__ == "__main__":
    with open_ledger(sys.argv[2]) as opened:
        jobs = {"write": write_on, "hold": hold, "judge": judge_all, "take": take_all, "keep": keep}
        jobs[sys.argv[1]](opened)
