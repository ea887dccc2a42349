"""What is left of a feed before it is parsed."""

import pytest

from connectors.sources.feed_slimming import slim_feed
from schemas.errors import Rejected
from schemas.failures import Reason


def slimmed(text):
    """The text that is left, without the spaces that stand for what is gone."""
    return slim_feed(text).text.replace(" ", "")


@pytest.mark.parametrize(
    ("inside", "left"),
    [
        ("<title>x</title>", "<title>x</title>"),
        ("<category>x</category><title/>", "<title/>"),
        ("<media:group><media:title>x</media:title></media:group>", ""),
        ("<media:title>x</media:title>", ""),
        ("<source><title>x</title><id>y</id></source><id>z</id>", "<id>z</id>"),
        ("<content><category>x</category></content>", "<content><category>x</category></content>"),
        ("<author><name>x</name><img/></author>", "<author><name>x</name></author>"),
        ("<dc:creator>x</dc:creator>", "<dc:creator>x</dc:creator>"),
        ("<title>x<!--y-->z</title>", "<title>xz</title>"),
        ("<title><![CDATA[<b>]]></title>", "<title><![CDATA[<b>]]></title>"),
        ("</p><title>x</b></title>", "<title>x</title>"),
        ("<category>never<title>ends</title>", ""),
        (f"<author>{'x' * 500}</author><id>z</id>", "<id>z</id>"),
        (f"<author><name>{'x' * 500}</name></author><id>z</id>", "<id>z</id>"),
        (f"<author>{'x' * 500}", ""),
        (f"<link href='{'x' * 30_000}'/><id>z</id>", "<id>z</id>"),
        ("<id " + 'a="b" ' * 101 + ">x</id><id>z</id>", "<id>z</id>"),
    ],
)
def test_left(inside, left):
    """Frame and fields stay, the rest goes, fields beyond their length too."""
    assert slimmed(f"<rss><channel><item>{inside}</item></channel></rss>") == (
        f"<rss><channel><item>{left}</item></channel></rss>"
    )


@pytest.mark.parametrize(("count", "left_out"), [(9_999, 0), (10_000, 0), (10_001, 1), (25_000, 15_000)])
def test_items_are_capped(count, left_out):
    """Beyond 10,000 items the rest is cut off, counted, and the frame closed."""
    result = slim_feed("<rss><channel>" + "<item><title>x</title></item>" * count + "</channel></rss>")
    assert result.left_out == left_out
    assert result.text.count("<item>") == count - left_out
    assert result.text.replace(" ", "").endswith("</item></channel></rss>")


@pytest.mark.parametrize(
    "text",
    [
        "<rss><channel><title/></channel></rss>".replace("<title/>", "<title/>" * 200_001),
        "<rss "
        + " ".join(f'xmlns:p{n}="u"' for n in range(50))
        + ">"
        + "".join(f'<item xmlns:q{n}="u"/>' for n in range(200))
        + "</rss>",
    ],
    ids=["tags", "prefixes"],
)
def test_too_much(text):
    """More tags or namespaces than a feed needs are refused."""
    with pytest.raises(Rejected) as caught:
        slim_feed(text)
    assert caught.value.reason is Reason.TOO_LARGE


@pytest.mark.parametrize(
    "text",
    [
        "<rss><<!-- -->!DOCTYPE r [<<!-- -->!ENTITY a 'b'>]></rss>",
        "<rss><<category/>!DOCTYPE r></rss>",
        "<rss><</b>!ENTITY a 'b'></rss>",
    ],
)
def test_nothing_becomes_a_declaration(text):
    """What goes leaves no declaration behind that was not there before."""
    assert "<!" not in slim_feed(text).text
