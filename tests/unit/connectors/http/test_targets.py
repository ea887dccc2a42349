"""Reading URLs, following redirects, hiding secrets."""

import pytest

from connectors.http.targets import authority, follow, read_target, redact, without_credentials
from schemas.errors import Rejected
from schemas.failures import Reason


@pytest.mark.parametrize(
    ("url", "read"),
    [
        (" http://Example.org/a b#top ", "http://example.org/a%20b"),
        ("https://münchen.example/ü", "https://xn--mnchen-3ya.example/%C3%BC"),
        ("https://example.org:443/x?q=1", "https://example.org/x?q=1"),
        ("http://[::1]:8080/", "http://[::1]:8080/"),
    ],
)
def test_read_target(url, read):
    """A URL is read in one spelling, without its fragment."""
    assert str(read_target(url)) == read


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", Reason.UNSAFE),
        ("gopher://example.org/", Reason.UNSAFE),
        ("data:text/html,x", Reason.UNSAFE),
        ("jar:http://example.org/x!/", Reason.UNSAFE),
        ("feed:https://example.org/", Reason.UNSAFE),
        ("javascript:alert(1)", Reason.UNSAFE),
        ("ftp://example.org/", Reason.UNSAFE),
        ("/etc/passwd", Reason.MALFORMED),
        ("", Reason.MALFORMED),
        ("http:///x", Reason.MALFORMED),
        ("http://exa mple.org/", Reason.MALFORMED),
        ("http://[fe80::1%25eth0]/", Reason.MALFORMED),
        ("http://[::1", Reason.MALFORMED),
        ("http://example.org/\x00", Reason.MALFORMED),
        ("http://example.org:port/", Reason.MALFORMED),
    ],
)
def test_refused_target(url, reason):
    """What is not an http or https URL with a host is refused before anything is asked for."""
    with pytest.raises(Rejected) as caught:
        read_target(url)
    assert caught.value.reason is reason


@pytest.mark.parametrize(
    ("location", "leads_to"),
    [
        ("/b", "https://example.org/b"),
        ("?page=2", "https://example.org/a/x?page=2"),
        ("//other.example/c", "https://other.example/c"),
        ("http://other.example", "http://other.example"),
    ],
)
def test_follow(location, leads_to):
    """A redirect is read against the URL that sent it."""
    assert str(follow([read_target("https://example.org/a/x")], location, 5)) == leads_to


@pytest.mark.parametrize(
    ("trail", "location", "reason"),
    [
        (["http://a.example/"], "file:///etc/passwd", Reason.UNSAFE),
        (["http://a.example/"], "http://a.example/#again", Reason.UNSAFE),
        (["http://a.example/", "http://b.example/"], "http://a.example/", Reason.UNSAFE),
        (["http://a.example/0", "http://a.example/1", "http://a.example/2"], "/3", Reason.UNSAFE),
        (["http://a.example/"], "http://[::1", Reason.MALFORMED),
    ],
)
def test_refused_redirect(trail, location, reason):
    """A redirect may not change the scheme, go in circles or go on for ever."""
    with pytest.raises(Rejected) as caught:
        follow([read_target(url) for url in trail], location, 2)
    assert caught.value.reason is reason


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:hush@example.org/feed", "https://***@example.org/feed"),
        ("https://example.org/f?api_key=hush&page=2", "https://example.org/f?api_key=***&page=2"),
        ("https://example.org/f?TOKEN=hush#x", "https://example.org/f?TOKEN=***#x"),
        ("https://example.org/f?a=1;sig=hush", "https://example.org/f?a=1;sig=***"),
        ("https://example.org/monkey?sides=4", "https://example.org/monkey?sides=4"),
        ("https://example.org/@someone", "https://example.org/@someone"),
    ],
)
def test_redact(url, shown):
    """A URL is shown without credentials and without secrets in its query."""
    assert redact(url) == shown


def test_redact_is_short():
    """A huge URL does not make a huge message."""
    assert len(redact("https://example.org/" + "x" * 100_000)) < 1_000


def test_parts():
    """Politeness goes by scheme, host and port; what is stored holds no credentials."""
    target = read_target("https://me:hush@Example.org:8443/a?b")
    assert authority(target) == "https://example.org:8443"
    assert without_credentials(target) == "https://example.org:8443/a?b"
