"""A megabyte of hostile text costs seconds, not hours: every step is linear."""

from time import perf_counter

import pytest

from connectors.testing import an_article
from pipelines.text.claims import find_claims
from pipelines.text.entities import EntityTagger
from schemas.watch import Entity

TAGGER = EntityTagger(
    [Entity(id="volm", name="Edda Volm", aliases=("Volm", "EV"), not_=("EV (car)",), context=("said", "a"))]
)
SIZE = 1_000_000
SECONDS = 30
"""Far above what any of these takes (5 s), far below what quadratic time would."""


@pytest.mark.parametrize(
    "piece",
    [
        "a ",
        '"',
        "'",
        "“a ",
        '"a "b ',
        "1 ",
        "a\n",
        "Volm said ",
        "Edda Volm said it. ",
        '"Yes," he said. ',
        "EV (car) ",
        "did not ",
        "who said ",
        "A, ",
        "May 5, 2018 ",
        "€5 to €6 million ",
        "the minister said. ",
        "Go? ",
        "é- ",
    ],
)
def test_time_is_linear(piece):
    """Repeating any piece to a megabyte ends in time."""
    text = piece * (SIZE // len(piece))
    start = perf_counter()
    find_claims(TAGGER.tag(an_article(text=text, title=None)))
    assert perf_counter() - start < SECONDS
