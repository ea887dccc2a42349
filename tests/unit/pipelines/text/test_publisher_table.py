"""Who publishes a page."""

import pytest

from connectors.testing import a_page, an_item
from pipelines.text.publishers import PublisherTable
from schemas.watch import Publisher


def a_publisher(name, *domains):
    """A publisher of pages on these domains."""
    return Publisher(id=name, domains=domains, kind="outlet", owner=None)


TABLE = PublisherTable(
    [
        a_publisher("courier", "courier.example", "Kurier.Example."),
        a_publisher("courier-sport", "sport.courier.example"),
        a_publisher("bridge", "brücke.example"),
    ]
)


@pytest.mark.parametrize(
    ("url", "publisher"),
    [
        ("https://courier.example/a", "courier"),
        ("https://www.news.courier.example:8443/a", "courier"),
        ("http://KURIER.example./a", "courier"),
        ("https://live.sport.courier.example/a", "courier-sport"),
        ("https://xn--brcke-lva.example/a", "bridge"),
        ("https://notcourier.example/a", "notcourier.example"),
        ("https://www.herald.example/a", "herald.example"),
        ("https://herald.example/b", "herald.example"),
        ("https://192.0.2.7/a", "192.0.2.7"),
        ("file:///archive/a.html", None),
        ("urn:isbn:0451450523", None),
        ("https://[broken/a", None),
    ],
)
def test_publisher_of_a_url(url, publisher):
    """The longest configured domain counts, label by label, else the bare host stands for its publisher."""
    item = an_item(url=url, publisher=None)
    assert TABLE.publisher_of(a_page(item=item)) == publisher


def test_the_redirected_url_counts():
    """A page belongs to where it was found, not to where it was announced."""
    page = a_page(
        item=an_item(url="https://short.example/1", publisher=None), url="https://courier.example/a"
    )
    assert TABLE.publisher_of(page) == "courier"


def test_the_items_publisher_counts_first():
    """Where the source names the publisher, the address does not matter."""
    assert TABLE.publisher_of(a_page(item=an_item(publisher="agency"))) == "agency"
