"""Invented records for tests, from a judged claim to an alert; built like those of `records`."""

from typing import Any

from connectors.testing.records import MORNING, NOON, TITLE, URL, a_claim
from schemas.alerts import (
    Alert,
    ArticleRef,
    Difference,
    Finding,
    First,
    Hearing,
    Judgement,
    Prior,
    Saying,
    Verdict,
)
from schemas.ids import stable_id


def an_article_ref(**fields: Any) -> ArticleRef:
    """What an alert keeps of the invented article."""
    new: dict[str, Any] = {
        "url": URL,
        "title": TITLE,
        "publisher": "courier",
        "published_at": MORNING,
        "observed_at": NOON,
    } | fields
    return ArticleRef(**({"id": stable_id("article", new["url"])} | new))


def a_difference(**fields: Any) -> Difference:
    """2,900 became 3,400."""
    return Difference(**({"kind": "quantity", "before": "2,900", "after": "3,400"} | fields))


def a_prior(**fields: Any) -> Prior:
    """The same sentence, said earlier by another outlet; `end` follows from `start` and `text`."""
    new: dict[str, Any] = {
        "text": "The Veldar bridge has been closed since Monday.",
        "url": "https://herald.example/closed",
        "start": 0,
        "same": 0.9,
        "speaker": None,
        "publisher": "herald",
        "published_at": MORNING,
        "observed_at": MORNING,
        "origin": "herald",
        "differs": (),
    } | fields
    new = {"end": new["start"] + len(new["text"])} | new
    return Prior(**({"id": stable_id("claim", new["text"], new["url"])} | new))


def a_first(**fields: Any) -> First:
    """The story's earliest saying: the invented article itself."""
    new: dict[str, Any] = {"url": URL, "publisher": "courier", "published_at": MORNING}
    return First(**(new | {"observed_at": NOON} | fields))


def a_saying(**fields: Any) -> Saying:
    """A claim that its memory had not heard."""
    return Saying(**(_told(fields) | {"verdict": Verdict.NEW, "of": None} | fields))


def a_hearing(**fields: Any) -> Hearing:
    """A memory's entry of one saying."""
    new: dict[str, Any] = {"memory": "main", "article": an_article_ref(), "copy_of": None, "passages": ()}
    return Hearing(**(new | {"sayings": (a_saying(),)} | fields))


def a_judgement(**fields: Any) -> Judgement:
    """A claim that is new for its topic."""
    new = _told(fields) | {"topic": "veldar", "verdict": Verdict.NEW, "of": None, "article": an_article_ref()}
    return Judgement(**(new | {"origins": ("courier",), "first": a_first()} | fields))


def a_finding(**fields: Any) -> Finding:
    """A claim that is new."""
    new = _told(fields) | {"kind": Verdict.NEW, "origins": ("courier",), "first": a_first()}
    return Finding(**(new | fields))


def an_alert(**fields: Any) -> Alert:
    """One new finding in one article."""
    new: dict[str, Any] = {
        "topic": "veldar",
        "article": an_article_ref(),
        "findings": (a_finding(),),
        "matched": ("bridge",),
        "config": "c0ffee",
    } | fields
    new = {"created_at": new["article"].observed_at} | new
    return Alert(**({"id": stable_id("alert", new["topic"], new["article"].id)} | new))


def _told(fields: dict[str, Any]) -> dict[str, Any]:
    claim = fields.get("claim", a_claim())
    return {
        "claim": claim,
        "story": stable_id("story", claim.text),
        "prior": None,
        "conflicts": (),
        "origin": "courier",
    }
