"""Whom nouns and pronouns stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.testing import an_article
from pipelines.text.claims import find_claims
from pipelines.text.entities import EntityTagger
from schemas.watch import Entity

TAGGER = EntityTagger(
    [
        Entity(id="volm", name="Edda Volm", aliases=(), not_=(), context=()),
        Entity(id="gas", name="Orle Gas Company", aliases=(), not_=(), context=()),
        Entity(id="works", name="Works Ministry", aliases=(), not_=(), context=()),
    ]
)
PIECES = "Edda Volm|the company|The ministry|Works Ministry|she|He|.|\n|a|firm|“|”|said|Orle Gas Company"


def references(text):
    """The words that stand for an entity, with the entity."""
    return [(each.text, each.entity) for each in TAGGER.tag(an_article(text=text, title=None)).references]


def test_a_stranger_who_speaks_may_be_meant():
    """A surname alone that says something is somebody else, whom the pronoun may stand for."""
    text = "Edda Volm opened the bridge. {} She went home."
    assert references(text.format("It was late.")) == [("She", "volm")]
    assert references(text.format("Marek said it was late.")) == []


def test_references_belong_to_the_claims_that_hold_them():
    """A claim without a name knows whom it is about."""
    text = "The Works Ministry shut the road. The ministry gave no reason. Nobody knew of it."
    claims = find_claims(TAGGER.tag(an_article(text=text, title=None))).claims
    assert [[each.entity for each in claim.references] for claim in claims] == [[], ["works"], []]


@pytest.mark.parametrize(
    "text",
    [
        "The company left before Orle Gas Company came.",
        "Edda Volm read the letter: “He wrote to Edda Volm that she was ill.”",
        "Orle Gas Company bought the company Hask.",
        "Edda Volm spoke.\nIt rained.\nIt snowed.\nShe left.",
    ],
)
def test_what_may_be_meant_otherwise_is_left_alone(text):
    """Before the name, in somebody's words, with a name behind it, and paragraphs later."""
    assert references(text) == []


def test_what_the_table_names_is_no_reference():
    """An alias that reads like a noun is a mention already."""
    movement = Entity(id="pufd", name="Free Dramark Movement", aliases=("the movement",), not_=(), context=())
    text = "The Free Dramark Movement met. Later the movement marched."
    tagged = EntityTagger([movement]).tag(an_article(text=text, title=None))
    assert (len(tagged.mentions), tagged.references) == (2, ())


@given(st.lists(st.sampled_from(PIECES.split("|")), max_size=30).map(" ".join))
def test_references_are_spans_in_order_behind_a_mention(text):
    """Whatever the text, a reference follows a mention of its entity and overlaps none."""
    tagged = TAGGER.tag(an_article(text=text, title=None))
    assert [each.start for each in tagged.references] == sorted(each.start for each in tagged.references)
    for each in tagged.references:
        assert each.text == text[each.start : each.end]
        assert any(one.entity == each.entity and one.end <= each.start for one in tagged.mentions)
        assert not any(one.start < each.end and each.start < one.end for one in tagged.mentions)
