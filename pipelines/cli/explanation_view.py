"""How `tocsin explain` looks in a terminal: every record and decision of one article, step by step."""

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from connectors.sinks.rendering import plain
from pipelines.cli.views import COLOURS
from pipelines.explaining import Compared, Ending, Explanation, Reach
from schemas.alerts import Difference, Judgement
from schemas.articles import Hit, Match
from schemas.claims import Claim, Quantity

_SHOWN = 6
_COMPARED = 3
_ENTRIES = 10
_BEGINNING = 50


def explanation(told: Explanation) -> Group:
    """Each record and decision of one article, in the order of the steps."""
    texts = {claim.id: claim for claim in told.claimed.claims}
    steps = (
        _article(told),
        _entities(told),
        _unknown(told),
        _claims(told),
        _silences(told),
        _topics(told, texts),
        _verdicts(told),
        _endings(told),
    )
    return Group(*(line for step in steps for line in step))


def page_view(kind: str, why: str, entries: Sequence[str]) -> Group:
    """What a page is and why, and the first entries of an index."""
    lines = [_line(2, (entry, "dim")) for entry in entries[:_ENTRIES]]
    if len(entries) > _ENTRIES:
        lines.append(_line(2, (f"and {len(entries) - _ENTRIES} more lines", "dim")))
    return Group(_step("page", f"{kind}: {why}"), *lines)


def _article(told: Explanation) -> Iterator[Padding]:
    article = told.claimed.tagged.article
    yield _step("article", f"{article.title or 'no title'} · {len(article.text)} characters")
    facts: dict[str, object] = {
        "id": article.id,
        "url": article.url,
        "publisher": article.publisher,
        "authors": ", ".join(article.authors),
        "published": article.published_at,
        "updated": article.updated_at,
        "observed": article.observed_at,
        "language": article.language,
    }
    if article.span:
        facts["part"] = article.part + 1
        facts["place"] = f"[{article.span.start}:{article.span.end}] of the page"
        facts["permalink"] = article.permalink
    for name, value in facts.items():
        yield _line(2, (f"{name}: ", "dim"), str(value) if value else "not given")


def _entities(told: Explanation) -> Iterator[Padding]:
    tagged = told.claimed.tagged
    named = list(dict.fromkeys([*tagged.title_entities, *(each.entity for each in tagged.mentions)]))
    yield _step("entities", f"{len(tagged.mentions)} mentions of {len(named)}")
    for entity in named:
        mentions = [each for each in tagged.mentions if each.entity == entity]
        places = [f"{each.text} [{each.start}:{each.end}]" for each in mentions]
        places += [
            f"{each.text} [{each.start}:{each.end}] refers to it"
            for each in tagged.references
            if each.entity == entity
        ]
        if entity in tagged.title_entities:
            places.insert(0, "in the title")
        yield _line(2, (entity, "bold"), f": {_few(places)}")


def _unknown(told: Explanation) -> Iterator[Padding]:
    names = list(dict.fromkeys(each.text for each in told.unknown))
    yield _step("unknown", f"{len(names)} names that nobody watches")
    if names:
        yield _line(2, _few(names))


def _claims(told: Explanation) -> Iterator[Padding]:
    satire = told.claimed.tagged.article.satire
    yield _step("claims", "none: it says that it is satire" if satire else str(len(told.claimed.claims)))
    shown = -1
    for claim in told.claimed.claims:
        if claim.start != shown:
            yield _line(2, (f"[{claim.start}:{claim.end}] ", "dim"), claim.text)
        shown = claim.start
        yield _line(4, (" · ".join(_marks(claim)), "dim"))


def _marks(claim: Claim) -> Iterator[str]:
    yield f"{claim.mode} by {claim.speaker or 'the article'}"
    yield f"worth {claim.worth:.2f}"
    if claim.hedged:
        yield "hedged"
    if claim.negated:
        yield "denied"
    yield from (f"{each.text} = {_amount(each)}" for each in claim.quantities)
    yield from (f"{each.text} = {each.value or 'unknown'}" for each in claim.dates)
    if claim.mentions:
        yield "names " + ", ".join(dict.fromkeys(each.entity for each in claim.mentions))


def _amount(quantity: Quantity) -> str:
    low, high = (None if end is None else f"{end:,.12g}" for end in (quantity.low, quantity.high))
    span = (low or "some") if low == high else f"{low or ''}..{high or ''}"
    return f"{span} {quantity.unit}".rstrip()


def _silences(told: Explanation) -> Iterator[Padding]:
    yield _step("silent", f"{len(told.silences)} sentences without a claim")
    for each in told.silences:
        yield _line(2, (f"[{each.start}:{each.end}] ", "dim"), f"{each.why}: {_beginning(each.text)}")


