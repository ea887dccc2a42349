"""How pages of many makes are split: what is a piece, and what is its own."""

from datetime import UTC, datetime

import pytest
from lxml.html import document_fromstring

from pipelines.text.metadata import read_metadata
from pipelines.text.pages import PageKind, judge_page

SITE = "https://quay.example"
BODIES = (
    (
        "The north quay was closed at noon after a crane driver saw the wall move.",
        "Nobody was hurt, he said.",
    ),
    ("Two tugs pulled the dredger off the bar before the tide turned again.", "Its captain had no comment."),
    ("The harbour council voted for a second ramp by nine votes to four.", "Work begins in the autumn."),
)
TITLES = ("Quay wall moves by a hand", "Dredger comes off the bar", "Council votes for second ramp")
TEASERS = "".join(
    f"<li><a href='/old/{n}'>An older story of the harbour, number {n}</a></li>" for n in range(4)
)


def paragraphs(number):
    """The text of a piece."""
    return "".join(f"<p>{sentence}</p>" for sentence in BODIES[number])


def judged(body, head="", url=f"{SITE}/harbour"):
    """What a page with this body is."""
    chrome = (
        f"<nav><a href='/'>Start</a></nav>{body}<aside><ul>{TEASERS}</ul></aside><footer>Imprint</footer>"
    )
    tree = document_fromstring(f"<html><head><title>Harbour</title>{head}</head><body>{chrome}</body></html>")
    return judge_page(tree, url, read_metadata(tree, url))


def pieces(template, head=""):
    """The pieces of a page that repeats a template, which must be all three."""
    body = "".join(template.format(n=n, t=TITLES[n], p=paragraphs(n), h=20 - n) for n in range(3))
    verdict = judged(f"<main><h1>Harbour</h1><div class='list'>{body}</div></main>", head)
    assert verdict.kind is PageKind.SEVERAL, verdict.why
    assert [piece.text.split("\n") for piece in verdict.pieces] == [list(texts) for texts in BODIES]
    return verdict.pieces


ARTICLE = (
    "<meta property='og:type' content='article'>"
    "<meta property='article:published_time' content='2026-03-09T08:00:00Z'>"
)
DESIGNS = {
    "block theme": (
        "<li class='wp-block-post post-{n} type-post'>"
        "<h2 class='wp-block-post-title'><a href='/{n}/'>{t}</a></h2>"
        "<div class='wp-block-post-date'><time datetime='2026-03-09T{h}:41:00+00:00'>9 March</time></div>"
        "<div class='entry-content wp-block-post-content'>{p}</div></li>",
        "",
    ),
    "views with fields": (
        "<div class='views-row'><div class='views-field views-field-title'><span class='field-content'>"
        "<a href='/node/{n}'>{t}</a></span></div><div class='views-field views-field-created'>"
        "<span class='field-content'>Mon, 03/09/2026 - {h}:41</span></div>"
        "<div class='views-field views-field-body'><div class='field-content'>{p}</div></div></div>",
        "",
    ),
    "nodes": (
        "<div class='views-row'><article class='node node--type-news'><h2 class='node__title'>"
        "<a href='/node/{n}' rel='bookmark'><span>{t}</span></a></h2><footer class='node__meta'><div>"
        "Submitted by <span>Ida Brem</span> on <span>Mon, 03/09/2026 - {h}:41</span></div></footer>"
        "<div class='node__content'>{p}"
        "<ul class='links'><li><a href='/node/{n}#c'>Add new comment</a></li></ul></div></article></div>",
        "",
    ),
    "live list": (
        "<div id='post{n}' class='update'><div class='stamp'>"
        "<amp-timeago datetime='2026-03-09T{h}:41:00Z' layout='fixed'>9 Mar, {h}:41</amp-timeago></div>"
        "<h3>{t}</h3>{p}<amp-social-share type='x'></amp-social-share></div>",
        ARTICLE + "<meta property='og:title' content='Harbour: live updates'>",
    ),
    "ticker": (
        "<div class='eintrag'><span class='zeit'>{h}.41 Uhr</span><h3>{t}</h3><div>{p}</div></div>",
        ARTICLE + "<meta property='og:title' content='Hafen: Newsticker zum Nachlesen'>",
    ),
    "ticker with times in its headlines": (
        "<h3>{h}.41 Uhr: {t}</h3>{p}",
        ARTICLE + "<meta property='og:title' content='Hafen im Liveticker'>",
    ),
    "dated ticker": (
        "<div class='eintrag'><p class='zeit'>9. März 2026, {h}.41 Uhr</p><h3>{t}</h3><div>{p}</div></div>",
        "",
    ),
    "styled mail": (
        "<div style='padding:20px'><div style='font-size:22px;font-weight:bold'>{t}</div>"
        "<div style='color:#999'>9 March 2026, {h}:41</div><div style='font-size:15px'>{p}</div>"
        "<div><a href='https://quay.example/m/{n}?utm_source=mail'>Read on the website</a></div></div>",
        "",
    ),
}


