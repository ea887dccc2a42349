"""What Tocsin will spend on input that it does not control."""

from schemas.record import record


@record
class ExtractionLimits:
    """What reading one page may cost, and how many are read at a time."""

    workers: int
    """Processes."""
    deadline_s: float = 10.0
    """Seconds of processor time for one page; then its worker dies."""
    memory_bytes: int = 1 << 30
    """Memory that a worker may hold."""
    page_bytes: int = 20_000_000
    """Larger pages are refused unread."""
