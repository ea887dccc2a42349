"""Which names count as mentions of an entity, and which never do."""

import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.testing import an_article
from pipelines.text.entities import EntityTagger
from schemas.watch import Entity

DATA = tomllib.loads(Path(__file__).with_name("entities.toml").read_text("utf-8"))
ENTITIES = [
    Entity(
        id=entity["id"],
        name=entity["name"],
        aliases=tuple(entity["aliases"]),
        not_=tuple(entity.get("not", ())),
        context=tuple(entity.get("context", ())),
    )
    for entity in DATA["entity"]
]
TAGGER = EntityTagger(ENTITIES)
NAMES = st.sampled_from(
    [name for entity in ENTITIES for name in (entity.name, *entity.aliases, *entity.not_)]
)


@pytest.mark.parametrize("case", DATA["case"], ids=lambda case: case["why"])
def test_mentions_are_found_by_the_rules(case):
    """Each case gives one rule and what it finds."""
    tagged = TAGGER.tag(an_article(text=case["text"], title=case.get("title")))
    assert [f"{mention.entity}: {mention.text}" for mention in tagged.mentions] == case["mentions"]
    if "title_entities" in case:
        assert list(tagged.title_entities) == case["title_entities"]


@given(st.lists(st.one_of(NAMES, st.text("aé.' \n-MS2", max_size=4)), max_size=8))
def test_mentions_are_spans_of_the_text_without_overlaps(pieces):
    """A mention's text stands at its span, and no two share a character, whatever the text."""
    text = " ".join(pieces)
    mentions = TAGGER.tag(an_article(text=text, title=None)).mentions
    assert all(mention.text == text[mention.start : mention.end] != "" for mention in mentions)
    assert all(before.end <= after.start for before, after in pairwise(mentions))


def test_no_entities_find_nothing():
    """An empty watch list is a valid one."""
    tagged = EntityTagger([]).tag(an_article())
    assert tagged.mentions == ()
    assert tagged.title_entities == ()


def test_an_article_without_a_title_names_nothing_in_it():
    """A missing title is no title."""
    assert TAGGER.tag(an_article(title=None, text="PUFD met.")).title_entities == ()