@pytest.mark.parametrize("design", DESIGNS)
def test_each_piece_has_its_headline_text_and_time(design):
    """Whatever the markup, three pieces come out, and nothing of the site stands in them."""
    template, head = DESIGNS[design]
    found = pieces(template, head)
    assert [piece.title for piece in found] == list(TITLES)
    assert [piece.published_at and piece.published_at.hour for piece in found] == [20, 19, 18]
    assert all(piece.published_at.date() == datetime(2026, 3, 9, tzinfo=UTC).date() for piece in found)


def test_a_mail_without_dates():
    """Bold headlines that are not marked as such, with a link to each piece's own page below it."""
    template = (
        "<div class='box'><div style='font-weight:700'>{t}</div><div>{p}</div>"
        "<div><a href='/m/{n}'>Read on the website</a></div></div>"
    )
    assert [piece.permalink for piece in pieces(template)] == [f"{SITE}/m/{n}" for n in range(3)]


def test_days_as_subheadings_of_an_article():
    """An article that goes through the days, and says that it is one, stays one."""
    body = "".join(f"<h2>{n + 7} March 2026</h2>{paragraphs(n)}" for n in range(3))
    assert (
        judged(f"<article><h1>Three days at the quay</h1>{body}</article>", ARTICLE).kind is PageKind.ARTICLE
    )


def test_hours_as_subheadings_of_an_article():
    """So does one that goes through the hours of a day."""
    body = "".join(f"<h3>{20 + n}:41</h3>{paragraphs(n)}" for n in range(3))
    assert judged(f"<article><h1>A night at the quay</h1>{body}</article>", ARTICLE).kind is PageKind.ARTICLE


def test_subheadings_alone_split_nothing():
    """A page that says nothing of itself, with subheadings that have nothing of their own."""
    body = "".join(f"<h2>{TITLES[n]}</h2>{paragraphs(n)}" for n in range(3))
    assert judged(f"<h1>The year of the quay</h1>{body}").kind is PageKind.ARTICLE


def test_related_stories_beside_an_article():
    """Dated cards below an article are no pieces of it."""
    story = "".join(f"<p>{sentence} It was said again.</p>" for texts in BODIES * 3 for sentence in texts)
    cards = "".join(
        f"<div class='card'><h3><a href='/s/{n}'>{TITLES[n]}</a></h3>"
        f"<time datetime='2026-03-0{n + 1}'>March</time>"
        f"<p>{BODIES[n][0]}</p></div>"
        for n in range(3)
    )
    assert (
        judged(f"<article><h1>Quay</h1>{story}</article><div>{cards}</div>", ARTICLE).kind is PageKind.ARTICLE
    )


def test_teasers_make_an_index():
    """Cut texts below headlines that link elsewhere are entries of a list, and the list is told."""
    cards = "".join(
        f"<div class='card'><h2><a href='/s/{n}'>{TITLES[n % 3]} {n}</a></h2>"
        f"<p>{'abcdefgh'[n] * 4} {BODIES[n % 3][0][:-1]} …</p></div>"
        for n in range(8)
    )
    verdict = judged(f"<main>{cards}</main>")
    assert verdict.kind is PageKind.INDEX
    assert f"{TITLES[0]} 0" in verdict.entries


def test_comments_are_no_pieces():
    """Readers' comments have dates and names, and stay out."""
    comments = "".join(
        f"<div class='comment'><b>Reader {n}</b> <time datetime='2026-03-09T1{n}:00'>now</time>"
        f"{paragraphs(n)}</div>"
        for n in range(3)
    )
    story = "".join(paragraphs(n) for n in range(3))
    verdict = judged(f"<article><h1>Quay</h1>{story}</article><section id='comments'>{comments}</section>")
    assert verdict.kind is PageKind.ARTICLE


def test_what_differs_in_a_number_alone_is_no_template():
    """A line that returns in every piece is the site's, but in a sentence a number is what it says."""
    body = "".join(
        f"<article><h2><a href='/{n}/'>{TITLES[n]}</a></h2><time>{n + 7} March 2026</time>{paragraphs(n)}"
        f"<p>The death toll has risen to {n + 9}.</p><p class='more'>{n} comments</p></article>"
        for n in range(3)
    )
    texts = [piece.text for piece in judged(f"<main>{body}</main>").pieces]
    assert [text.split("\n")[-1] for text in texts] == [
        f"The death toll has risen to {n + 9}." for n in range(3)
    ]


def test_an_article_at_the_root_is_no_front_page():
    """Some sites tell their pages apart by what follows the question mark."""
    body = f"<main><h1>{TITLES[0]}</h1>{paragraphs(0)}</main>"
    assert judged(body, url=f"{SITE}/?p=123").kind is PageKind.ARTICLE
