"""Which addresses may be connected to."""

import pytest

from connectors.http.addresses import is_internal_name, networks, refusal

REFUSED = [
    ("127.0.0.1", "loopback"),
    ("127.255.255.254", "loopback"),
    ("0.0.0.0", "this host"),
    ("0.1.2.3", "this host"),
    ("10.0.0.1", "private"),
    ("10.255.255.255", "private"),
    ("172.16.0.1", "private"),
    ("172.31.255.255", "private"),
    ("192.168.1.1", "private"),
    ("169.254.169.254", "metadata"),
    ("169.254.0.1", "link-local"),
    ("100.64.0.1", "carrier"),
    ("100.100.100.200", "carrier"),
    ("100.127.255.255", "carrier"),
    ("168.63.129.16", "metadata"),
    ("192.0.0.192", "protocols"),
    ("192.0.2.7", "documentation"),
    ("198.51.100.7", "documentation"),
    ("203.0.113.7", "documentation"),
    ("198.18.0.1", "benchmarking"),
    ("192.88.99.1", "6to4"),
    ("224.0.0.1", "multicast"),
    ("239.255.255.250", "multicast"),
    ("240.0.0.1", "reserved"),
    ("255.255.255.255", "reserved"),
    ("::", "unspecified"),
    ("::1", "loopback"),
    ("fc00::1", "private"),
    ("fd00:ec2::254", "private"),
    ("fe80::1", "link-local"),
    ("fe80::1%3", "link-local"),
    ("ff02::1", "multicast"),
    ("::ffff:127.0.0.1", "loopback"),
    ("::ffff:10.1.2.3", "private"),
    ("::ffff:169.254.169.254", "metadata"),
    ("::127.0.0.1", "not a public address"),
    ("64:ff9b::7f00:1", "loopback"),
    ("64:ff9b::a9fe:a9fe", "metadata"),
    ("64:ff9b:1::1", "not a public address"),
    ("2002:7f00:1::", "6to4"),
    ("2002:808:808::1", "6to4"),
    ("2001:0:4136:e378:8000:63bf:3fff:fdd2", "Teredo"),
    ("2001:db8::1", "documentation"),
    ("3fff::1", "documentation"),
    ("100::1", "not a public address"),
    ("5f00::1", "not a public address"),
    ("fec0::1", "not a public address"),
]

ALLOWED = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "93.184.215.14",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.167.255.255",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2a00:1450:4001:82b::200e",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
]


@pytest.mark.parametrize(("address", "why"), REFUSED)
def test_refused(address, why):
    """An address that is not public is refused, and the reason says what it is."""
    assert why in refusal(address, ())


@pytest.mark.parametrize("address", ALLOWED)
def test_allowed(address):
    """A public address is let through, also where IPv6 wraps it."""
    assert refusal(address, ()) is None


@pytest.mark.parametrize(
    ("address", "allow", "let_through"),
    [
        ("127.0.0.1", ["127.0.0.1/32"], True),
        ("127.0.0.2", ["127.0.0.1/32"], False),
        ("::1", ["127.0.0.1/32"], False),
        ("::1", ["::1/128"], True),
        ("10.1.2.3", ["192.168.0.0/16", "10.0.0.0/8"], True),
        ("10.1.2.3", ["10.1.2.99/24"], True),
        ("::ffff:127.0.0.1", ["127.0.0.0/8"], True),
        ("64:ff9b::a00:1", ["10.0.0.0/8"], True),
        ("2002:a00:1::", ["10.0.0.0/8"], False),
    ],
)
def test_allow_list(address, allow, let_through):
    """The configuration opens exactly the blocks that it names."""
    assert (refusal(address, networks(allow)) is None) is let_through


@pytest.mark.parametrize(
    ("host", "internal"),
    [
        ("intranet", True),
        ("localhost", True),
        ("metadata.google.internal", True),
        ("printer.local.", True),
        ("example.org", False),
        ("internal.example.org", False),
    ],
)
def test_internal_names(host, internal):
    """A name without a dot, or under a suffix for private use, means the own network."""
    assert is_internal_name(host) is internal
