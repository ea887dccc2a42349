"""Pages whose articles are labelled, and how well a reader of pages finds them."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from connectors.testing import a_page, an_item
from schemas.articles import Article
from schemas.items import Page

FOLDER = Path(__file__).parents[1] / "corpus/pages"
FOUND_AT = 0.9
"""Word F1 from which an article counts as a labelled piece."""


@dataclass(frozen=True)
class Piece:
    """One labelled article of a page."""

    headline: str | None
    date: str | None
    authors: tuple[str, ...]
    paragraphs: tuple[str, ...]
    captions: tuple[str, ...]


@dataclass(frozen=True)
class LabelledPage:
    """A page, what is on it, and the lines that belong to no article."""

    name: str
    kind: str
    page: Page
    page_date: str | None
    page_authors: tuple[str, ...]
    pieces: tuple[Piece, ...]
    chrome: tuple[str, ...]


def labelled_pages(folder: Path) -> list[LabelledPage]:
    """The pages of a folder by name, each with the label that lies beside it."""
    return [_read(label) for label in sorted(folder.glob("*.json"))]


def measure(
    pages: Iterable[LabelledPage], read: Callable[[Page], tuple[Article, ...]]
) -> tuple[dict[str, float], list[str]]:
    """The measures of `tests/corpus/pages/README.md`, each 0..1, and a line for a person about each fault."""
    count: Counter[str] = Counter()
    faults = []
    for labelled in pages:
        articles = read(labelled.page)
        pairs = paired(labelled.pieces, articles)
        text = spaced("\n".join(article.text for article in articles))
        leaked = [line for line in labelled.chrome if spaced(line) in text]
        count["kinds"] += 1
        count["kinds right"] += labelled.kind == _kind(articles)
        count["pieces"] += len(labelled.pieces)
        count["found"] += len(articles)
        count["paired"] += len(pairs)
        count["chrome"] += len(labelled.chrome)
        count["leaked"] += len(leaked)
        faults += [f"{labelled.name}: leaked: {line}" for line in leaked]
        faults += _unpaired(labelled, articles, pairs)
        for piece, article in pairs:
            wrong = _wrong(labelled, piece, article)
            count["headlines"] += piece.headline is not None
            count.update(f"wrong {part}" for part in wrong)
            faults += [f"{labelled.name}: {part}: {piece.headline}: {got}" for part, got in wrong.items()]
    return _shares(count), faults


def paired(pieces: tuple[Piece, ...], articles: tuple[Article, ...]) -> list[tuple[Piece, Article]]:
    """Each piece with the article that is most like it and like no other piece more, in order of likeness."""
    ranked = sorted(
        (
            (likeness(piece, article), m, n)
            for m, piece in enumerate(pieces)
            for n, article in enumerate(articles)
        ),
        key=lambda each: (-each[0], each[1:]),
    )
    pairs: dict[int, int] = {}
    for value, m, n in ranked:
        if value >= FOUND_AT and m not in pairs and n not in pairs.values():
            pairs[m] = n
    return [(pieces[m], articles[n]) for m, n in pairs.items()]


def likeness(piece: Piece, article: Article) -> float:
    """Word F1 of the two texts; lines that are headline or caption may stand in the article or not."""
    free = {tuple(_words(line)) for line in (piece.headline or "", *piece.captions)}
    ours = Counter(
        w for line in article.text.splitlines() if tuple(_words(line)) not in free for w in _words(line)
    )
    theirs = Counter(_words("\n".join(piece.paragraphs)))
    return 2 * (ours & theirs).total() / ((ours + theirs).total() or 1)


def spaced(text: str) -> str:
    """The words of a text in lower case, a space before and after each, so that `in` finds whole words."""
    return f" {' '.join(_words(text))} "


def _read(label: Path) -> LabelledPage:
    said = json.loads(label.read_text("utf-8"))
    pieces = tuple(
        Piece(x["headline"], x["date"], *(tuple(x[key]) for key in ("authors", "paragraphs", "captions")))
        for x in said["pieces"]
    )
    item = an_item(url=said["url"], title=None, authors=(), published_at=None, publisher=None, language=None)
    html, text = label.with_suffix(".html"), label.with_suffix(".txt")
    if html.exists():
        page = a_page(html=html.read_bytes(), charset="utf-8", item=item)
    else:
        page = a_page(text=text.read_text("utf-8"), item=item)
    page_authors, chrome = tuple(said["page_authors"]), tuple(said["chrome"])
    return LabelledPage(label.stem, said["kind"], page, said["page_date"], page_authors, pieces, chrome)


def _kind(articles: tuple[Article, ...]) -> str:
    return ("index", "article")[len(articles)] if len(articles) < 2 else "several"


def _unpaired(
    labelled: LabelledPage, articles: tuple[Article, ...], pairs: list[tuple[Piece, Article]]
) -> list[str]:
    pieces = [piece for piece, _ in pairs]
    kept = [article for _, article in pairs]
    missed = [f"missed: {piece.headline or piece.date}" for piece in labelled.pieces if piece not in pieces]
    extra = [
        f"no piece: {article.title}: {article.text[:80]!r}" for article in articles if article not in kept
    ]
    return [f"{labelled.name}: {line}" for line in missed + extra]


def _wrong(labelled: LabelledPage, piece: Piece, article: Article) -> dict[str, object]:
    """What of the article is not as labelled: the part, and what it is instead."""
    wrong: dict[str, object] = {}
    if piece.headline is not None and _words(article.title or "") != _words(piece.headline):
        wrong["headline"] = article.title
    inherited = piece.date is None and _same_instant(labelled.page_date, article.published_at)
    if not (inherited or _same_instant(piece.date, article.published_at)):
        wrong["date"] = article.published_at
    names = {name.casefold() for name in article.authors}
    right = [piece.authors] if piece.authors else [(), labelled.page_authors]
    if names not in [{name.casefold() for name in each} for each in right]:
        wrong["author"] = article.authors
    return wrong


def _same_instant(label: str | None, found: datetime | None) -> bool:
    """As exact as the label: a day, a clock time of any zone, or an instant, to the minute."""
    if label is None or found is None:
        return label is None and found is None
    wanted = datetime.fromisoformat(label)
    if len(label) == len("2026-03-09"):
        return found.date() == wanted.date()
    if wanted.tzinfo is None:
        found = found.replace(tzinfo=None)
    return abs((found - wanted).total_seconds()) < 60


def _shares(count: Counter[str]) -> dict[str, float]:
    paired_ones = count["paired"] or 1
    return {
        "kind": count["kinds right"] / (count["kinds"] or 1),
        "piece precision": count["paired"] / (count["found"] or 1),
        "piece recall": count["paired"] / (count["pieces"] or 1),
        "headline": 1 - count["wrong headline"] / (count["headlines"] or 1),
        "date": 1 - count["wrong date"] / paired_ones,
        "author": 1 - count["wrong author"] / paired_ones,
        "chrome leaked at most": count["leaked"] / (count["chrome"] or 1),
    }


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
