"""From a page to its articles: clean text and metadata, page chrome stripped."""

import re
from typing import Final

from lxml.etree import ErrorTypes, LxmlError
from lxml.html import HtmlElement, document_fromstring

from pipelines.text.body import body_text, parse_page
from pipelines.text.characters import clean_line
from pipelines.text.charset import decode_html
from pipelines.text.language import detect_language
from pipelines.text.metadata import PageMetadata, read_metadata
from pipelines.text.pages import (
    PageKind,
    Verdict,
    hints_at_several,
    is_digest,
    judge_page,
    says_article,
)
from pipelines.text.piece_reading import Piece
from pipelines.text.plain_pieces import split_text
from pipelines.text.publishers import PublisherTable
from pipelines.text.satire import says_it_is_satire
from pipelines.text.walls import wall_in
from schemas.articles import Article
from schemas.errors import Rejected
from schemas.failures import Reason
from schemas.ids import stable_id
from schemas.items import Page
from schemas.record import record

PAGE_BYTES: Final = 20_000_000
"""Larger pages are refused unread."""

_MAGIC: Final = {
    b"%PDF-": "a PDF document",
    b"\x89PNG": "a PNG image",
    b"GIF8": "a GIF image",
    b"\xff\xd8\xff": "a JPEG image",
    b"RIFF": "a sound, film or image",
    b"PK\x03\x04": "a ZIP archive",
    b"\x1f\x8b": "gzip data",
    b"\x28\xb5\x2f\xfd": "zstd data",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"\xd0\xcf\x11\xe0": "an Office document",
    b"\x7fELF": "a program",
    b"OggS": "a sound or film",
    b"ID3": "a sound",
    b"\x1aE\xdf\xa3": "a film",
}
_NOT_TEXT: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\ufffd]")
_SAMPLE_CHARS: Final = 4096
_ODD_SHARE: Final = 0.1
_NOTHING_SAID: Final = PageMetadata(
    headline=None, page_title=None, headings=(), authors=(), published_at=None, updated_at=None, language=None
)


@record
class PageReading:
    """What a page is, why, and its articles."""

    kind: PageKind
    """What it holds."""
    why: str
    """The evidence, in words."""
    articles: tuple[Article, ...]
    """In the order of the page; none of an index."""
    entries: tuple[str, ...]
    """What an index lists, line by line; empty for other pages."""


def extract_articles(
    page: Page, publishers: PublisherTable, page_bytes: int = PAGE_BYTES
) -> tuple[Article, ...]:
    """The articles on `page`, in order, as `read_page` finds them; none where it is an index."""
    return read_page(page, publishers, page_bytes).articles


def read_page(page: Page, publishers: PublisherTable, page_bytes: int = PAGE_BYTES) -> PageReading:
    """What `page` is, and its articles.

    The text of a page that is clean text already is taken exactly as it is, or in slices where it is made
    of dated pieces. Of an HTML page with one article, the text is what trafilatura takes for it, NFC, without
    characters that nobody sees, one paragraph a line. Dates are the item's, then the page's; the headline and
    the authors the page's, then the item's. A piece of a page has its own, and no date of the item's.

    Raises:
        Rejected: `EMPTY` where nothing is to be read or a wall stands before it; `BINARY` where it is no
            text; `MALFORMED` where it is text and not what it claims to be; `TOO_LARGE` over `page_bytes`.
    """
    size = len(page.html if page.html is not None else page.text or "")
    if size > page_bytes:
        raise _rejected(page, Reason.TOO_LARGE, f"its {size:,} bytes are more than {page_bytes:,}")
    verdict, text, said = _read_html(page) if page.html is not None else _read_text(page)
    if verdict.kind is PageKind.ARTICLE and not any(map(str.isalnum, text)):
        raise _rejected(page, Reason.EMPTY, "it holds no words")
    publisher = publishers.publisher_of(page)
    match verdict.kind:
        case PageKind.ARTICLE:
            articles: tuple[Article, ...] = (_whole(page, text, said, publisher),)
        case PageKind.SEVERAL:
            articles = _parts(page, verdict.pieces, said, publisher)
        case PageKind.INDEX:
            articles = ()
    return PageReading(kind=verdict.kind, why=verdict.why, articles=articles, entries=verdict.entries)


