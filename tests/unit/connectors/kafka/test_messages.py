"""Pages as messages and back, beside a store for those that are too large."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.kafka.messages import poisoned, to_message, to_page, unsendable
from connectors.testing import NOON, a_page
from schemas.codec import decode, encode
from schemas.errors import Rejected
from schemas.failures import Reason
from schemas.items import Page

LIMIT_BYTES = 10_000


@dataclass
class Received:
    """A message as it comes off a topic."""

    value: bytes | None
    headers: list = field(default_factory=list)
    topic: str = "tocsin.pages"
    partition: int = 2
    offset: int = 7


@dataclass
class Shelf:
    """A store in memory."""

    bodies: dict = field(default_factory=dict)

    def put(self, body):
        """The name of the body."""
        name = str(len(self.bodies))
        self.bodies[name] = body
        return name

    def get(self, name):
        """The body."""
        if name not in self.bodies:
            raise Rejected(f"no body {name}", reason=Reason.MALFORMED)
        return self.bodies[name]


def there_and_back(page, store):
    """The page after its journey, and the size of its message."""
    message = to_message(page, LIMIT_BYTES, store)
    received = Received(message.value, list(message.headers))
    return to_page(received, store), len(message.value)


@given(st.binary(max_size=40_000))
def test_a_page_is_the_same_after_its_journey(html):
    """Whatever its size: in the message or by way of the store."""
    page = a_page(html=html)
    assert there_and_back(page, Shelf())[0] == page


def noise(size):
    """Bytes that no compression makes smaller."""
    state, found = 1, bytearray()
    while len(found) < size:
        state = state * 6364136223846793005 + 1442695040888963407 & (1 << 64) - 1
        found.append(state >> 56)
    return bytes(found)


@pytest.mark.parametrize(
    ("html", "stored"), [(b"short", 0), (b"the same again " * 10_000, 0), (noise(20_000), 1)]
)
def test_what_fits_when_compressed_needs_no_store(html, stored):
    """The producer compresses; only what is too large even so goes to the store."""
    store = Shelf()
    there_and_back(a_page(html=html), store)
    assert len(store.bodies) == stored


def test_a_message_tells_what_it_holds():
    """Its key is the page's id, a header its schema."""
    page = a_page()
    message = to_message(page, LIMIT_BYTES, None)
    assert message.key == page.id.encode()
    assert message.headers == (("schema", b"page/1"),)
    assert decode(message.value, Page) == page


def test_what_is_too_large_is_refused_without_a_store():
    """The failure holds the page, so that it can be sent once there is a store."""
    page = a_page(html=noise(20_000))
    with pytest.raises(Rejected, match="10,000 fit into a message") as refused:
        to_message(page, LIMIT_BYTES, None)
    assert "name a store" in refused.value.hint
    failure = unsendable(page, refused.value, NOON)
    assert (failure.stage, failure.reason, failure.url) == ("intake", Reason.TOO_LARGE, page.url)
    assert decode(failure.record, Page) == page


def test_a_stored_page_cannot_be_read_without_the_store():
    """A worker that has none, or another, says so."""
    store = Shelf()
    message = to_message(a_page(html=noise(20_000)), LIMIT_BYTES, store)
    assert message.value == b""
    received = Received(message.value, list(message.headers))
    with pytest.raises(Rejected, match="none is configured"):
        to_page(received, None)
    with pytest.raises(Rejected, match="no body"):
        to_page(received, Shelf())


@pytest.mark.parametrize(
    ("received", "kept"),
    [
        (Received(b"\xffjunk"), "\ufffdjunk"),
        (Received(None), "tocsin.pages[2] at 7"),
        (Received(b"", [("stored", b"ab")]), '{"schema":"stored-page/1","name":"ab"}'),
    ],
)
def test_a_poison_message_is_kept_as_a_failure(received, kept):
    """What it held, where it lay, and why it could not be read."""
    failure = poisoned(received, Rejected("not JSON", reason=Reason.MALFORMED, hint="upgrade"), NOON)
    assert failure.record == kept
    assert failure.detail == "reading the message of tocsin.pages[2] at 7: not JSON (hint: upgrade)"
    assert decode(encode(failure), type(failure)) == failure
