"""Turns: what is judged now, and what is parked until everything observed before it has come in."""

from datetime import timedelta

import pytest

from connectors.testing import NOON, a_claimed_article, a_match, a_tagged_article, an_article
from pipelines.ledger.queue import Position


def minute(number):
    """So many minutes after noon."""
    return NOON + timedelta(minutes=number)


def match(number, **fields):
    """A match of an article that was observed so many minutes after noon."""
    article = an_article(id=f"article-{number}", observed_at=minute(number))
    return a_match(article=a_claimed_article(tagged=a_tagged_article(article=article)), **fields)


def in_turn(ledger, matches, horizon, memory="main"):
    """The minutes of the matches that are judged now."""
    with ledger.memories.judging(memory) as judging:
        now = judging.in_turn(matches, horizon)
    return sorted((one.article.tagged.article.observed_at - NOON) // timedelta(minutes=1) for one in now)


def test_without_a_horizon_everything_is_judged_now(ledger):
    """Where everything has come in, nothing is parked."""
    assert in_turn(ledger, [match(2), match(1)], None) == [1, 2]
    assert ledger.memories.parked() == 0


def test_what_lies_beyond_the_horizon_waits_for_its_turn(ledger):
    """A match is judged once, when everything observed before it has come in."""
    assert in_turn(ledger, [match(1), match(2), match(5)], minute(2)) == [1]
    assert ledger.memories.parked() == 2
    assert ledger.memories.overdue(minute(2)) == ()
    assert ledger.memories.overdue(minute(3)) == ("main",)
    assert in_turn(ledger, [match(3)], minute(4)) == [2, 3]
    assert in_turn(ledger, [], None) == [5]
    assert in_turn(ledger, [], None) == []
    assert ledger.memories.overdue(None) == ()


def test_a_match_that_comes_twice_is_judged_once(ledger):
    """A page read twice, by a worker that died in between, parks its match once."""
    assert in_turn(ledger, [match(5)], minute(1)) == []
    assert in_turn(ledger, [match(5)], minute(1)) == []
    assert ledger.memories.parked() == 1
    assert in_turn(ledger, [match(5)], None) == [5]


def test_a_live_match_takes_the_place_of_a_parked_shadow(ledger):
    """An archive that holds the same article swallows no alert, whichever of the two comes first."""
    for first, second in ((False, True), (True, False)):
        in_turn(ledger, [match(5, live=first)], minute(1))
        in_turn(ledger, [match(5, live=second)], minute(1))
        with ledger.memories.judging("main") as judging:
            assert [one.live for one in judging.in_turn([], None)] == [True]


def test_memories_do_not_see_each_other_s_parked_matches(ledger):
    """Each memory judges its own."""
    assert in_turn(ledger, [match(5)], minute(1)) == []
    assert in_turn(ledger, [match(5, topic="sea", memory="sea")], minute(1), "sea") == []
    assert ledger.memories.overdue(None) == ("main", "sea")
    assert in_turn(ledger, [], None, "sea") == [5]
    assert ledger.memories.overdue(None) == ("main",)


def test_what_was_parked_comes_back_when_judging_it_fails(ledger):
    """A transaction that is rolled back leaves the parked matches where they were."""
    in_turn(ledger, [match(5)], minute(1))
    with pytest.raises(ZeroDivisionError):
        failing(ledger)
    assert in_turn(ledger, [], None) == [5]


def failing(ledger):
    """Takes what is parked, and breaks down."""
    with ledger.memories.judging("main") as judging:
        assert len(judging.in_turn([], None)) == 1
        raise ZeroDivisionError


def test_a_partition_s_position_never_goes_back(ledger):
    """A worker that was given up for dead and comes back cannot undo what others have read."""
    ledger.positions.advance("pages", {0: at(10, 5), 1: at(3, None)})
    ledger.positions.advance("pages", {0: at(4, 2), 2: at(7, 7)})
    ledger.positions.advance("other", {0: at(1, 1)})
    assert ledger.positions.of("pages") == {0: at(10, 5), 1: at(3, None), 2: at(7, 7)}


def at(offset, number):
    """A position whose latest page was observed so many minutes after noon."""
    return Position(next_offset=offset, last_at=None if number is None else minute(number))
