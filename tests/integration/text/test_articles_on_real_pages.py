"""Text, titles, dates and authors of labelled real pages, against floors."""

import gzip
import json
import re
import tomllib
from collections import Counter
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest
from lxml.html import document_fromstring
from real_data import data_set

from connectors.testing import a_page, an_item
from pipelines.text.characters import clean_line
from pipelines.text.extract import extract_articles
from pipelines.text.publishers import PublisherTable
from schemas.errors import Rejected
from schemas.failures import Reason

ROOT = Path(__file__).resolve().parents[3]
FLOORS = tomllib.loads((ROOT / "tests/floors.toml").read_text("utf-8"))["articles"]
NOBODY = PublisherTable(())


def zyte():
    """Address, page and text of each page of the Zyte benchmark."""
    root = data_set("articles-aeb")
    for name, truth in sorted(json.loads((root / "ground-truth.json").read_text("utf-8")).items()):
        path = root / "html" / f"{name}.html.gz"
        if path.exists():
            yield truth["url"], path, truth["articleBody"]


def fundus():
    """The same of the Fundus evaluation, paragraphs in brackets, which are optional there, included."""
    root = data_set("articles-fundus")
    for name, truth in sorted(json.loads((root / "ground_truth.json").read_text("utf-8")).items()):
        path = root / "html" / name
        if path.exists():
            yield truth["url"], path, "\n".join(truth["body"])


def readability():
    """The same of the Readability test pages."""
    for path in sorted(data_set("articles-readability").glob("*/source.html.gz")):
        expected = gzip.decompress(path.with_name("expected.html.gz").read_bytes()).decode("utf-8", "replace")
        tree = document_fromstring(expected) if expected.strip() else None
        yield "http://fakehost/test/page.html", path, " ".join(tree.itertext()) if tree is not None else ""


def wcxb():
    """The same of the article pages of WCXB."""
    root = data_set("articles-wcxb")
    kinds = json.loads((root / "metadata.json").read_text("utf-8"))["files"]
    for truth_path in sorted((root / "ground-truth").glob("*.json")):
        if kinds[truth_path.stem]["page_type"] == "article":
            truth = json.loads(truth_path.read_text("utf-8"))
            path = root / "html" / f"{truth_path.stem}.html.gz"
            yield truth["url"], path, truth["ground_truth"]["main_content"]


SETS = {"aeb": (zyte, 4), "fundus": (fundus, 1), "readability": (readability, 1), "wcxb": (wcxb, 1)}
"""How each set is read, and how many words of a row are compared."""


def read(url, path):
    """The article of a page, or None where it is refused as empty; anything else is a fault."""
    item = an_item(url=url, title=None, authors=(), published_at=None)
    try:
        return extract_articles(a_page(html=gzip.decompress(path.read_bytes()), item=item), NOBODY)
    except Rejected as refusal:
        if refusal.reason is not Reason.EMPTY:
            raise
        return None


def rows_of(text, words):
    """How often each row of so many words stands in the text."""
    found = re.findall(r"\w+", text.lower())
    words = min(words, len(found)) or 1
    return Counter(zip(*(found[place:] for place in range(words)), strict=False))


def likeness(text, truth, words):
    """F1 of the rows of words of a text."""
    ours, theirs = rows_of(text, words), rows_of(truth, words)
    whole = ours.total() + theirs.total()
    return 2 * (ours & theirs).total() / whole if whole else 1.0


def keeps(record_property, name, value, at_most=False):
    """Notes a figure and holds it to its floor, or its ceiling."""
    record_property(name, round(value, 4))
    assert value <= FLOORS[name] if at_most else value >= FLOORS[name], f"{name}: {value:.4f}"


@pytest.mark.parametrize("name", SETS)
def test_text(name, record_property):
    """The text is the article's, whole and without the site's; few pages give none or are taken for lists."""
    reader, words = SETS[name]
    scores, empty, lists, digest = [], 0, 0, sha256()
    for url, path, truth in reader():
        digest.update(path.read_bytes())
        articles = read(url, path)
        empty += articles is None
        lists += articles == ()
        if articles != ():
            scores.append(likeness("\n".join(each.text for each in articles or ()), truth, words))
    assert digest.hexdigest()[:16] == FLOORS[f"{name} digest"], digest.hexdigest()
    keeps(record_property, f"{name} text", sum(scores) / len(scores))
    keeps(record_property, f"{name} empty at most", empty, at_most=True)
    keeps(record_property, f"{name} taken for a list at most", lists, at_most=True)


def test_metadata(record_property):
    """Title word for word and nearly (word F1 of 0.8), calendar day, one right author, in many languages."""
    titles, exact, days, authors, wrong, dated, split = [], [], [], [], 0, 0, 0
    for truth_path in sorted(data_set("pages-fundus-fixtures").glob("*/*.json")):
        path = truth_path.with_suffix(".html.gz")
        if not path.exists():
            continue
        truth = json.loads(truth_path.read_text("utf-8"))
        (article, *others) = read(truth.get("url") or "https://news.example/", path) or (None,)
        split += bool(others)
        if others:  # a live blog: its posts have titles and dates of their own
            continue
        title, wanted = (article.title if article else None) or "", clean_line(truth["title"]) or ""
        exact.append(re.findall(r"\w+", title) == re.findall(r"\w+", wanted))
        titles.append(likeness(title, wanted, 1) >= 0.8)
        if truth.get("publishing_date"):
            published = datetime.fromisoformat(truth["publishing_date"])
            found = article.published_at if article else None
            right = bool(
                found and published.date() in {found.date(), found.astimezone(published.tzinfo).date()}
            )
            days.append(right)
            dated += found is not None
            wrong += found is not None and not right
        if truth.get("authors"):
            names = {name.casefold() for name in article.authors} if article else set()
            authors.append(bool(names & {name.casefold() for name in truth["authors"]}))
    keeps(record_property, "split at most", split, at_most=True)
    keeps(record_property, "title word for word", sum(exact) / len(exact))
    keeps(record_property, "title nearly", sum(titles) / len(titles))
    keeps(record_property, "date", sum(days) / len(days))
    keeps(record_property, "wrong dates at most", wrong / dated, at_most=True)
    keeps(record_property, "author", sum(authors) / len(authors))
