"""Invented records for tests, from an announced item to a match.

Every builder gives a whole, valid record and takes any of its fields by keyword. Ids follow from the
content unless given, so that different records never share one. The affair is invented: a bridge in the
town of Veldar closes, and outlets differ on how many cars a day it carried.
"""

from datetime import UTC, datetime
from typing import Any, Final

from schemas.articles import Article, ClaimedArticle, Hit, Match, TaggedArticle
from schemas.claims import Bound, Claim, DateMention, Mention, Mode, Quantity
from schemas.failures import Failure, Reason
from schemas.ids import stable_id
from schemas.items import Item, Page

MORNING: Final = datetime(2024, 5, 2, 8, tzinfo=UTC)
"""When the invented publishers say that they published."""

NOON: Final = datetime(2024, 5, 2, 12, tzinfo=UTC)
"""When the invented records are observed."""

URL: Final = "https://courier.example/bridge"
"""Where the invented article stands."""

TITLE: Final = "Veldar bridge closed"
"""Its headline."""

TEXT: Final = "The Veldar bridge closed on Monday.\nIt carried 2,900 cars a day, the council said."
"""Its text: two paragraphs of one claim each."""


def an_item(**fields: Any) -> Item:
    """An announced item."""
    new: dict[str, Any] = {
        "source": "courier",
        "url": URL,
        "guid": None,
        "title": TITLE,
        "summary": None,
        "authors": ("Ida Brem",),
        "published_at": MORNING,
        "updated_at": None,
        "observed_at": NOON,
        "publisher": "courier",
        "language": "en",
    } | fields
    return Item(**({"id": stable_id("item", new["source"], new["url"])} | new))


def a_page(**fields: Any) -> Page:
    """A page of clean text, or of HTML where `html` is given; its item follows `url` and `observed_at`."""
    text = None if fields.get("html") is not None else TEXT
    new: dict[str, Any] = {"html": None, "charset": None, "text": text} | fields
    if "item" not in new:
        new["item"] = an_item(**{name: new[name] for name in ("url", "observed_at") if name in new})
    new = {"url": new["item"].url, "observed_at": new["item"].observed_at} | new
    content = new["text"] if new["html"] is None else new["html"]
    return Page(**({"id": stable_id("page", new["url"], content)} | new))


def an_article(**fields: Any) -> Article:
    """An article of two paragraphs."""
    new: dict[str, Any] = {
        "source": "courier",
        "url": URL,
        "part": 0,
        "title": TITLE,
        "text": TEXT,
        "authors": ("Ida Brem",),
        "published_at": MORNING,
        "updated_at": None,
        "observed_at": NOON,
        "language": "en",
        "publisher": "courier",
    } | fields
    new.setdefault("page", stable_id("page", new["url"], new["text"]))
    new.setdefault("id", stable_id("article", new["url"], new["title"], new["text"]))
    return Article(**new)


def a_mention(**fields: Any) -> Mention:
    """The bridge, where the article's text names it first; `end` follows from `start` and `text`."""
    return Mention(**_spanned({"entity": "veldar-bridge", "text": "Veldar bridge", "start": 4} | fields))


def a_tagged_article(**fields: Any) -> TaggedArticle:
    """An article in which no entity is named, unless mentions are given."""
    new: dict[str, Any] = {"mentions": (), "title_entities": ()} | fields
    return TaggedArticle(**({"article": an_article()} | new))


def a_quantity(**fields: Any) -> Quantity:
    """2,900 cars, where the article's text counts them; `end` follows from `start` and `text`."""
    new: dict[str, Any] = {
        "text": "2,900",
        "start": 47,
        "low": 2900.0,
        "high": 2900.0,
        "bound": Bound.EXACT,
        "unit": "car",
    }
    return Quantity(**_spanned(new | fields))


def a_date(**fields: Any) -> DateMention:
    """The Monday on which the bridge closed; `end` follows from `start` and `text`."""
    return DateMention(**_spanned({"text": "Monday", "start": 28, "value": "2024-04-29"} | fields))


def a_claim(**fields: Any) -> Claim:
    """The article's first sentence, in its own voice; `end` follows from `start` and `text`."""
    new: dict[str, Any] = {
        "text": TEXT.partition("\n")[0],
        "start": 0,
        "speaker": None,
        "mode": Mode.VOICE,
        "hedged": False,
        "negated": False,
        "quantities": (),
        "dates": (),
        "mentions": (),
        "worth": 0.8,
    }
    new = _spanned(new | fields)
    return Claim(**({"id": stable_id("claim", new["text"], new["start"], new["end"])} | new))


def a_claimed_article(**fields: Any) -> ClaimedArticle:
    """A tagged article whose first paragraph is its one claim, unless claims are given."""
    new: dict[str, Any] = {"tagged": a_tagged_article()} | fields
    first = new["tagged"].article.text.partition("\n")[0]
    return ClaimedArticle(**({"claims": (a_claim(text=first),)} | new))


def a_hit(**fields: Any) -> Hit:
    """The term `bridge`, found in the title."""
    new: dict[str, Any] = {"term": "bridge", "field": "title", "start": 7, "end": 13}
    return Hit(**(new | fields))


def a_match(**fields: Any) -> Match:
    """A match of a live topic that takes in all claims of its article."""
    new: dict[str, Any] = {
        "topic": "veldar",
        "memory": "main",
        "live": True,
        "config": "c0ffee",
        "article": a_claimed_article(),
        "hits": (a_hit(),),
    } | fields
    return Match(**({"claims": tuple(claim.id for claim in new["article"].claims)} | new))


def a_failure(**fields: Any) -> Failure:
    """A page that held nothing readable."""
    new: dict[str, Any] = {
        "stage": "extract",
        "reason": Reason.EMPTY,
        "detail": f"no text on {URL}",
        "url": URL,
        "record": "{}",
        "failed_at": NOON,
    } | fields
    return Failure(**({"id": stable_id("failure", new["stage"], new["record"])} | new))


def _spanned(fields: dict[str, Any]) -> dict[str, Any]:
    return {"end": fields["start"] + len(fields["text"])} | fields