def _topics(told: Explanation, claims: dict[str, Claim]) -> Iterator[Padding]:
    others = f"; not {_few(told.unmatched)}" if told.unmatched else ""
    yield _step("topics", f"{len(told.matches)} match{others}")
    for error in told.errors:
        yield _line(2, ("left out: ", "red"), str(error).partition("\n")[0])
    for match, reach in zip(told.matches, told.reaches, strict=True):
        yield from _match(match, reach, claims)


def _match(match: Match, reach: Reach, claims: dict[str, Claim]) -> Iterator[Padding]:
    stage = "live" if match.live else "shadow"
    yield _line(2, (match.topic, "bold"), f" · {stage}, memory {match.memory}")
    for term in dict.fromkeys(hit.term for hit in match.hits):
        places = [_place(hit) for hit in match.hits if hit.term == term]
        yield _line(4, (term, "green"), f": {_few(places)}")
    parts = ", ".join(f"[{start}:{end}]" for start, end in reach.parts)
    total = len(match.claims) + len(reach.left_out)
    yield _line(4, f"{len(match.claims)} of {total} claims are in the parts about it: {parts}")
    for claim in (claims[left_out] for left_out in reach.left_out):
        yield _line(4, (f"[{claim.start}:{claim.end}] ", "dim"), f"outside of them: {_beginning(claim.text)}")


def _place(hit: Hit) -> str:
    return f"{hit.field} [{hit.start}:{hit.end}]"


def _verdicts(told: Explanation) -> Iterator[Padding]:
    yield _step("verdicts", str(len(told.judgements)))
    for each in told.judgements:
        compared = [one for one in told.compared if one.claim == each.claim.id]
        yield from _verdict(each, compared)


def _verdict(judgement: Judgement, compared: Sequence[Compared]) -> Iterator[Padding]:
    head = (str(judgement.verdict), f"bold {COLOURS[judgement.verdict]}")
    yield _line(2, head, f" for {judgement.topic}: {judgement.claim.text}")
    first = judgement.first
    said = f"first said by {first.publisher or first.url} at {first.observed_at:%Y-%m-%d %H:%M}"
    yield _line(4, f"story {judgement.story[:12]} · {said}")
    yield _line(4, f"origin {judgement.origin}; {len(judgement.origins)} so far: {_few(judgement.origins)}")
    if prior := judgement.prior:
        yield _line(4, f"nearest {prior.same:.2f}, by {prior.publisher or prior.url}: {prior.text}")
        yield _line(6, (_differs(prior.differs), "dim"))
    for conflict in judgement.conflicts:
        yield _line(4, ("conflicts with ", "red"), f"{conflict.text} · {_differs(conflict.differs)}")
    nearest = judgement.prior and judgement.prior.id
    for each in [each for each in compared if each.prior != nearest][:_COMPARED]:
        yield _line(4, (f"{each.same:.2f} {_beginning(each.text)} · {_differs(each.differs)}", "dim"))


def _differs(differs: Iterable[Difference]) -> str:
    said = [f"{each.kind} {each.before or 'none'} → {each.after or 'none'}" for each in differs]
    return ", ".join(said) or "no fact differs"


def _endings(told: Explanation) -> Iterator[Padding]:
    alerts = sum(each.alert is not None for each in told.endings)
    yield _step("alerts", str(alerts))
    for each in told.endings:
        yield _line(2, (each.topic, "bold"), f": {_ending(each)}")


def _ending(ending: Ending) -> str:
    if ending.alert is None:
        return f"none: {ending.reason}"
    return f"alert {ending.alert[:12]} to {', '.join(ending.sinks) or 'nobody: no subscription names it'}"


def _step(name: str, summary: str) -> Padding:
    return _line(0, (name, "bold cyan"), f"  {summary}")


def _line(depth: int, *parts: str | tuple[str, str]) -> Padding:
    """The parts, folded under their own beginning, with nothing in them that a terminal obeys."""
    safe = [_safe(part) if isinstance(part, str) else (_safe(part[0]), part[1]) for part in parts]
    return Padding(Text.assemble(*safe), (0, 0, 0, depth), expand=False)


def _safe(part: str) -> str:
    before = len(part) - len(part.lstrip(" "))
    after = len(part) - len(part.rstrip(" "))
    return " " * before + plain(part) + " " * (after if before < len(part) else 0)


def _few(many: Sequence[str]) -> str:
    more = f" and {len(many) - _SHOWN} more" if len(many) > _SHOWN else ""
    return ", ".join(many[:_SHOWN]) + more


def _beginning(text: str) -> str:
    return text if len(text) <= _BEGINNING else f"{text[:_BEGINNING].rstrip()}…"
