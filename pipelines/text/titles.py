"""Which of a page's titles is the article's own, without the name of the site."""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

_BEFORE_SITE: Final = re.compile(r"\s*[|•ㅣ]\s*|\s+[-–—*»:]+\s+")
_SITE_WORDS: Final = 5


def own_title(shared: str | None, told: Iterable[str], sites: Iterable[str], url: str) -> str | None:
    """The title that the page at `url` is shared under, without what follows the article's own.

    `told` are the titles that the page gives elsewhere: where `shared` begins with one of them, the rest
    is not the article's. Otherwise its last parts are dropped while they name the site, by one of `sites`
    or by its host. None where nothing else is left.
    """
    if not shared:
        return None
    known = {_folded(title) for title in told} - {""}
    cuts = list(_BEFORE_SITE.finditer(shared))
    for cut in cuts:
        if _folded(shared[: cut.start()]) in known:
            return shared[: cut.start()]
    names = {_folded(site) for site in sites} - {""}
    host = _folded(_host(url))
    title = shared
    for cut in reversed(cuts):
        part = shared[cut.end() : len(title)]
        if not _names_site(part, names, host):
            break
        title = shared[: cut.start()]
    return None if _names_site(title, names, host) else title or None


def _names_site(part: str, names: set[str], host: str) -> bool:
    folded = _folded(part)
    if folded in names:
        return True
    # The host of "Ilanga News" is ilanganews.co.za.
    return len(part.split()) <= _SITE_WORDS and len(folded) > 2 and host.startswith(folded)


def _folded(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
