"""Whether an article says that it is satire: then it claims nothing, whatever it states. Pure logic."""

import re
from collections.abc import Iterable
from typing import Final

_LABEL: Final = re.compile(r"\b(?:satire|satirical|satirique|parody|spoof)\b", re.IGNORECASE)
_LABEL_WORDS: Final = 6
_IN_TITLE: Final = re.compile(
    r"\A\W*(?:satire|parody|spoof)\W*[:|–—-]\s|[|–—-]\s*(?:satire|parody)\W*\Z|[(\[](?:satire|parody)[)\]]",
    re.IGNORECASE,
)
_CONFESSION: Final = re.compile(
    r"\b(?:this|the (?:above|foregoing|preceding)|all|our) (?:[\w-]+ ){0,3}?"
    r"(?:article|story|stories|piece|post|page|site|website|column|report|content)s?\b(?: [\w'’-]+){0,4}? "
    r"(?:is|are|was|were)(?: (?:purely|intended as|meant as|entirely|only|a|work|works|of|an))* "
    r"(?:satire|satirical|parody|parodies|a spoof|fictional|fiction)\b"
    r"|\A\W*(?:satire|parody)\.?\W*\Z",
    re.IGNORECASE,
)
_ENDS: Final = 2
"""Paragraphs at the beginning and at the end in which a text says what it is."""


def is_labelled_satire(labels: Iterable[str]) -> bool:
    """Whether a page's labels (its section, its genre, its site's name) say so; long ones are no labels."""
    return any(len(label.split()) <= _LABEL_WORDS and _LABEL.search(label) for label in labels)


def says_it_is_satire(title: str | None, text: str) -> bool:
    """Whether the title is marked as satire, or the text begins or ends by saying what it is."""
    if title and _IN_TITLE.search(title):
        return True
    paragraphs = text.strip().split("\n")
    return any(_CONFESSION.search(each) for each in (*paragraphs[:_ENDS], *paragraphs[-_ENDS:]))
