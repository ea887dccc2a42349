"""From a page to its articles: clean text and metadata, page chrome stripped."""

import re
from typing import Final

from lxml.etree import ErrorTypes, LxmlError
from lxml.html import document_fromstring

from pipelines.text.body import body_text, parse_page
from pipelines.text.characters import clean_line
from pipelines.text.charset import decode_html
from pipelines.text.language import detect_language
from pipelines.text.metadata import PageMetadata, read_metadata
from pipelines.text.publishers import PublisherTable
from pipelines.text.satire import says_it_is_satire
from pipelines.text.walls import wall_in
from schemas.articles import Article
from schemas.errors import Rejected
from schemas.failures import Reason
from schemas.ids import stable_id
from schemas.items import Page

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


def extract_articles(
    page: Page, publishers: PublisherTable, page_bytes: int = PAGE_BYTES
) -> tuple[Article, ...]:
    """The articles on `page`, in order; never empty.

    The text of a page that is clean text already is taken exactly as it is. Of an HTML page, the text is
    what trafilatura takes for the article, NFC, without characters that nobody sees, one paragraph a
    line. Dates are the item's, then the page's; the headline and the authors the page's, then the item's.

    Raises:
        Rejected: `EMPTY` where nothing is to be read or a wall stands before it; `BINARY` where it is no
            text; `MALFORMED` where it is text and not what it claims to be; `TOO_LARGE` over `page_bytes`.
    """
    size = len(page.html if page.html is not None else page.text or "")
    if size > page_bytes:
        raise _rejected(page, Reason.TOO_LARGE, f"its {size:,} bytes are more than {page_bytes:,}")
    text, said = _read_html(page) if page.html is not None else (_read_text(page), _NOTHING_SAID)
    if not any(map(str.isalnum, text)):
        raise _rejected(page, Reason.EMPTY, "it holds no words")
    title = said.headline or clean_line(page.item.title or "") or said.page_title
    article = Article(
        id=stable_id("article", page.url, 0, title, text),
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
        publisher=publishers.publisher_of(page),
        satire=said.satire or says_it_is_satire(title, text),
    )
    return (article,)


def _read_text(page: Page) -> str:
    text = page.text or ""
    _refuse_binary(page, text)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise _rejected(page, Reason.MALFORMED, f"it holds half a character: {error}") from error
    return text


def _read_html(page: Page) -> tuple[str, PageMetadata]:
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
        said = read_metadata(tree, page.url)
        text = body_text(tree, page.url, said)
    except LxmlError as error:
        if getattr(error, "code", None) == ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError(str(error)) from error
        raise _rejected(page, Reason.MALFORMED, f"it cannot be parsed: {error}") from error
    if wall := wall_in(text):
        raise _rejected(page, Reason.EMPTY, f"it is {wall}")
    return text, said


def _refuse_binary(page: Page, text: str) -> None:
    sample = text[:_SAMPLE_CHARS]
    odd = len(_NOT_TEXT.findall(sample))
    if odd > _ODD_SHARE * len(sample):
        raise _rejected(page, Reason.BINARY, f"{odd} of its first {len(sample)} characters are not text")


def _rejected(page: Page, reason: Reason, why: str) -> Rejected:
    return Rejected(f"cannot read an article from {page.url}: {why}", reason=reason)
