"""An alert in words: plain text for terminals, mail and chat, safe whatever a hostile page put into it."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final
from unicodedata import category

from schemas.alerts import Alert, Difference, Finding, First, Prior, Verdict
from schemas.claims import UNATTRIBUTED, Claim, Mode

_MOST_CONFLICTS: Final = 3
_MOST_ORIGINS: Final = 8
_MOST_CHARS: Final = 600
_ID_CHARS: Final = 10
_WORTH_SHOWING: Final = 0.3
"""Of a new claim, an earlier one that is less alike than this is about something else."""

_ESCAPES: Final = re.compile("\x1b\\[[0-?]*[ -/]*[@-~]|\x1b[]P^_X][^\x07\x1b]*(?:\x07|\x1b\\\\)")
"""Whole terminal commands by ECMA-48; what is left of others is not one without its control character."""

_DIRECTIONS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Overrides of the writing direction, which make a line read as what it does not say."""

_VOICES: Final = {None: "in the article's own voice", UNATTRIBUTED: "by somebody not named clearly"}

_MODES: Final = {
    Mode.VOICE: None,
    Mode.DIRECT_QUOTE: "quoted",
    Mode.INDIRECT: "in reported speech",
    Mode.STATEMENT: "in a statement",
    Mode.CAPTION: "in a caption",
}


def plain(text: str) -> str:
    """The text on one line, without anything that a terminal obeys, cut to 600 characters.

    Joiners stay, since Persian and Indic words need them.
    """
    shown = "".join(map(_shown, _ESCAPES.sub("", text[: 10 * _MOST_CHARS])))
    line = " ".join(shown.split())
    return line if len(line) <= _MOST_CHARS else line[: _MOST_CHARS - 1] + "…"


def render_alert(alert: Alert, *, most: int = 10) -> str:
    """The alert in a few lines, its `most` strongest findings first, without a newline at the end."""
    article = alert.article
    lines = [
        f"[{plain(alert.topic)}] {plain(article.title or article.url)}",
        f"  {_source(article.publisher, article.published_at, article.observed_at)}",
        f"  {plain(article.url)}",
    ]
    for finding in alert.findings[:most]:
        lines += _finding(finding, article.url)
    if len(alert.findings) > most:
        lines.append(f"  and {len(alert.findings) - most} more findings")
    if alert.matched:
        lines.append(f"  matched: {', '.join(map(plain, alert.matched))}")
    return "\n".join(lines)


def _finding(finding: Finding, url: str) -> Iterator[str]:
    yield f"  {finding.kind.upper()} “{plain(finding.claim.text)}”"
    yield f"    said {_speaker(finding.claim)}"
    if finding.prior and finding.kind is not Verdict.NEW:
        yield from _prior("earlier", finding.prior)
    elif finding.prior and finding.prior.same >= _WORTH_SHOWING:
        yield from _prior("nearest", finding.prior)
    for conflict in finding.conflicts[:_MOST_CONFLICTS]:
        if finding.prior is None or conflict.id != finding.prior.id:
            yield from _prior("against", conflict)
    if finding.first.url != url:
        yield f"    first: {_first(finding.first)}"
    yield f"    origins: {_origins(finding.origins)} · claim {finding.claim.id[:_ID_CHARS]}"


def _speaker(claim: Claim) -> str:
    by = _VOICES.get(claim.speaker, f"by {plain(str(claim.speaker))}")
    notes = (
        _MODES[claim.mode],
        "as uncertain" if claim.hedged else None,
        "denied" if claim.negated else None,
    )
    return ", ".join([by, *filter(None, notes)])


def _prior(label: str, prior: Prior) -> Iterator[str]:
    by = f"{plain(prior.speaker)} in " if prior.speaker else ""
    yield f"    {label} ({prior.same:.0%} alike): “{plain(prior.text)}”"
    yield f"      {by}{_source(prior.publisher, prior.published_at, prior.observed_at)}, {plain(prior.url)}"
    # Of another fact, what differs says nothing.
    if label != "nearest" and prior.differs:
        yield f"      differs: {'; '.join(map(_difference, prior.differs))}"


def _difference(difference: Difference) -> str:
    before, after = (
        plain(value) if value is not None else "not said" for value in (difference.before, difference.after)
    )
    return f"{plain(difference.kind)} {before} → {after}"


def _first(first: First) -> str:
    return f"{_source(first.publisher, first.published_at, first.observed_at)}, {plain(first.url)}"


def _origins(origins: tuple[str, ...]) -> str:
    named = ", ".join(map(plain, origins[:_MOST_ORIGINS]))
    more = f" and {len(origins) - _MOST_ORIGINS} more" if len(origins) > _MOST_ORIGINS else ""
    return f"{len(origins)} ({named}{more})"


def _source(publisher: str | None, published_at: datetime | None, observed_at: datetime) -> str:
    published = f"published {_moment(published_at)}, " if published_at else ""
    return f"{plain(publisher) if publisher else 'unknown publisher'}, {published}seen {_moment(observed_at)}"


def _moment(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M}Z"


def _shown(char: str) -> str:
    if category(char) == "Cs":
        return "\ufffd"
    if category(char) == "Cc":
        return " " if char.isspace() else ""
    return "" if char in _DIRECTIONS else char
