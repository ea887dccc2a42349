"""The labelled pages agree with their labels, and their measures measure."""

import tomllib
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from labelled_pages import FOLDER, labelled_pages, measure, spaced
from lxml.html import document_fromstring

from connectors.testing import an_article

FLOORS = tomllib.loads((Path(__file__).parents[2] / "floors.toml").read_text("utf-8"))["pages"]
PAGES = labelled_pages(FOLDER)
ASIDE = labelled_pages(FOLDER / "aside")
PERFECT = dict.fromkeys(("kind", "piece precision", "piece recall", "headline", "date", "author"), 1.0) | {
    "chrome leaked at most": 0.0
}


def shown(page):
    """All words that a page shows, in order, between spaces."""
    text = page.text
    if page.html is not None:
        tree = document_fromstring(page.html.decode())
        for element in tree.xpath("//script | //style | //title"):
            element.drop_tree()
        text = " ".join(tree.itertext())
    return spaced(text)


def instant(label):
    """The instant of a label, of UTC where it names no zone."""
    found = datetime.fromisoformat(label)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def articles_of(labelled):
    """The articles that a faultless reader would give."""
    return tuple(
        an_article(
            url=labelled.page.url,
            part=part,
            title=piece.headline,
            text="\n".join(piece.paragraphs),
            authors=piece.authors,
            published_at=instant(piece.date) if piece.date else None,
        )
        for part, piece in enumerate(labelled.pieces)
    )


def measured(change=lambda articles: articles):
    """The measures of a faultless reader whose articles are changed."""
    by_url = {labelled.page.id: articles_of(labelled) for labelled in PAGES}
    return measure(PAGES, lambda page: change(by_url[page.id]))[0]


@pytest.mark.parametrize("labelled", PAGES + ASIDE, ids=lambda labelled: labelled.name)
def test_a_page_shows_what_its_label_says(labelled):
    """Each paragraph, caption and headline stands on the page, and paragraphs in their order."""
    words = shown(labelled.page)
    for piece in labelled.pieces:
        place = 0
        for paragraph in piece.paragraphs:
            place = words.find(spaced(paragraph), place)
            assert place >= 0, paragraph
        for line in (*piece.captions, piece.headline or ""):
            assert spaced(line).strip() in words, line


@pytest.mark.parametrize("labelled", PAGES + ASIDE, ids=lambda labelled: labelled.name)
def test_chrome_is_on_the_page_and_in_no_piece(labelled):
    """A line of chrome that stood in a piece too could not be told from it."""
    words = shown(labelled.page)
    said = [spaced("\n".join((*piece.paragraphs, *piece.captions))) for piece in labelled.pieces]
    assert [line for line in labelled.chrome if spaced(line) not in words] == []
    assert [line for line in labelled.chrome for text in said if spaced(line) in text] == []


@pytest.mark.parametrize("labelled", PAGES + ASIDE, ids=lambda labelled: labelled.name)
def test_a_page_is_of_the_kind_that_its_pieces_make_it(labelled):
    """None make an index, one an article; the pieces of a page differ."""
    kinds = {0: "index", 1: "article"}
    assert labelled.kind == kinds.get(len(labelled.pieces), "several")
    assert len({piece.paragraphs for piece in labelled.pieces}) == len(labelled.pieces)


def test_there_are_enough_designs():
    """At least 26 designs hold several articles and eight do not; eight of all kinds are kept aside."""
    kinds = Counter(labelled.kind for labelled in PAGES + ASIDE)
    assert kinds["several"] >= 26
    assert kinds["article"] + kinds["index"] >= 8
    assert len(ASIDE) >= 8
    assert {labelled.kind for labelled in ASIDE} == set(kinds)


@pytest.mark.parametrize(("name", "folder"), [("digest", FOLDER), ("aside digest", FOLDER / "aside")])
def test_the_pages_are_those_the_floors_were_measured_on(name, folder):
    """A changed corpus needs its floors measured anew."""
    files = sorted(path for path in folder.iterdir() if path.suffix in {".html", ".txt", ".json"})
    assert sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16] == FLOORS[name]


def test_a_faultless_reader_measures_faultless():
    """The labels themselves have full marks."""
    assert measured() == PERFECT


def test_one_text_for_the_whole_page_is_no_piece():
    """Pieces that are run together are not found, and a page with several is taken for an article."""
    got = measured(
        lambda articles: (replace(articles[0], text="\n".join(x.text for x in articles)),) if articles else ()
    )
    articles = sum(labelled.kind == "article" for labelled in PAGES)
    pieces = sum(len(labelled.pieces) for labelled in PAGES)
    assert got["piece recall"] == articles / pieces
    assert got["kind"] == sum(labelled.kind != "several" for labelled in PAGES) / len(PAGES)


def test_a_piece_counts_once():
    """An article that comes twice is a false one."""
    assert measured(lambda articles: articles * 2)["piece precision"] == 0.5


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("headline", lambda x: replace(x, title=f"Live: {x.title}") if x.title else x),
        ("date", lambda x: replace(x, published_at=x.published_at and x.published_at + timedelta(days=1))),
        ("author", lambda x: replace(x, authors=(*x.authors, "Nobody"))),
    ],
)
def test_each_part_is_measured_by_itself(part, change):
    """A wrong headline, date or author lowers its own measure and no other."""
    got = measured(lambda articles: tuple(change(x) for x in articles))
    assert got[part] < 0.1
    assert got | {part: 1.0} == PERFECT


def test_a_date_where_none_is_given_is_wrong():
    """A piece without a date must stay without one, unless it is that of its page."""
    guess = datetime(2026, 3, 1, tzinfo=UTC)
    got = measured(lambda articles: tuple(replace(x, published_at=x.published_at or guess) for x in articles))
    assert got["date"] < 1.0


def test_what_the_page_says_of_itself_may_stand_for_a_piece():
    """Date and author of the page are right for a piece that names none."""
    digest = next(labelled for labelled in PAGES if labelled.page_date and labelled.page_authors)
    day = instant(digest.page_date)
    given = tuple(replace(x, published_at=day, authors=digest.page_authors) for x in articles_of(digest))
    assert measure([digest], lambda page: given)[0] == PERFECT


def test_captions_and_headline_may_stand_as_lines():
    """A reader may keep captions in the text, each in a line of its own, or leave them out."""
    pictured = next(labelled for labelled in PAGES if any(piece.captions for piece in labelled.pieces))
    given = tuple(
        replace(article, text="\n".join((piece.headline or "", *piece.captions, article.text)))
        for piece, article in zip(pictured.pieces, articles_of(pictured), strict=True)
    )
    assert measure([pictured], lambda page: given)[0] == PERFECT


def test_leaked_chrome_is_counted_by_the_line():
    """Half of the lines in an article are half of the lines leaked."""
    page = replace(PAGES[0], chrome=PAGES[0].chrome[:4])
    first, *others = articles_of(page)
    given = (replace(first, text="\n".join((first.text, *page.chrome[:2]))), *others)
    values, faults = measure([page], lambda _: given)
    assert values["chrome leaked at most"] == 0.5
    assert sum("leaked" in fault for fault in faults) == 2
