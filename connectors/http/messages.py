"""What a fetch is asked and what it brings."""

from schemas.record import record


@record
class Validators:
    """What a host gave us to ask later whether its answer has changed."""

    etag: str | None
    """The entity tag, as sent."""
    last_modified: str | None
    """The date of last change, as sent."""


@record
class Response:
    """An answer, read to its end and decompressed."""

    url: str
    """Where the answer came from, after redirects; without credentials and fragment."""
    status: int
    """HTTP status: 2xx, or 304."""
    headers: tuple[tuple[str, str], ...]
    """Header names in lower case, with their values, in the order sent."""
    body: bytes
    """The content, decompressed; empty where not modified."""
    media_type: str
    """Type of the content as declared, in lower case, without parameters; empty where none was."""
    charset: str | None
    """Character set as declared."""
    validators: Validators
    """What to send along next time."""
    permanent_url: str | None
    """Where the address has moved for good: the last URL, where every redirect on the way was permanent."""

    @property
    def not_modified(self) -> bool:
        """Whether the host says that nothing changed since the validators were given."""
        return self.status == 304

    def header(self, name: str) -> str | None:
        """The values of a header, joined by commas; None where it was not sent. `name` in lower case."""
        values = [value for key, value in self.headers if key == name]
        return ", ".join(values) if values else None
