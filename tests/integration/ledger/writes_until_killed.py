"""A program that writes to a ledger, tells of every commit, and is killed by the test that started it."""

import sys
import time
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


if __name__ == "__main__":
    with open_ledger(sys.argv[2]) as opened:
        {"write": write_on, "hold": hold}[sys.argv[1]](opened)
