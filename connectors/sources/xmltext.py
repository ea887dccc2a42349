"""From the bytes of an XML document to its text, whatever was declared about them.

Declarations are often wrong, so the bytes have the first word: a byte order mark, then whether they are valid
UTF-8, and only then the document's prolog and the transport.
"""

import codecs
import re
from typing import Final

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like that of UTF-16, so it goes first
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DECLARED: Final = re.compile(rb"\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})")
# Only plain character sets: Python's other codecs can be slow or are no character sets at all.
_CHARSETS: Final = re.compile(
    r"ascii|utf-(8|16|32).*|iso8859-.+|cp\d+|koi8-.+|mac-.+|gb.+|hz|big5.*|euc_.+|shift_jis.*|iso2022_.+|tis-620"
)
_WIDER: Final = {"ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
"""What is declared as the first is read as the second, which holds more (WHATWG Encoding Standard)."""

_ILLEGAL: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE: Final = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+))(?:;|(?![0-9a-fA-F]))")


def decode_xml(raw: bytes, charset: str | None) -> str:
    """The document's text, without characters that XML forbids; `charset` is what the transport declared."""
    text = _decode(raw, charset).removeprefix("\ufeff")
    return _REFERENCE.sub(_legal_reference, _ILLEGAL.sub("", text))


def _decode(raw: bytes, charset: str | None) -> str:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw.decode(encoding, "replace")
    prolog = _DECLARED.match(raw)
    declared = _known(prolog[1].decode("ascii")) if prolog else None
    if declared and declared.startswith(("iso2022", "hz")):
        # These hide in plain ASCII, and so would pass for UTF-8.
        return raw.decode(declared, "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_damaged(raw, declared or _known(charset or ""))


def _decode_damaged(raw: bytes, declared: str | None) -> str:
    if declared not in (None, "utf-8"):
        return raw.decode(declared, "replace")
    text = raw.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    beyond_ascii = sum(not character.isascii() for character in text)
    # A few bad bytes in good UTF-8 are better lost than all its letters misread.
    return text if damaged * 2 <= beyond_ascii else raw.decode("cp1252", "replace")


def _known(charset: str) -> str | None:
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError):
        return None
    return _WIDER.get(name, name) if _CHARSETS.fullmatch(name) else None


def _legal_reference(reference: re.Match[str]) -> str:
    """The character reference as it stands, or nothing where it stands for what XML forbids."""
    digits, radix = (reference[1], 16) if reference[1] else (reference[2], 10)
    digits = digits.lstrip("0")
    code = int(digits or "0", radix) if len(digits) <= 7 else -1
    is_legal = (
        code in (0x9, 0xA, 0xD)
        or 0x20 <= code < 0xD800
        or 0xE000 <= code < 0xFFFE
        or 0x10000 <= code < 0x110000
    )
    return reference[0] if is_legal else ""
