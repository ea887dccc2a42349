"""What is news: sayings that a memory heard, the judgement for a topic, the alert that is sent."""

from enum import StrEnum

from schemas.claims import Claim
from schemas.record import Instant, record


class Verdict(StrEnum):
    """What one claim is, against everything heard before."""

    NEW = "new"
    """No earlier claim says it."""
    UPDATE = "update"
    """An earlier claim, moved on: a value, a certainty or a fact added."""
    CONFLICT = "conflict"
    """It and an earlier claim cannot both hold."""
    REPEAT = "repeat"
    """Heard before: remembered and not sent."""


@record
class ArticleRef:
    """What an alert needs to know of an article."""

    id: str
    """Article id."""
    url: str
    """Where a person can read it."""
    title: str | None
    """Headline."""
    publisher: str | None
    """Publisher id."""
    published_at: Instant | None
    """The publisher's clock."""
    observed_at: Instant
    """Our clock."""


@record
class Difference:
    """One fact in which two similar claims differ."""

    kind: str
    """`quantity`, `date`, `polarity`, `certainty`, `entity` or `detail`."""
    before: str | None
    """The earlier claim's value as written; None where it gave none."""
    after: str | None
    """The later claim's value as written; None where it gives none."""


@record
class Prior:
    """An earlier claim, shown as evidence."""

    id: str
    """Claim id."""
    text: str
    """Its sentence."""
    url: str
    """Where it stands."""
    start: int
    """First code point in that article's text."""
    end: int
    """One past the last code point."""
    same: float
    """How alike the two claims are, 0..1."""
    speaker: str | None
    """Who said it then."""
    publisher: str | None
    """Who published it then."""
    published_at: Instant | None
    """The publisher's clock."""
    observed_at: Instant
    """Our clock."""
    origin: str
    """The independent origin it is credited to."""
    differs: tuple[Difference, ...]
    """What the later claim says otherwise."""


@record
class First:
    """The earliest saying of a story, by our clock, with the publisher's beside it."""

    url: str
    """Where it stands."""
    publisher: str | None
    """Who published it."""
    published_at: Instant | None
    """The publisher's clock: may be back-dated."""
    observed_at: Instant
    """Our clock: what `first` goes by."""


@record
class Saying:
    """One claim in one article, as its memory judged it, once for all topics."""

    claim: Claim
    """The claim."""
    story: str
    """Id shared by all sayings of the same claim."""
    verdict: Verdict
    """Against the whole memory; what it is for a topic depends on what the topic has heard."""
    of: str | None
    """The story that an update or a conflict is about."""
    prior: Prior | None
    """The nearest earlier claim."""
    conflicts: tuple[Prior, ...]
    """Earlier claims that cannot hold together with this one."""
    origin: str
    """The independent origin that the claim is credited to."""


@record
class Hearing:
    """What one memory heard in one article: an entry of the memory's append-only log."""

    memory: str
    """Memory id."""
    article: ArticleRef
    """The article."""
    copy_of: str | None
    """Id of the earlier article whose passage it repeats."""
    passages: tuple[int, ...]
    """Hashed word shingles of the text, sorted, for recognising copies."""
    sayings: tuple[Saying, ...]
    """The claims that this entry adds to the memory."""


@record
class Judgement:
    """One claim's verdict for one topic, with its evidence: a line of `tocsin export claims`."""

    topic: str
    """Topic id."""
    verdict: Verdict
    """What the claim is for this topic."""
    story: str
    """Id shared by all sayings of the same claim."""
    of: str | None
    """The story that an update or a conflict is about."""
    claim: Claim
    """The claim."""
    prior: Prior | None
    """The nearest earlier claim."""
    conflicts: tuple[Prior, ...]
    """Earlier claims that cannot hold together with this one."""
    article: ArticleRef
    """Where it stands."""
    origin: str
    """The independent origin that the claim is credited to."""
    origins: tuple[str, ...]
    """All independent origins of the story so far, this one included, in order of appearance."""
    first: First
    """The story's earliest saying."""


@record
class Finding:
    """What is news about one claim for one topic."""

    kind: Verdict
    """Never `repeat`: a repeat is remembered and not sent."""
    story: str
    """Id shared by all sayings of the same claim."""
    claim: Claim
    """The claim."""
    prior: Prior | None
    """The nearest earlier claim."""
    conflicts: tuple[Prior, ...]
    """Earlier claims that cannot hold together with this one."""
    origin: str
    """The independent origin that the claim is credited to."""
    origins: tuple[str, ...]
    """All independent origins of the story so far, in order of appearance."""
    first: First
    """The story's earliest saying."""


@record
class Alert:
    """The findings of one article for one topic, with evidence, sent once."""

    id: str
    """Stable id of the topic and the article."""
    topic: str
    """Topic id."""
    article: ArticleRef
    """The article that brought the news."""
    findings: tuple[Finding, ...]
    """Strongest first."""
    matched: tuple[str, ...]
    """The query terms that matched, sorted."""
    created_at: Instant
    """The article's `observed_at`, so that a replay creates the same alert."""
    config: str
    """Digest of the configuration that judged."""
