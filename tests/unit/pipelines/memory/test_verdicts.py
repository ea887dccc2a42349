"""The decision about one claim."""

from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.testing import NOON, a_claim, a_date, a_quantity, a_saying, an_article_ref
from pipelines.memory.index import Candidate, Heard
from pipelines.memory.verdicts import decide
from schemas.alerts import Verdict

_12 = a_quantity(text="12", start=0, low=12, high=12, unit="dead")
_25 = a_quantity(text="25", start=0, low=25, high=25, unit="dead")
_HOUR = timedelta(hours=1)


def _earlier(same, *, publisher="courier", ago=timedelta(0), **claim):
    article = an_article_ref(id=f"at-{publisher}", publisher=publisher, observed_at=NOON - ago)
    return Candidate(Heard(a_saying(claim=a_claim(**claim)), article), same)


_CASES = {
    "nothing heard before": ({}, [], Verdict.NEW),
    "nothing alike": ({}, [_earlier(0.3)], Verdict.NEW),
    "the same, in other words": ({}, [_earlier(0.6)], Verdict.REPEAT),
    "the same, saying less": ({}, [_earlier(0.6, quantities=(_12,))], Verdict.REPEAT),
    "a toll that moved hours later": (
        {"quantities": (_25,)},
        [_earlier(0.8, publisher="herald", ago=6 * _HOUR, quantities=(_12,))],
        Verdict.UPDATE,
    ),
    "a copy with a number altered, hours later": (
        {"quantities": (_25,)},
        [_earlier(0.95, publisher="herald", ago=6 * _HOUR, quantities=(_12,))],
        Verdict.CONFLICT,
    ),
    "a denial in other words": ({"negated": True}, [_earlier(0.41, publisher="herald")], Verdict.CONFLICT),
    "two tolls in one hour by two sides": (
        {"quantities": (_25,), "speaker": "the opposition"},
        [_earlier(0.9, publisher="herald", quantities=(_12,), speaker="the ministry")],
        Verdict.CONFLICT,
    ),
    "one speaker revising within the hour": (
        {"quantities": (_25,), "speaker": "the ministry"},
        [_earlier(0.9, publisher="herald", quantities=(_12,), speaker="the ministry")],
        Verdict.UPDATE,
    ),
    "a number added": ({"quantities": (_25,)}, [_earlier(0.9)], Verdict.UPDATE),
    "a number that another close claim had": (
        {"quantities": (_25,)},
        [_earlier(0.9), _earlier(0.6, quantities=(_25,))],
        Verdict.REPEAT,
    ),
    "a denial": ({"negated": True}, [_earlier(0.8, publisher="herald")], Verdict.CONFLICT),
    "certainty gained": ({}, [_earlier(0.8, hedged=True)], Verdict.UPDATE),
    "two dates for one attack": (
        {"dates": (a_date(text="January 8, 2020", value="2020-01-08"),)},
        [_earlier(0.9, publisher="herald", dates=(a_date(text="January 8, 2019", value="2019-01-08"),))],
        Verdict.CONFLICT,
    ),
    "another year's meeting": (
        {"dates": (a_date(text="May 2021", value="2021-05"),)},
        [_earlier(0.6, publisher="herald", dates=(a_date(text="May 2020", value="2020-05"),))],
        Verdict.NEW,
    ),
}


@pytest.mark.parametrize(("claim", "candidates", "verdict"), _CASES.values(), ids=_CASES)
def test_a_claim_is_judged_by_the_claims_most_like_it(claim, candidates, verdict):
    """Likeness says which claims to compare; their facts say what the claim is."""
    decision = decide(a_claim(**claim), an_article_ref(observed_at=NOON), candidates)
    assert decision.verdict is verdict
    assert (decision.prior is None) == (not candidates)
    assert (decision.story is None) == (verdict is Verdict.NEW)


def test_a_conflict_shows_both_values():
    """The evidence of a conflict names the two values and where the earlier one stands."""
    earlier = _earlier(0.9, publisher="herald", quantities=(_12,), speaker="the ministry")
    claim = a_claim(quantities=(_25,), speaker="the opposition")
    decision = decide(claim, an_article_ref(observed_at=NOON), [earlier])
    (prior,) = decision.conflicts
    assert [(each.before, each.after) for each in prior.differs] == [("12 (dead)", "25 (dead)")]
    assert prior.url == earlier.heard.article.url
    assert prior.same == 0.9


def test_a_repeat_lists_what_it_contradicts():
    """An old value that comes again is a repeat, and the newer value is shown beside it."""
    moved = _earlier(0.85, publisher="herald", quantities=(_25,), speaker="the opposition")
    same = _earlier(0.9, publisher="gazette", quantities=(_12,), speaker="the ministry")
    claim = a_claim(quantities=(_12,), speaker="the ministry")
    decision = decide(claim, an_article_ref(observed_at=NOON), [same, moved])
    assert decision.verdict is Verdict.REPEAT
    assert [prior.id for prior in decision.conflicts] == [moved.heard.saying.claim.id]


def test_a_publisher_that_corrects_itself_is_not_at_odds_with_itself():
    """Another value from the same publisher is an update without conflicts."""
    earlier = _earlier(0.9, publisher="courier", quantities=(_12,))
    article = replace(an_article_ref(observed_at=NOON), publisher="courier")
    decision = decide(a_claim(quantities=(_25,)), article, [earlier])
    assert (decision.verdict, decision.conflicts) == (Verdict.UPDATE, ())
