"""What a match shows of the terms that matched."""

import pytest

from connectors.testing import a_claimed_article, a_mention, a_tagged_article, an_article

TITLE = "Rajavi's camp"
TEXT = "Mrs Rajavi spoke in Camp Ashraf.\nThe camp near Ashraf, Albania, is Rajavi’s; café Tirana."

HITS = [
    ("Rajavi", ["Rajavi title Rajavi", "Rajavi text Rajavi", "Rajavi text Rajavi"]),
    ("title:rajavi", ["title:rajavi title Rajavi"]),
    ("title:(rajavi)", ["title:rajavi title Rajavi"]),
    ('"camp Ashraf"', ['"camp Ashraf" text Camp Ashraf']),
    ("“Camp Ashraf”", ["“Camp Ashraf” text Camp Ashraf"]),
    ('"ashraf camp"~1', ['"ashraf camp"~1 text Camp Ashraf']),
    ('"camp albania"~3', ['"camp albania"~3 text camp near Ashraf, Albania']),
    ("Alban*", ["Alban* text Albania"]),
    ("CAFÉ", ["CAFÉ text café"]),
    ("tirana OR cafe", ["cafe text café", "tirana text Tirana"]),
    ("cafe AND (tirana OR gas)", ["cafe text café", "tirana text Tirana"]),
    ("(cafe AND gas) OR tirana", ["tirana text Tirana"]),
    ("tirana NOT gas", ["tirana text Tirana"]),
    ("tirana NOT (gas AND cafe)", ["tirana text Tirana"]),
    ("NOT (NOT tirana)", ["tirana text Tirana"]),
    ("tirana OR (tirana AND cafe)", ["cafe text café", "tirana text Tirana"]),
    ("entity:mek", ["entity:mek text Mrs Rajavi", "entity:mek entity mek"]),
    ("lang:en source:cour*", ["lang:en lang en", "source:cour* source courier"]),
]


@pytest.mark.parametrize(("query", "expected"), HITS)
def test_hits_show_each_term_and_its_places(hits_of, query, expected):
    """Every term by which the query holds, once for each place, in the title, the text and the labels."""
    fields = {"title": TITLE, "text": TEXT, "entity": "mek", "lang": "en", "source": "courier"}
    article = an_article(title=TITLE, text=TEXT, language="en", source="courier")
    tagged = a_tagged_article(
        article=article,
        mentions=(a_mention(entity="mek", start=0, text="Mrs Rajavi"), a_mention(entity="ncri", start=20)),
        title_entities=("mek",),
    )
    hits = hits_of(query, a_claimed_article(tagged=tagged))
    shown = [f"{hit.term} {hit.field} {fields[hit.field][hit.start : hit.end]}" for hit in hits]
    assert shown == expected


def test_narrowest_stretches_are_shown(hits_of):
    """A near term shows where its words stand closest, and nothing that holds such a place."""
    text = "gas one fire fire two three gas gas"
    hits = hits_of('"gas fire"~9', a_claimed_article(tagged=a_tagged_article(article=an_article(text=text))))
    assert [text[hit.start : hit.end] for hit in hits] == ["gas one fire", "fire two three gas"]
