"""Which claims are about the topic."""

import pytest

from connectors.testing import a_claim, a_claimed_article, a_hit, a_mention, a_tagged_article, an_article
from pipelines.topics.relevance import claims_about

SENTENCE = 100
"""Each letter of a row is a sentence of so many characters, the break included."""

ROWS = [
    # H: a claim with a hit; h: a hit and no claim; o: a claim without a hit; -: neither
    ("H", "H"),
    ("oHo", "oHo"),
    ("ooooHo", "ooooHo"),
    ("oooooHo", "_____Ho"),
    ("Hooooooooooo", "Hooooooooooo"),
    ("Hoooooooooooo", "Hoooo________"),
    ("H" + "o" * 14 + "H", "H" + "o" * 14 + "H"),
    ("H" + "o" * 15 + "H", "Hoooo" + "_" * 11 + "H"),
    ("H" + "-" * 13 + "oH", "H" + "_" * 13 + "oH"),
    ("o" * 9 + "Hh" + "o" * 20, "_" * 9 + "H_oooo" + "_" * 16),
    ("hoH" + "-" * 20 + "Hooo", "_oH" + "_" * 20 + "Hooo"),
    ("o" * 10 + "H" + "o" * 30 + "HoH" + "o" * 30, "_" * 10 + "Hoooo" + "_" * 26 + "HoHoooo" + "_" * 26),
]
TITLED = [
    ("oo", "oo"),
    ("o" * 40, "o" * 30 + "_" * 10),
    ("o" * 10 + "H", "o" * 10 + "H"),
    ("o" * 20 + "H", "oooo" + "_" * 16 + "H"),
]


def about(row, *more_hits):
    """The row, with an underscore for each claim that is left alone and each sentence without one."""
    text = "".join(letter * (SENTENCE - 1) + "\n" for letter in row)
    spots = [(letter, nth * SENTENCE) for nth, letter in enumerate(row)]
    claims = [
        a_claim(text=text[at : at + SENTENCE - 1], start=at, id=str(at))
        for letter, at in spots
        if letter in "Ho"
    ]
    hits = [a_hit(field="text", start=at, end=at + 5) for letter, at in spots if letter in "Hh"]
    article = a_tagged_article(article=an_article(text=text))
    taken = claims_about(a_claimed_article(tagged=article, claims=tuple(claims)), [*more_hits, *hits])
    return "".join(letter if str(at) in taken else "_" for letter, at in spots)


@pytest.mark.parametrize(("row", "taken"), ROWS)
def test_claims_near_hits_are_about_the_topic(row, taken):
    """Between hits, closely after one, and a short beginning and ending; long stretches are left alone."""
    assert about(row) == taken


@pytest.mark.parametrize(("row", "taken"), TITLED)
@pytest.mark.parametrize("field", ["title", "entity"])
def test_a_title_stands_for_a_hit_before_the_text(row, taken, field):
    """A title that names the topic vouches for what it stands over."""
    assert about(row, a_hit(field=field, start=0, end=3)) == taken


@pytest.mark.parametrize("field", ["lang", "source"])
def test_labels_are_about_the_whole_article(field):
    """Where the topic asks for a language or a source only, every claim is about it."""
    assert about("o" * 60, a_hit(field=field, start=0, end=2)) == "o" * 60


def test_a_claim_that_refers_back_to_a_hit_is_about_the_topic():
    """However far from the hit: "the group" is whom the hit names; another entity's is not."""
    text = "PUFD met.\n" + "o" * 3_000 + "\nThe group left.\nThe bank shut." + "\n" + "o" * 3_000
    claims = tuple(
        a_claim(
            id=entity, text=line, start=text.index(line), references=(a_mention(entity=entity, text=line),)
        )
        for entity, line in [("pufd", "The group left."), ("bank", "The bank shut.")]
    )
    tagged = a_tagged_article(
        article=an_article(text=text), mentions=(a_mention(entity="pufd", start=0, end=4, text="PUFD"),)
    )
    hits = [a_hit(field="text", start=0, end=4)]
    assert claims_about(a_claimed_article(tagged=tagged, claims=claims), hits) == ("pufd",)
