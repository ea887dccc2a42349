"""XML from strangers: what is refused, what is decoded, how tags are seen."""

import codecs

import pytest

from connectors.sources.xmlguard import Kind, open_xml, walk
from schemas.errors import Rejected
from schemas.failures import Reason

NETSCAPE = (
    '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"'
    ' "http://my.netscape.com/publish/formats/rss-0.91.dtd">'
)
LAUGHS = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
OUTSIDE = '<!DOCTYPE rss SYSTEM "file:///etc/passwd">'


def opened(text):
    """The text from its root on."""
    return open_xml(text.encode(), None)


@pytest.mark.parametrize(
    "before",
    [
        "",
        '<?xml version="1.0"?>',
        '<?xml version="1.0">\n',
        "\ufeff \n",
        "<!-- a <rss> in a comment -->",
        "<?pi <rss> ?>",
        NETSCAPE,
        '<?xml version="1.0"?>\n<!-- x -->' + NETSCAPE.lower().replace("netscape c", "Netscape C"),
        "<!DOCTYPE html>",
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/x.dtd">',
        "<!-- <!DOCTYPE x [ <!ENTITY a 'b'> ]> -->",
        "Warning: something in line 7\n",
    ],
)
def test_prolog_is_dropped(before):
    """What stands before the root element goes: prolog, comments, harmless document types, stray text."""
    assert opened(before + "<rss><channel/></rss>") == "<rss><channel/></rss>"


@pytest.mark.parametrize(
    "before",
    [
        LAUGHS,
        OUTSIDE,
        "<!DOCTYPE rss>",
        "<!doctype rss>",
        "<!DOCTYPE\nrss\n>",
        "<!DOCTYPE html [<!ENTITY a 'b'>]>",
        NETSCAPE.replace(">", "[<!ENTITY a 'b'>]>"),
        "<!-- <a -->" + LAUGHS,
        "<?pi <a ?>" + LAUGHS,
        "<!DOCTYPE html><!-- <a -->" + OUTSIDE,
        "stray" + LAUGHS,
        "<" + LAUGHS,
        "<!ENTITY a 'b'>",
        "<!DOCTYPE html>" + LAUGHS,
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_declarations_are_refused(before, encoding):
    """Any other document type is refused, wherever before the root it hides and however it is encoded."""
    with pytest.raises(Rejected) as caught:
        open_xml((before + "<rss/>").encode(encoding), None)
    assert caught.value.reason is Reason.UNSAFE


@pytest.mark.parametrize(
    "inside",
    ["<!DOCTYPE x SYSTEM 'y'>", "<!ENTITY a 'b'>", "<!-- x --><!ELEMENT a ANY>", "<![CDATA[x]]><!ATTLIST a>"],
)
def test_declarations_inside_are_refused(inside):
    """A declaration within the root element is refused too."""
    with pytest.raises(Rejected) as caught:
        list(walk(f"<rss>{inside}</rss>"))
    assert caught.value.reason is Reason.UNSAFE


@pytest.mark.parametrize(
    "inside",
    ["<![CDATA[<!DOCTYPE x SYSTEM 'y'>]]>", "<!-- <!ENTITY a 'b'> -->", "<!DOCTYPE html>", "&lt;!ENTITY a"],
)
def test_talk_of_declarations_is_harmless(inside):
    """What only speaks of declarations, or is an HTML page's, is let through."""
    assert next(tag.kind for tag in walk(f"<rss>{inside}</rss>")) is Kind.OPEN


@pytest.mark.parametrize("text", ["", "   ", "no markup", "<!-- never ends <rss>", "1 < 2", "<?xml?>"])
def test_no_element(text):
    """Without an element there is nothing to read."""
    with pytest.raises(Rejected) as caught:
        opened(text)
    assert caught.value.reason is Reason.MALFORMED


@pytest.mark.parametrize(
    ("raw", "charset", "text"),
    [
        ("<a>ü</a>".encode(), None, "<a>ü</a>"),
        ("<a>ü</a>".encode(), "iso-8859-1", "<a>ü</a>"),
        ('<?xml encoding="iso-8859-1"?><a>ü</a>'.encode(), None, "<a>ü</a>"),
        ("<a>ü</a>".encode("latin-1"), "iso-8859-1", "<a>ü</a>"),
        ('<?xml version="1.0" encoding="windows-1251"?><a>Я</a>'.encode("cp1251"), "utf-8", "<a>Я</a>"),
        ("<a>€</a>".encode("cp1252"), "iso-8859-1", "<a>€</a>"),
        ("<a>€</a>".encode("cp1252"), None, "<a>€</a>"),
        ('<?xml encoding="gb2312"?><a>鎔</a>'.encode("gb18030"), None, "<a>鎔</a>"),
        (
            '<?xml version="1.0" encoding="iso-2022-jp"?><a>日本</a>'.encode("iso-2022-jp"),
            None,
            "<a>日本</a>",
        ),
        ("<a>ü</a>".encode("utf-16"), "utf-8", "<a>ü</a>"),
        ("<a>ü</a>".encode("utf-16-be"), None, "<a>ü</a>"),
        ("<a>ü</a>".encode("utf-32"), None, "<a>ü</a>"),
        (codecs.BOM_UTF8 + "<a>ü</a>".encode(), "cp1252", "<a>ü</a>"),
        ("<a>üüü".encode() + b"\xff</a>", None, "<a>üüü\ufffd</a>"),
        (b"<a>\xfc</a>", "punycode", "<a>ü</a>"),
        (b"<a>\xfc</a>", "no-such-thing", "<a>ü</a>"),
    ],
)
def test_decoding(raw, charset, text):
    """The bytes have the first word about their character set; only plain character sets are believed."""
    assert open_xml(raw, charset) == text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a\0b\x08c", "abc"),
        ("a&#0;b&#x1F;c", "abc"),
        ("&#55296;&#xDFFF;x", "x"),
        ("&#99999999999999999999;&#x110000;x", "x"),
        ("&#65;&#x41;&#128512;", "&#65;&#x41;&#128512;"),
        ("&#55296x", "x"),
    ],
)
def test_forbidden_characters(written, read):
    """Characters that XML forbids are dropped, written plainly or as references."""
    assert opened(f"<a>{written}</a>") == f"<a>{read}</a>"


