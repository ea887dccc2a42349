"""The schema.org description of an article inside a page (JSON-LD)."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from lxml.html import HtmlElement

_ARTICLE: Final = re.compile(r"(?:article|posting|report)$", re.IGNORECASE)
_NESTED_IN: Final = ("@graph", "mainEntity", "mainEntityOfPage")
_SCRIPT_CHARS: Final = 1_000_000
_NODES: Final = 500


def described_page(tree: HtmlElement) -> tuple[dict[str, Any], frozenset[str]]:
    """The first article that the page describes, else its description of itself; and all types that it gives.

    Only what stands at the top counts: articles inside of lists, comments or parts are others.
    """
    article: dict[str, Any] = {}
    page: dict[str, Any] = {}
    kinds: set[str] = set()
    for node in _nodes(tree):
        types = [kind for kind in _listed(node.get("@type")) if isinstance(kind, str)]
        kinds.update(types)
        if not article and any(map(is_article, types)):
            article = node
        if "WebPage" in types and not page:
            page = node
    return article or page, frozenset(kinds)


def is_article(kind: str) -> bool:
    """Whether a type of schema.org is an article, a posting or a report."""
    return _ARTICLE.search(kind) is not None


def text_of(value: object) -> str:
    """The value where it is text, else the first text in it; empty where there is none."""
    return next((entry.strip() for entry in _listed(value) if isinstance(entry, str) and entry.strip()), "")


def names_of(value: object) -> list[str]:
    """The names in an `author`: text, a thing with a name, or a list of those; people before companies."""
    people: list[str] = []
    others: list[str] = []
    for entry in _listed(value):
        if isinstance(entry, str):
            people.append(entry)
        elif isinstance(entry, dict):
            names = [name for name in _listed(entry.get("name")) if isinstance(name, str)]
            (others if "Organization" in str(entry.get("@type")) else people).extend(names)
    return people or others


def _nodes(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    for script in tree.iter("script"):
        text = script.text or ""
        if "ld+json" not in script.get("type", "").lower() or len(text) > _SCRIPT_CHARS:
            continue
        try:
            waiting = [json.loads(text, strict=False)]
        except (ValueError, RecursionError):
            continue
        for _ in range(_NODES):
            if not waiting:
                break
            value = waiting.pop(0)
            if isinstance(value, list):
                waiting[:0] = value
            elif isinstance(value, dict):
                yield value
                waiting[:0] = [value[key] for key in _NESTED_IN if key in value]


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]
