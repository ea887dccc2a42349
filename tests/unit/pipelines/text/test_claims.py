"""The claims of one article, from its sentences to their facts."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.testing import an_article
from pipelines.text.claims import find_claims
from pipelines.text.entities import EntityTagger
from schemas.articles import ClaimedArticle
from schemas.claims import Bound, Mode
from schemas.codec import decode, encode
from schemas.watch import Entity

TAGGER = EntityTagger(
    [
        Entity(id="volm", name="Edda Volm", aliases=(), not_=(), context=()),
        Entity(id="pufd", name="PUFD", aliases=("the movement",), not_=(), context=()),
    ]
)
TEXT = """At least 12 people were killed on Monday in a fire in Torvel.
Posted: 8 January 2019
Who lit it?
"We found 25 bodies," Edda Volm said. "The search goes on."
The movement denied that it had stored ammunition, and it may sue.
Read more about the fire."""


@pytest.fixture(scope="module")
def claims():
    """The claims of the invented report of a fire."""
    article = an_article(text=TEXT, published_at=datetime(2019, 1, 8, 9, tzinfo=UTC))
    return find_claims(TAGGER.tag(article)).claims


def test_each_statement_is_a_claim_and_nothing_else(claims):
    """The date line, the question and the page furniture are left out."""
    assert [claim.text.split()[0] for claim in claims] == ["At", '"We', '"The', "The", "The"]
    assert [claim.text for claim in claims] == [TEXT[claim.start : claim.end] for claim in claims]


def test_a_claim_carries_its_facts(claims):
    """Quantities, dates, mentions and worth of the sentence itself."""
    dead, found, _, denied, threat = claims
    assert [(each.low, each.high, each.bound, each.unit) for each in dead.quantities] == [
        (12, None, Bound.AT_LEAST, "dead")
    ]
    assert [(each.text, each.value) for each in dead.dates] == [("Monday", "2019-01-07")]
    assert [mention.entity for mention in found.mentions] == ["volm"]
    assert [mention.entity for mention in denied.mentions] == ["pufd"]
    assert (denied.id != threat.id, denied.text == threat.text, threat.mentions) == (True, True, ())
    assert dead.worth > denied.worth


def test_a_claim_knows_who_says_it_and_how(claims):
    """Own voice, quotations with their speaker carried on, and a denial that is the denier's."""
    assert [(claim.mode, claim.speaker) for claim in claims] == [
        (Mode.VOICE, None),
        (Mode.DIRECT_QUOTE, "Edda Volm"),
        (Mode.DIRECT_QUOTE, "Edda Volm"),
        (Mode.INDIRECT, "movement"),
        (Mode.INDIRECT, "movement"),
    ]
    assert [claim.negated for claim in claims] == [False, False, False, True, False]
    assert [claim.hedged for claim in claims] == [False, False, False, False, True]


def test_ids_follow_from_the_article_and_the_span(claims):
    """The same sentence of the same article has the same id; another article's has another."""
    article = an_article(text=TEXT, published_at=None)
    again = find_claims(TAGGER.tag(article)).claims
    other = find_claims(TAGGER.tag(an_article(text=TEXT, url="https://other.example/"))).claims
    assert [claim.id for claim in again] != [claim.id for claim in other]
    assert len({claim.id for claim in (*claims, *other)}) == len(claims) + len(other)


def test_captions_are_told_by_their_words():
    """A sentence that says that it describes a picture is a caption."""
    (claim,) = find_claims(
        TAGGER.tag(an_article(text="Pictured: the bridge after it fell on Monday."))
    ).claims
    assert claim.mode is Mode.CAPTION


def test_a_sentence_of_thousands_of_characters_makes_no_claim():
    """A table or a dump is no statement."""
    assert find_claims(TAGGER.tag(an_article(text="the number 12 and " * 200))).claims == ()


@given(st.text(st.sampled_from("aIV 12.,:?!\n\"“”'’$%é-"), max_size=120))
def test_any_text_gives_claims_that_survive_the_codec(text):
    """Whatever the text, claims are spans of it, in order, and can be written and read."""
    claimed = find_claims(TAGGER.tag(an_article(text=text)))
    assert all(claim.text == text[claim.start : claim.end] for claim in claimed.claims)
    assert [claim.start for claim in claimed.claims] == sorted(claim.start for claim in claimed.claims)
    assert decode(encode(claimed), ClaimedArticle) == claimed


@pytest.mark.parametrize(
    ("quotation", "language"),
    [
        ("Nous ne quitterons jamais cette ville, quoi qu'il arrive", "fr"),
        ("Wir bleiben hier, bis der letzte Zug gefahren ist", "de"),
        ("We shall not leave this town, whatever happens", None),
        ("Vive la ville", None),
    ],
)
def test_a_quotation_in_another_language_says_so(quotation, language):
    """Where enough is quoted to tell; the article's own language goes without saying."""
    text = f"“{quotation},” said Edda Volm. The town was flooded in May."
    claims = find_claims(TAGGER.tag(an_article(text=text, language="en"))).claims
    assert [claim.language for claim in claims] == [language, None]
