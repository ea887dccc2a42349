"""Names that nobody watches: found by their capitals, counted near a topic, proposed."""

import pytest

from connectors.testing import an_article
from pipelines.text.entities import EntityTagger
from pipelines.text.suggestions import NameCount
from pipelines.text.unknown import CapitalisedNames
from schemas.watch import Entity

SOREL = Entity(id="sorel", name="Mirela Sorel", aliases=(), not_=(), context=())
NAMES = {
    "titles, days and beginnings are no part of a name": (
        "On Monday President Edda Volm's aide met Dr. Ada Rusk. Then Volm left.",
        ["Edda Volm", "Ada Rusk", "Volm"],
    ),
    "small words inside names": (
        "They joined the Union for a Free Dramark and Karim al Rashid.",
        ["Union for a Free Dramark", "Karim al Rashid"],
    ),
    "a word that only begins sentences is none": ("Boats sank. 'Things' changed. I'm here.", []),
    "acronyms and initials": ("UNX told J. R. Marsh.", ["UNX", "J. R. Marsh"]),
    "where somebody is from is no name": ("The Kestrian army came.", []),
}


def counted(*texts, far=(), at_least=1):
    """The suggestions that these articles of a topic, and the far ones of none, give."""
    tagger = EntityTagger([SOREL])
    count = NameCount(CapitalisedNames(), [SOREL])
    for text in (*texts, *far):
        count.add(tagger.tag(an_article(text=text, title=None)), near=text in texts)
    return count.suggestions(at_least)


@pytest.mark.parametrize("why", NAMES)
def test_names_are_found_by_their_capitals(why):
    """Each case gives a text and the names in it."""
    text, names = NAMES[why]
    assert [text[span.start : span.end] for span in CapitalisedNames().names(text)] == names


def test_names_that_are_watched_are_not_suggested():
    """Neither the full name nor the surname after it."""
    assert counted("They saw Mirela Sorel. Later Sorel left with Edda Volm.")[0].name == "Edda Volm"
    assert counted("They saw Mirela Sorel. Later Sorel left.") == []


def test_forms_of_a_name_become_its_aliases():
    """Other spellings and acronyms do; surnames and other cases do not."""
    found = counted(
        "They saw Sergei Dolmatov. Later Dolmatov left. It was SERGEI DOLMATOV, they said.",
        "They saw Sergei Dolmatov and Sergej Dolmatow.",
        "They joined the Free Union Front (FUF). FUF won.",
    )
    assert {each.name: each.aliases for each in found} == {
        "Sergei Dolmatov": ("Sergej Dolmatow",),
        "Free Union Front": ("FUF",),
    }


def test_what_is_told_near_the_topic_goes_first():
    """A name that is as frequent everywhere tells less about the topic."""
    near = [f"On day {day} they saw Edda Volm in Torvel." for day in range(4)]
    far = [f"On day {day} rain fell in Torvel." for day in range(9)]
    assert [(each.name, each.articles, each.elsewhere) for each in counted(*near, far=far)] == [
        ("Edda Volm", 4, 0),
        ("Torvel", 4, 9),
    ]


def test_rare_names_are_left_out():
    """A name must stand in so many articles of the topic."""
    assert counted("They saw Edda Volm.", "They saw Ada Rusk.", at_least=2) == []


def test_a_name_much_like_a_watched_one_says_so():
    """It may be a slip or another spelling, which belongs to the entity."""
    assert counted("They saw Mirelda Sorell.")[0].like == "sorel"
