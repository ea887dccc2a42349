"""How pages and feeds are fetched: the section `[http]` of the configuration."""

from ipaddress import ip_network
from typing import Annotated

import httpx
from pydantic import AfterValidator, Field

from schemas.record import record


def _contact(written: str) -> str:
    if not (written.isascii() and written.isprintable()):
        raise ValueError("should be plain ASCII: it is part of the user agent")
    return written


def _cidr(written: str) -> str:
    try:
        ip_network(written, strict=False)
    except ValueError as error:
        raise ValueError(f"should be an address block such as 127.0.0.1/32: {error}") from error
    return written


def _proxy(written: str) -> str:
    try:
        url = httpx.URL(written)
    except httpx.InvalidURL as error:
        raise ValueError(f"should be a URL: {error}") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError("should be the http or https URL of a proxy")
    return written


@record
class HttpSettings:
    """How to fetch: politely towards hosts, and guarded against what they may send."""

    contact: Annotated[str, AfterValidator(_contact)] | None = None
    """Address or URL at which a host's owner reaches whoever runs Tocsin; part of the user agent."""
    allow: tuple[Annotated[str, AfterValidator(_cidr)], ...] = ()
    """Blocks of private addresses, in CIDR form, that may be fetched all the same."""
    timeout_s: Annotated[float, Field(gt=0)] = 30.0
    """The longest that one fetch may take, from the first connection to the last byte, redirects included."""
    max_bytes: Annotated[int, Field(ge=1)] = 10 * 2**20
    """The largest body that is taken in, counted after decompression."""
    max_redirects: Annotated[int, Field(ge=0)] = 5
    """How many redirects one fetch follows."""
    connections: Annotated[int, Field(ge=1)] = 100
    """How many requests are under way at once, over all hosts."""
    per_host: Annotated[int, Field(ge=1)] = 2
    """How many requests to one host are under way at once."""
    spacing_s: Annotated[float, Field(ge=0)] = 1.0
    """The shortest time between the starts of two requests to one host."""
    proxy: Annotated[str, AfterValidator(_proxy)] | None = None
    """URL of an HTTP proxy that everything is fetched through; it may have a private address."""
