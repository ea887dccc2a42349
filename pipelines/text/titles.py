"""Which of a page's titles is the article's own headline."""

import re
from typing import Final
from urllib.parse import urlsplit

from rapidfuzz.fuzz import token_set_ratio

from pipelines.text.headings import Heading
from schemas.record import record

_BEFORE_SITE: Final = re.compile(r"\s*[|•ㅣ]\s*|\s+[-–—*»:]+\s+")
_AFTER_KICKER: Final = re.compile(r"\s*[|•ㅣ]\s*|\s*:\s+|\s+[-–—*»]+\s+")
_SITE_WORDS: Final = 5
_SITE_CHARS: Final = 3
_KICKED_CHARS: Final = 12
"""A title that stands under a kicker is no single word: `Explosion: Live` keeps both."""
_LIKE: Final = 45
"""Per cent of likeness from which a heading says what the page's title says, in other words."""


@record
class Titles:
    """Every way in which a page gives a title."""

    described: str | None
    """In its description of the article."""
    shared: str | None
    """Under which it is shared."""
    tab: str | None
    """For a browser's tab."""
    headings: tuple[Heading, ...]
    """Headings of the first level."""
    subheadings: tuple[Heading, ...]
    """The first headings of the second level."""
    sites: tuple[str, ...]
    """Names of the site."""


def headline_of(titles: Titles, url: str) -> str | None:
    """The headline of the article at `url`, without kicker and name of the site; None where there is none.

    The described title comes first, then the heading, then the shared title. Two signs tell that a title is
    written for search engines, and what the page shows is taken instead: the page shows the shared title in
    a heading of the second level and not in one of the first; or the described title is that of the tab,
    and a heading says the same in other words.
    """
    sites = _site_names(titles.sites, url)
    heads = [head for head in titles.headings if not _names_site(head.text, sites)]
    told = {_folded(head.text) for head in heads}
    described = _own(titles.described, told, sites)
    shared = _own(titles.shared, told | {_folded(described or "")}, sites)
    nearest = _nearest(heads, titles)
    headline = (
        _shown_below(shared, heads, titles.subheadings)
        or (nearest if _is_of_tab(described, titles.tab, nearest) else described)
        or nearest
        or shared
        or (heads[0].text if len(heads) == 1 else None)
    )
    return _without_kicker(headline, told | {_folded(described or ""), _folded(shared or "")})


def _own(title: str | None, told: set[str], sites: tuple[str, ...]) -> str | None:
    """The title without what follows one of those that are told, or else without the names of the site."""
    if not title:
        return None
    cuts = list(_BEFORE_SITE.finditer(title))
    for cut in cuts:
        if _folded(title[: cut.start()]) in told - {""}:
            return title[: cut.start()]
    end = len(title)
    for cut in reversed(cuts):
        if not _names_site(title[cut.end() : end], sites):
            break
        end = cut.start()
    return None if _names_site(title[:end], sites) else title[:end] or None


def _shown_below(shared: str | None, heads: list[Heading], subheadings: tuple[Heading, ...]) -> str | None:
    """The headline of the subheading that is the shared title, with or without its kicker."""
    wanted = _folded(shared or "")
    if not wanted or any(_folded(head.text) == wanted for head in heads):
        return None
    return next(
        (head.headline for head in subheadings if wanted in {_folded(head.text), _folded(head.headline)}),
        None,
    )


def _nearest(heads: list[Heading], titles: Titles) -> str | None:
    """The heading that is most like the page's other titles in words, if any is."""
    others = [title.casefold() for title in (titles.described, titles.shared or titles.tab) if title]
    likeness = {
        head.text: max((token_set_ratio(head.text.casefold(), other) for other in others), default=0)
        for head in heads
        if not head.text.isupper()
    }
    best = max(likeness, key=lambda text: likeness[text], default=None)
    return best if best and likeness[best] >= _LIKE else None


def _is_of_tab(described: str | None, tab: str | None, heading: str | None) -> bool:
    """Whether the described title begins the tab's, and the heading is not the same under a kicker."""
    folded = _folded(described or "")
    return _folded(tab or "").startswith(folded) and folded not in _folded(heading or folded)


def _without_kicker(title: str | None, known: set[str]) -> str | None:
    for cut in _AFTER_KICKER.finditer(title or ""):
        rest = (title or "")[cut.end() :]
        if len(_folded(rest)) >= _KICKED_CHARS and _folded(rest) in known:
            return rest
    return title


def _names_site(part: str, sites: tuple[str, ...]) -> bool:
    """Whether the part is a name of the site or begins one.

    The host of "Ilanga News" is ilanganews.co.za, that of "Slashdot" developers.slashdot.org.
    """
    folded = _folded(part)
    if folded in sites:
        return True
    short = len(part.split()) <= _SITE_WORDS and len(folded) >= _SITE_CHARS
    return short and any(site.startswith(folded) for site in sites)


def _folded(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _site_names(names: tuple[str, ...], url: str) -> tuple[str, ...]:
    """The names of the site, folded, and the host from each of its labels on, but for the last."""
    try:
        labels = (urlsplit(url).hostname or "").removeprefix("www.").split(".")
    except ValueError:
        labels = []
    hosts = ("".join(labels[place:]) for place in range(len(labels) - 1))
    return tuple(folded for name in (*names, *hosts) if (folded := _folded(name)))
