"""What says of itself that it is satire."""

import pytest

from connectors.testing import a_page, an_article
from pipelines.text.claims import find_claims
from pipelines.text.entities import EntityTagger
from pipelines.text.extract import extract_articles
from pipelines.text.publishers import PublisherTable
from pipelines.text.satire import says_it_is_satire

BODY = "<p>The ministry announced on Tuesday that gas is not flammable until a committee confirms it.</p>" * 3


def page(head, body=BODY):
    """An HTML page with this in its head, read."""
    html = f"<html><head><title>Gas</title>{head}</head><body><article>{body}</article></body></html>"
    (article,) = extract_articles(a_page(html=html.encode(), text=None), PublisherTable([]))
    return article


@pytest.mark.parametrize(
    ("head", "satire"),
    [
        ('<meta property="article:section" content="Satire">', True),
        ('<meta property="og:site_name" content="The Daily Thimble (satire)">', True),
        (
            '<script type="application/ld+json">{"@type": "SatiricalArticle", "headline": "Gas"}</script>',
            True,
        ),
        ('<script type="application/ld+json">{"@type": "NewsArticle", "genre": ["Parody"]}</script>', True),
        ('<meta property="article:section" content="Politics">', False),
        ('<meta name="keywords" content="satire, trial">', False),
        ('<meta name="description" content="A court rules on the satire that a mayor had banned.">', False),
    ],
)
def test_a_page_is_satire_where_its_labels_say_so(head, satire):
    """Its section, genre, type or the name of the site; not what it writes about."""
    assert page(head).satire is satire


@pytest.mark.parametrize(
    ("title", "text", "satire"),
    [
        ("Satire: Mayor bans Tuesday", "Tuesday is banned.", True),
        ("Mayor bans Tuesday [satire]", "Tuesday is banned.", True),
        (None, "Tuesday is banned.\nIt was never liked.\nThis article is satire.", True),
        (None, "All stories on this page are works of fiction.\nTuesday is banned.", True),
        ("Satire festival opens in Orle", "The festival of satire was opened on Monday.", False),
        ("Mayor calls article satire", "The mayor said that the article had been satire.", False),
        (None, "A court found that the film was a parody.\nIt may be shown.", False),
    ],
)
def test_a_text_is_satire_where_it_says_so_of_itself(title, text, satire):
    """In its title, its first words or its last."""
    assert says_it_is_satire(title, text) is satire


def test_satire_claims_nothing():
    """Its sentences state much, and none of it is asserted."""
    tagged = EntityTagger([]).tag(an_article(text="The mayor banned Tuesday.", satire=True))
    assert find_claims(tagged).claims == ()
