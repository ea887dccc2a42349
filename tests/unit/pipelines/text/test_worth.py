"""How much sentences are worth checking, against each other."""

import pytest

from pipelines.text.quantities import find_quantities
from pipelines.text.words import words_of
from pipelines.text.worth import BASE, WEIGHTS, check_worthiness


def worth(sentence, named=False, hedged=False):
    """The check-worthiness of a sentence by itself."""
    quantities = find_quantities(sentence, 0, len(sentence))
    return check_worthiness(words_of(sentence), quantities, named=named, hedged=hedged)


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ("The tax rose by 12 percent last year.", "The tax rose a little last year."),
        ("The dam cost $5 million to build.", "The dam took five years to build."),
        ("The ministry closed the bridge.", "The ministry may close the bridge."),
        ("The ministry closed the bridge.", "I think the ministry closed the bridge."),
        ("This is the largest dam in the country.", "This is a dam in the country."),
        ("The police arrested the two men there.", "They arrested them."),
    ],
)
def test_facts_are_worth_more_than_opinions(more, less):
    """Figures, events and comparisons raise the worth; plans, feelings and short remarks lower it."""
    assert worth(more) > worth(less)


def test_a_named_entity_adds_and_a_hedge_takes():
    """The two features that the sentence's words do not show."""
    sentence = "The ministry closed the bridge to all traffic."
    assert worth(sentence, named=True) > worth(sentence) > worth(sentence, hedged=True)


def test_worth_stays_within_its_bounds():
    """With every raising feature, or every lowering one, it is between 0 and 1."""
    assert BASE + sum(weight for weight in WEIGHTS.values() if weight > 0) > 1
    assert (
        worth("It fell 12% and cost $5 million, the lowest " + "and " * 20 + "was sold.", named=True) == 1.0
    )
    assert 0 <= worth("I hope we will.", hedged=True) < BASE