def _whole(page: Page, text: str, said: PageMetadata, publisher: str | None) -> Article:
    title = said.headline or clean_line(page.item.title or "") or said.page_title
    return Article(
        id=stable_id("article", page.url, title, text),
        page=page.id,
        source=page.item.source,
        url=page.url,
        part=0,
        title=title,
        text=text,
        authors=said.authors or page.item.authors,
        published_at=page.item.published_at or said.published_at,
        updated_at=page.item.updated_at or said.updated_at,
        observed_at=page.observed_at,
        language=detect_language(text, page.item.language or said.language),
        publisher=publisher,
        satire=said.satire or says_it_is_satire(title, text),
    )


def _parts(
    page: Page, pieces: tuple[Piece, ...], said: PageMetadata, publisher: str | None
) -> tuple[Article, ...]:
    """An article for each piece that differs.

    Its headline is the page's where it has none: a post of a live blog is about what the page is about.
    Date and authors are the page's where no piece says its own.
    """
    dated = any(piece.published_at for piece in pieces)
    signed = any(piece.authors for piece in pieces)
    articles: dict[str, Article] = {}
    for piece in pieces:
        title = piece.title or said.headline
        number = stable_id("article", piece.permalink or page.url, title, piece.text)
        if number in articles:
            continue
        articles[number] = Article(
            id=number,
            page=page.id,
            source=page.item.source,
            url=page.url,
            part=len(articles),
            title=title,
            text=piece.text,
            authors=piece.authors if signed else said.authors,
            published_at=piece.published_at if dated else said.published_at,
            updated_at=None,
            observed_at=page.observed_at,
            language=detect_language(piece.text, page.item.language or said.language),
            publisher=publisher,
            satire=said.satire or says_it_is_satire(title, piece.text),
            span=piece.span,
            permalink=piece.permalink,
        )
    return tuple(articles.values())


def _read_text(page: Page) -> tuple[Verdict, str, PageMetadata]:
    text = page.text or ""
    _refuse_binary(page, text)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise _rejected(page, Reason.MALFORMED, f"it holds half a character: {error}") from error
    if pieces := split_text(text):
        why = f"{len(pieces)} dated headers of one shape"
        verdict = Verdict(kind=PageKind.SEVERAL, why=why, pieces=pieces)
        return verdict, text, _NOTHING_SAID
    return Verdict(kind=PageKind.ARTICLE, why="it is one text"), text, _NOTHING_SAID


def _read_html(page: Page) -> tuple[Verdict, str, PageMetadata]:
    body = page.html or b""
    if kind := next((kind for magic, kind in _MAGIC.items() if body.startswith(magic)), None):
        raise _rejected(page, Reason.BINARY, f"it is {kind}")
    html = decode_html(body, page.charset)
    if not html.strip():
        raise _rejected(page, Reason.EMPTY, "it is blank")
    _refuse_binary(page, html)
    try:
        tree = parse_page(html)
        if tree is None:
            # It swallows whatever the parser raises: only a parser that raises again tells what it was.
            document_fromstring(html)
            raise _rejected(page, Reason.MALFORMED, "it is not an HTML document")
        return _read_tree(page, tree, html)
    except LxmlError as error:
        if getattr(error, "code", None) == ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError(str(error)) from error
        raise _rejected(page, Reason.MALFORMED, f"it cannot be parsed: {error}") from error


def _read_tree(page: Page, tree: HtmlElement, html: str) -> tuple[Verdict, str, PageMetadata]:
    said = read_metadata(tree, page.url)
    verdict = Verdict(kind=PageKind.ARTICLE, why="it says so")
    trusted = says_article(said) and not hints_at_several(tree, said)
    if not trusted:
        verdict = judge_page(tree, page.url, said)
        if verdict.kind is PageKind.SEVERAL:
            return verdict, "", said
    text = body_text(tree, page.url, said)
    if wall := wall_in(text):
        raise _rejected(page, Reason.EMPTY, f"it is {wall}")
    if trusted and is_digest(tree, text):
        # The first tree has lost what the text was read without.
        verdict = judge_page(parse_page(html), page.url, said)
    return verdict, text, said


def _refuse_binary(page: Page, text: str) -> None:
    sample = text[:_SAMPLE_CHARS]
    odd = len(_NOT_TEXT.findall(sample))
    if odd > _ODD_SHARE * len(sample):
        raise _rejected(page, Reason.BINARY, f"{odd} of its first {len(sample)} characters are not text")


def _rejected(page: Page, reason: Reason, why: str) -> Rejected:
    return Rejected(f"cannot read an article from {page.url}: {why}", reason=reason)
