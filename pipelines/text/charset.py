"""Which characters the bytes of a page stand for."""

import codecs
import re
from collections.abc import Iterator
from typing import Final

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_READ_AS: Final = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "windows-874": "cp874",
    "utf-16": "utf-16-le",
}
"""What browsers read a label or codec as, since that is what such pages hold (WHATWG Encoding)."""

_KNOWN: Final = frozenset(_READ_AS.values()) | {
    *("utf-8", "utf-16-be", "euc_jp", "iso2022_jp", "koi8-r", "koi8-u", "mac-roman", "cp866", "tis-620"),
    *(f"cp{number}" for number in range(1250, 1259)),
    *(f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
}
"""A page may ask for these; Python's codecs also hold escapes and compressors, which it may not."""

_PASS_FOR_UTF8: Final = {"iso2022_jp": b"\x1b$", "utf-16-le": b"\0", "utf-16-be": b"\0"}
"""Sets whose bytes may be valid UTF-8 all the same, and what tells them apart."""

_TWICE: Final = re.compile(rb"\xc3[\xa0-\xb4]\xc2[\x80-\x9f]\xc2[\x80-\xbf]|\xc3[\x82-\x9f]\xc2[\x80-\x9f]")
"""UTF-8 that was read as Latin-1 and encoded again: a letter with an accent, then controls nobody writes."""
_LEADS: Final = re.compile("[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")

_LABEL: Final = re.compile(r"[\w.:-]{2,40}", re.ASCII)
_OWN_LABEL: Final = re.compile(
    rb"""<meta\b[^>]{0,512}?\bcharset\s*=\s*["']?\s*([\w.:-]{2,40})"""
    rb"""|<\?xml\b[^>]{0,256}?\bencoding\s*=\s*["']([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_SEARCHED_BYTES: Final = 1 << 18


def decode_html(body: bytes, declared: str | None) -> str:
    """The text of `body`, without a byte order mark, whatever its declarations get wrong.

    A byte order mark wins; then UTF-8 where the bytes are valid UTF-8, since text in no other set is
    that by chance; then the first set that fits the bytes: the one `declared` by the transport, then
    the page's own. Where none fits, bytes that are nearly UTF-8 are read as such. What was encoded twice
    is read twice.
    """
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return _decode_legacy(body, list(_candidates(body, declared)))
    if b"\0" in body or b"\x1b" in body:
        for codec in _candidates(body, declared):
            if _PASS_FOR_UTF8.get(codec, b"\xff") in body:
                return body.decode(codec, "replace")
    return _LEADS.sub(_once, text) if _TWICE.search(body) else text


def _once(lead: re.Match[str]) -> str:
    """The character whose UTF-8 was read as Latin-1; the same text where it was none."""
    try:
        return lead.group().encode("latin-1").decode()
    except UnicodeDecodeError:
        return lead.group()


def _decode_legacy(body: bytes, codecs_declared: list[str]) -> str:
    for codec in codecs_declared:
        try:
            return body.decode(codec)
        except UnicodeDecodeError:
            continue
    lenient = body.decode("utf-8", "replace")
    if 10 * lenient.count("\ufffd") <= sum(not char.isascii() for char in lenient):
        return lenient
    return body.decode(next(iter(codecs_declared), "cp1252"), "replace")


def _candidates(body: bytes, declared: str | None) -> Iterator[str]:
    own = _OWN_LABEL.search(body, 0, _SEARCHED_BYTES)
    labels = [declared or "", *((group or b"").decode("ascii") for group in (own.groups() if own else ()))]
    for label in labels:
        if codec := _codec(label.strip("\"' \t").lower()):
            yield codec


def _codec(label: str) -> str | None:
    if not _LABEL.fullmatch(label):
        return None
    try:
        name = codecs.lookup(_READ_AS.get(label, label)).name
    except LookupError:
        return None
    name = _READ_AS.get(name, name)
    return name if name in _KNOWN else None
