"""Where a fetch may go: reading a URL, following a redirect, and showing a URL without its secrets."""

import re
from collections.abc import Sequence
from typing import Final

import httpx

from schemas.errors import Rejected
from schemas.failures import Reason

_HOST: Final = re.compile(r"[a-z0-9._:-]{1,253}")
_SHOWN: Final = 500
_CREDENTIALS: Final = re.compile(r"(?<=//)[^/?#@]*@")
_PARAMETER: Final = re.compile(r"(?<=[?&;])([^=&;#]+)=[^&;#]+")
_SECRET: Final = re.compile(
    r"token|key|secret|passw|pwd|auth|sig|session|sid$|credential|^code$", re.IGNORECASE
)


def read_target(url: str) -> httpx.URL:
    """The URL, with its host in lower case and ASCII, and without its fragment.

    Raises:
        Rejected: UNSAFE for any scheme but http and https, MALFORMED for what is not a URL.
    """
    try:
        target = httpx.URL(url.strip())
    except (httpx.InvalidURL, ValueError) as error:
        raise Rejected(f"cannot fetch {redact(url)}: {error}", reason=Reason.MALFORMED) from error
    if target.scheme not in ("http", "https"):
        raise Rejected(
            f"will not fetch {redact(url)}: its scheme is not http or https",
            reason=Reason.UNSAFE if target.scheme else Reason.MALFORMED,
        )
    if not _HOST.fullmatch(target.raw_host.decode("ascii")):
        raise Rejected(f"cannot fetch {redact(url)}: it names no host", reason=Reason.MALFORMED)
    return target.copy_with(fragment=None)


def follow(trail: Sequence[httpx.URL], location: str, most: int) -> httpx.URL:
    """Where a redirect from the last of `trail` leads.

    Raises:
        Rejected: UNSAFE for another scheme, a loop, or more than `most` redirects; MALFORMED for what is
            not a URL.
    """
    start = redact(str(trail[0]))
    try:
        joined = str(trail[-1].join(location))
    except (httpx.InvalidURL, ValueError) as error:
        raise Rejected(
            f"cannot fetch {start}: it redirects to what is not a URL: {error}", reason=Reason.MALFORMED
        ) from error
    target = read_target(joined)
    if target in trail:
        raise Rejected(f"cannot fetch {start}: its redirects go in a circle", reason=Reason.UNSAFE)
    if len(trail) > most:
        raise Rejected(f"cannot fetch {start}: more than {most} redirects", reason=Reason.UNSAFE)
    return target


def authority(target: httpx.URL) -> str:
    """Scheme, host and port: what politeness and robots.txt are counted by."""
    return f"{target.scheme}://{target.netloc.decode('ascii')}"


def without_credentials(target: httpx.URL) -> str:
    """The URL as text, without user name and password."""
    return str(target.copy_with(userinfo=b""))


def redact(url: str) -> str:
    """The URL as it may be shown: without credentials, secrets in its query, and undue length."""
    shown = _CREDENTIALS.sub("***@", url[: _SHOWN * 2])
    shown = _PARAMETER.sub(
        lambda pair: f"{pair[1]}=***" if _SECRET.search(pair[1]) else pair[0],
        shown,
    )
    return shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "…"
