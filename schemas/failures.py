"""What was refused, and how records leave a stage."""

from enum import StrEnum

from schemas.record import Instant, record


class Reason(StrEnum):
    """Why a stage dropped or refused a record: a closed set, since reasons are metric labels."""

    EMPTY = "empty"
    """Nothing readable on the page."""
    INDEX = "index"
    """A list of articles or goods, and no article."""
    BINARY = "binary"
    """Not HTML and not text."""
    TOO_LARGE = "too_large"
    """Over a size cap."""
    TOO_SLOW = "too_slow"
    """Over a deadline."""
    OUT_OF_MEMORY = "out_of_memory"
    """Over a memory cap."""
    CRASHED = "crashed"
    """The worker process died on it."""
    MALFORMED = "malformed"
    """Cannot be read as what it claims to be."""
    UNSAFE = "unsafe"
    """Refused by a safety rule."""
    ADDRESS = "address"
    """The network address may not be fetched."""
    UNREACHABLE = "unreachable"
    """No answer, or none in time."""
    HTTP_STATUS = "http_status"
    """An answer that is not a page."""
    NOT_ALLOWED = "not_allowed"
    """robots.txt forbids it."""
    NO_CLAIM = "no_claim"
    """No checkable statement in the article."""
    NO_TOPIC = "no_topic"
    """No topic matches the article."""
    OFF_TOPIC = "off_topic"
    """The topic matches, and no claim is about it."""
    HEARD = "heard"
    """Brings only repeats."""
    JUDGED = "judged"
    """This article was judged for this topic before."""
    SHADOW = "shadow"
    """News for a topic that is not live: stored, not sent."""
    REFUSED = "refused"
    """A sink will never take it."""
    BUG = "bug"
    """An error that nobody foresaw; the detail keeps the traceback."""


@record
class Failure:
    """A record that a stage refused, kept so that it can be replayed."""

    id: str
    """Stable id of the stage and the record."""
    stage: str
    """The stage that refused it."""
    reason: Reason
    """Why, as a label."""
    detail: str
    """Why, in words; what was attempted, on what."""
    url: str | None
    """Where the record came from."""
    record: str
    """The record as the codec writes it, or the raw line where it never became a record."""
    failed_at: Instant
    """When it was refused."""
