"""Which network addresses may be connected to: public ones, and those that the configuration allows.

The blocks are those of the IANA special-purpose address registries, spelled out because Python's own
`is_global` differs between versions and calls addresses public that only wrap a private one.
"""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Network = IPv4Network | IPv6Network
"""A block of addresses."""

_REFUSED_V4: Final = tuple(
    (IPv4Network(block), why)
    for block, why in (
        ("0.0.0.0/8", "this host"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared by a carrier's customers"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "a cloud's metadata"),
        ("169.254.0.0/16", "link-local, a cloud's metadata"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved for protocols"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)

_PUBLIC_V6: Final = IPv6Network("2000::/3")

_REFUSED_V6: Final = tuple(
    (IPv6Network(block), why)
    for block, why in (
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("ff00::/8", "multicast"),
        ("2001::/23", "reserved for protocols, Teredo"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
    )
)

_INTERNAL: Final = (
    ".corp",
    ".home",
    ".home.arpa",
    ".internal",
    ".intranet",
    ".lan",
    ".local",
    ".localdomain",
    ".localhost",
    ".private",
)

_NAT64: Final = IPv6Network("64:ff9b::/96")


def networks(blocks: Iterable[str]) -> tuple[Network, ...]:
    """The blocks, read from CIDR form; bits behind the prefix are ignored.

    Raises:
        ValueError: one of them is not a block.
    """
    return tuple(ip_network(block, strict=False) for block in blocks)


def refusal(address: str, allow: Sequence[Network]) -> str | None:
    """Why `address` may not be connected to, in words; None where it may.

    `address` is numeric, as a resolver gives it. An IPv4 address wrapped in an IPv6 one (IPv4-mapped, or
    behind NAT64) is judged by what it wraps: networks without IPv4 reach the whole web that way.
    """
    given = ip_address(address)
    judged = _unwrapped(given)
    if any(given in block or judged in block for block in allow):
        return None
    if isinstance(judged, IPv4Address):
        return next((why for block, why in _REFUSED_V4 if judged in block), None)
    named = next((why for block, why in _REFUSED_V6 if judged in block), None)
    return named or (None if judged in _PUBLIC_V6 else "not a public address")


def is_internal_name(host: str) -> bool:
    """Whether a name can only mean a host inside one's own network."""
    return "." not in host or host.rstrip(".").endswith(_INTERNAL)


def _unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address