def test_walk():
    """Tags come in order with their depth; an end takes with it what was left open inside."""
    text = "<a x='>'><!-- <b> --><b/><c><d>1 < 2</c></e><![CDATA[<f>]]></a>"
    seen = [(tag.kind.name, tag.name, tag.depth, text[tag.start : tag.end]) for tag in walk(text)]
    assert seen == [
        ("OPEN", "a", 0, "<a x='>'>"),
        ("NOTE", "", 1, "<!-- <b> -->"),
        ("EMPTY", "b", 1, "<b/>"),
        ("OPEN", "c", 1, "<c>"),
        ("OPEN", "d", 2, "<d>"),
        ("CLOSE", "c", 1, "</c>"),
        ("NOTE", "", 1, "</e>"),
        ("CLOSE", "a", 0, "</a>"),
    ]


@pytest.mark.parametrize("tag", ["<a b='>", "<a <a>", '<a b="<a>">', "<a"])
def test_broken_tags_count(tag):
    """What any parser could take for a tag is seen as one, however broken."""
    assert next(iter(walk(tag))).name == "a"


def test_depth():
    """Elements nested too deep are refused; long rows of unclosed ones within items are not."""
    with pytest.raises(Rejected) as caught:
        list(walk("<a>" * 501))
    assert caught.value.reason is Reason.UNSAFE
    assert len(list(walk("<r>" + "<i><br><br></i>" * 1_000))) == 4_001


def test_flood_of_markup():
    """A document of nothing but markup is refused before anything looks at it."""
    with pytest.raises(Rejected) as caught:
        opened("<a>" + "<" * 1_500_001)
    assert caught.value.reason is Reason.TOO_LARGE


@pytest.mark.parametrize("unit", ["<", "<a", "<a b=", '<a b="', "<!--", "<![CDATA[", "<?", "</a", "<a '\""])
def test_walk_is_linear(unit):
    """Broken markup without end is gone through once."""
    assert sum(1 for _ in zip(range(500), walk(unit * 100_000), strict=False)) <= 500
