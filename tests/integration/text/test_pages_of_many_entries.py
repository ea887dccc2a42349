"""What real pages are taken for, and what is given of those that list others, against floors."""

import gzip
import json
import re
import tomllib
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest
from real_data import data_set

from connectors.testing import a_page, an_item
from pipelines.text.extract import read_page
from pipelines.text.pages import PageKind
from pipelines.text.publishers import PublisherTable
from schemas.errors import Rejected

FLOORS = tomllib.loads((Path(__file__).parents[2] / "floors.toml").read_text("utf-8"))["listings"]
NOBODY = PublisherTable(())


@pytest.fixture(scope="module")
def readings():
    """Of each kind of page: what each is taken for and holds, its labelled content, and a digest of all."""
    root = data_set("articles-wcxb")
    found = {kind: ([], sha256()) for kind in ("article", "listing", "collection")}
    for name, about in sorted(json.loads((root / "metadata.json").read_text("utf-8"))["files"].items()):
        if about["page_type"] in found:
            truth = (root / f"ground-truth/{name}.json").read_bytes()
            html = gzip.decompress((root / f"html/{name}.html.gz").read_bytes())
            rows, digest = found[about["page_type"]]
            digest.update(truth + html)
            label = json.loads(truth)
            rows.append((*read(label["url"], html), label["ground_truth"]["main_content"]))
    return found


def read(url, html):
    """What a page is taken for, and all that is given of it; nothing where it is refused."""
    item = an_item(url=url, title=None, authors=(), published_at=None)
    try:
        reading = read_page(a_page(html=html, item=item), NOBODY)
    except Rejected:
        return None, ""
    texts = [line for article in reading.articles for line in (article.title or "", article.text)]
    return reading.kind, "\n".join([*texts, *reading.entries])


@pytest.mark.parametrize("kind", ["listing", "collection"])
def test_content_is_the_labelled_one(kind, readings, record_property):
    """Words of all pieces and entries together against the labelled ones, over the pages that hold any."""
    rows, digest = readings[kind]
    assert digest.hexdigest()[:16] == FLOORS[f"{kind} digest"]
    scores = [word_f1(text, wanted) for _, text, wanted in rows if wanted]
    keeps(record_property, f"{kind} word F1", sum(scores) / len(scores))


def test_articles_are_told_from_lists(readings, record_property):
    """A page that is taken for one article is one; hardly any article is taken for something else."""
    taken = {
        kind: [each for each, _, _ in rows].count(PageKind.ARTICLE) for kind, (rows, _) in readings.items()
    }
    keeps(record_property, "gate precision", taken["article"] / sum(taken.values()))
    keeps(record_property, "gate recall", taken["article"] / len(readings["article"][0]))


def keeps(record_property, name, value):
    """Notes a figure and holds it to its floor."""
    record_property(name, round(value, 4))
    assert value >= FLOORS[name], f"{name}: {value:.4f}"


def word_f1(found, wanted):
    """F1 of two bags of words."""
    one, other = (Counter(re.findall(r"\w+", text.lower())) for text in (found, wanted))
    return 2 * (one & other).total() / (one.total() + other.total())
