"""Pages that stand in the way of an article: consent walls, robot checks, error pages."""

import re
from typing import Final

_AGREE: Final = "|".join(
    "accept agree allow consent reject manage akzeptier zustimm einwillig ablehn refuser acept aceit rechaz"
    " accett rifiut akkoord godkänn godta zaakceptuj zgadzam kabul принять".split()
)
_CONSENT: Final = (
    rf"\b(?:{_AGREE})\w*\b.{{0,60}}\bcookies?\b",
    rf"\bcookies?\b.{{0,120}}\b(?:{_AGREE})",
    r"\bwe (?:value|care about) your privacy\b",
    r"\bbefore you continue to\b",
)
_ROBOT: Final = (
    r"\bcaptcha\b",
    r"\b(?:not|are you) a robot\b",
    r"\bare (?:a )?human\b",
    r"\b(?:checking|verifying) (?:your browser|you are)\b",
    r"\bunusual (?:traffic|activity) from your\b",
    r"\b(?:enable|turn on|activate|requires?) (?:cookies and )?javascript\b",
    r"\bjavascript (?:is|must be) (?:disabled|required|enabled)\b",
    r"\baccess (?:to this page has been )?denied\b",
)
_ERROR: Final = (
    r"\b(?:page|url) (?:you (?:requested|(?:are|were) looking for) )?"
    r"(?:was not found|not found|could not be found|cannot be found|can't be found|does(?: not|n't) exist)\b",
    r"\b404\b.{0,20}\b(?:error|not found)\b|\berror 404\b",
    r"\bseite (?:wurde )?nicht gefunden\b|\bpage (?:introuvable|non trouvée)\b",
    r"\bpágina no (?:encontrada|existe)\b|\bpagina non trovata\b",
)
_WALLS: Final = tuple(
    (kind, chars, re.compile("|".join(phrases), re.IGNORECASE | re.DOTALL))
    for kind, chars, phrases in (
        ("a consent wall", 800, _CONSENT),
        ("a robot check", 300, _ROBOT),
        ("an error page", 300, _ERROR),
    )
)
"""The kind, the most characters that such a page holds, and its phrases: longer texts are about them."""


def wall_in(text: str) -> str | None:
    """What kind of wall a page's whole text is, in words; None where it may be an article.

    Only short texts with a wall's own phrases count: to lose an article is worse than to read a wall.
    """
    return next(
        (kind for kind, chars, phrases in _WALLS if len(text) <= chars and phrases.search(text)), None
    )
