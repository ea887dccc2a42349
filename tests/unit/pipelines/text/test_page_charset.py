"""Bytes to characters: the same text, whatever the declarations get wrong."""

import codecs

import pytest

from pipelines.text.charset import decode_html

CYRILLIC = "<p>Мост в Велдаре закрыт</p>"
JAPANESE = "<p>橋は閉鎖された</p>"
GERMAN = "<p>Brücke gesperrt: „Größe“ 5 €</p>"
LATE = "<!--" + 20_000 * "x" + "-->"


@pytest.mark.parametrize(
    ("body", "declared", "text"),
    [
        pytest.param(CYRILLIC.encode(), None, CYRILLIC, id="utf-8, nothing declared"),
        pytest.param(CYRILLIC.encode(), "iso-8859-1", CYRILLIC, id="utf-8 beats the transport"),
        pytest.param(CYRILLIC.encode("cp1251"), "windows-1251", CYRILLIC, id="the transport's"),
        pytest.param(CYRILLIC.encode("koi8-r"), ' "KOI8-R" ', CYRILLIC, id="the transport's, in quotes"),
        pytest.param(GERMAN.encode("cp1252"), "no-such-set", GERMAN, id="an unknown set"),
        pytest.param(GERMAN.encode("cp1252"), "iso-8859-1", GERMAN, id="Latin 1 is read as Windows-1252"),
        pytest.param(GERMAN.encode("cp1252"), None, GERMAN, id="undeclared, not utf-8"),
        pytest.param(JAPANESE.encode("cp932"), "Shift_JIS", JAPANESE, id="Shift_JIS"),
        pytest.param(JAPANESE.encode("gb18030"), "gb2312", JAPANESE, id="GB2312 is read as GB18030"),
        pytest.param(JAPANESE.encode("iso2022_jp"), "iso-2022-jp", JAPANESE, id="7-bit Japanese"),
        pytest.param(CYRILLIC.encode("utf-16-be"), "utf-16be", CYRILLIC, id="utf-16 declared"),
        pytest.param(CYRILLIC.encode("utf-16"), "iso-8859-1", CYRILLIC, id="utf-16 with a mark"),
        pytest.param(codecs.BOM_UTF8 + CYRILLIC.encode(), "koi8-r", CYRILLIC, id="utf-8 with a mark"),
        pytest.param(CYRILLIC.encode()[:-5], "utf-8", CYRILLIC[:-5] + "\ufffd", id="cut in a character"),
    ],
)
def test_decode_html(body, declared, text):
    """A mark wins, then valid UTF-8, then what is declared, then what browsers take for granted."""
    assert decode_html(body, declared) == text


@pytest.mark.parametrize("text", [CYRILLIC, JAPANESE, GERMAN, "<p>it’s 🌉</p>"])
def test_text_that_was_encoded_twice(text):
    """UTF-8 that something read as Latin 1 and encoded again is read again; what is no such run stays."""
    twice = text.encode().decode("latin-1")
    assert decode_html(twice.encode(), None) == text
    assert decode_html(f"{twice} Ãé".encode(), None) == f"{text} Ãé"


@pytest.mark.parametrize(
    "head",
    [
        "<meta charset=windows-1251>",
        '<META content="text/html; charset=windows-1251" http-equiv="Content-Type">',
        '<?xml version="1.0" encoding="windows-1251"?>',
        LATE + '<meta charset="windows-1251">',
    ],
    ids=["meta", "http-equiv", "prolog", "late meta"],
)
def test_own_declaration(head):
    """Without a word from the transport, the page's own declaration counts, wherever it stands."""
    page = head + CYRILLIC
    assert decode_html(page.encode("cp1251"), None) == page
    assert decode_html(page.encode(), None) == page


@pytest.mark.parametrize("label", ["unicode_escape", "utf-7", "rot13", "zlib", "idna", "utf\0-8", "x" * 99])
def test_dangerous_labels(label):
    """A page cannot ask for a codec that is no character set."""
    assert decode_html(b"\\u0041 +AEE- \xe9", label) == "\\u0041 +AEE- é"
