"""XML from strangers, made safe to hand to a parser.

`open_xml` refuses document type and entity declarations and gives back decoded text from the root element on:
what was checked is what gets parsed. `walk` goes through the tags of such a text without building anything,
and caps how deep they nest. It goes by what any parser could take for a tag, not by what is well-formed,
because feeds often are not.
"""

import re
from collections import Counter
from collections.abc import Iterator
from enum import Enum, auto
from typing import Final, NamedTuple

from connectors.sources.xmltext import decode_xml
from schemas.errors import Rejected
from schemas.failures import Reason

_DEEPEST: Final = 500
_MOST_MARKUP: Final = 1_500_000

_BEFORE_ROOT: Final = re.compile(
    r"\s+|<\?xml\b[^<>]*>|<\?.*?\?>|<!--.*?-->|(?P<doctype><!DOCTYPE\b[^<>\[]*>)", re.DOTALL | re.IGNORECASE
)
_HARMLESS: Final = re.compile(
    r"<!DOCTYPE\s+(?:html\b|(?:rss|rdf:RDF)\s+PUBLIC\s+[\"']-//Netscape Communications//DTD RSS 0\.9)"
    r"[^<>\[]*>",
    re.IGNORECASE,
)
_DECLARATION: Final = re.compile(r"<!\s*(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)\b", re.IGNORECASE)
_ELEMENT: Final = re.compile(r"<[^\s<>/!?=\"'&]")
# Possessive quantifiers, and no `<` inside a tag: the time is linear whatever is written.
_TOKEN: Final = re.compile(
    r"<(?:"
    r"(?P<cdata>!\[CDATA\[(?:.*?\]\]>|.*+))"
    r"|(?P<note>!--(?:.*?-->|.*+)|\?(?:.*?\?>|.*+)|![^<>]*+>?)"
    r"|(?P<close>/)?(?P<name>[^\s<>/!?=\"'&]++)(?:(?:[^<>\"']|\"[^<\"]*+\"|'[^<']*+')*+>|[^<>]*+>?)"
    r")",
    re.DOTALL,
)


class Kind(Enum):
    """What a tag does."""

    OPEN = auto()
    """Begins an element."""
    CLOSE = auto()
    """Ends one, and all inside it that was left open."""
    EMPTY = auto()
    """Is an element by itself."""
    NOTE = auto()
    """Says nothing: a comment, a processing instruction, the end of nothing, CDATA that never ends."""


class Tag(NamedTuple):
    """A tag in a text."""

    kind: Kind
    """What it does."""
    name: str
    """Name as written, with its prefix."""
    start: int
    """First code point."""
    end: int
    """One past the last code point."""
    depth: int
    """How many elements are open around the tag's element."""

    @property
    def local(self) -> str:
        """Name without its prefix, in lower case."""
        return self.name.rpartition(":")[2].lower()


def open_xml(raw: bytes, charset: str | None) -> str:
    """The text of a document from its root element on; `charset` is what the transport declared.

    The public document types of RSS 0.91 and of HTML are dropped: without them nothing is lost.

    Raises:
        Rejected: UNSAFE for any other document type, MALFORMED where there is no element, TOO_LARGE where
            there is more markup than any honest document has: each bit of it costs microseconds.
    """
    text = decode_xml(raw, charset)
    if max(text.count("<"), text.count("&")) > _MOST_MARKUP:
        raise Rejected("will not read as XML: it is nothing but markup", reason=Reason.TOO_LARGE)
    start = 0
    while (found := _BEFORE_ROOT.match(text, start)) is not None:
        if found["doctype"]:
            _check_declaration(text, found.start())
        start = found.end()
    # Some programs print a warning in front of the document.
    root = _ELEMENT.search(text, start)
    if root is None or "<!--" in text[start : root.start()]:
        raise Rejected("cannot read as XML: it holds no element", reason=Reason.MALFORMED)
    for declaration in _DECLARATION.finditer(text, start, root.start()):
        _check_declaration(text, declaration.start())
    return text[root.start() :]


def walk(text: str) -> Iterator[Tag]:
    """The tags of a text in order.

    Raises:
        Rejected: UNSAFE for a declaration outside CDATA and comments, or for elements nested 500 deep.
    """
    around: list[str] = []
    still_open: Counter[str] = Counter()
    for token in _TOKEN.finditer(text):
        start, end = token.span()
        name = token["name"]
        if name is None:
            if token["note"]:
                _check_declaration(text, start)
            if token["note"] or not text.endswith("]]>", start, end):
                yield Tag(Kind.NOTE, "", start, end, len(around))
        elif token["close"]:
            if still_open[name]:
                _close(name, around, still_open)
                yield Tag(Kind.CLOSE, name, start, end, len(around))
            else:
                yield Tag(Kind.NOTE, "", start, end, len(around))
        elif text.endswith("/>", start, end):
            yield Tag(Kind.EMPTY, name, start, end, len(around))
        else:
            yield Tag(Kind.OPEN, name, start, end, len(around))
            around.append(name)
            still_open[name] += 1
            if len(around) > _DEEPEST:
                raise Rejected(f"cannot read as XML: nested over {_DEEPEST} deep", reason=Reason.UNSAFE)


def _close(name: str, around: list[str], still_open: Counter[str]) -> None:
    while (innermost := around.pop()) != name:
        still_open[innermost] -= 1
    still_open[name] -= 1


def _check_declaration(text: str, start: int) -> None:
    if _DECLARATION.match(text, start) and not _HARMLESS.match(text, start):
        raise Rejected(
            f"will not read as XML: it declares {text[start : start + 80]!r}",
            reason=Reason.UNSAFE,
            hint="document types and entities can make a parser open files or fill the memory",
        )
