"""One codec for all records: JSON with a schema tag, for Kafka, files, failures and Beam alike."""

from functools import cache
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError, from_json, to_json

from schemas.alerts import Alert, Hearing, Judgement
from schemas.articles import Article, ClaimedArticle, Match, MatchedArticle, TaggedArticle
from schemas.errors import Rejected
from schemas.failures import Failure, Reason
from schemas.items import Item, Page, StoredPage

_T = TypeVar("_T")

RECORDS: Final[dict[str, type]] = {
    "item/1": Item,
    "page/1": Page,
    "stored-page/1": StoredPage,
    "article/1": Article,
    "tagged-article/1": TaggedArticle,
    "matched-article/1": MatchedArticle,
    "claimed-article/1": ClaimedArticle,
    "match/1": Match,
    "hearing/1": Hearing,
    "judgement/1": Judgement,
    "alert/1": Alert,
    "failure/1": Failure,
}
"""Every tag ever written, and the record it decodes to."""

_TAGS: Final[dict[type, str]] = {record: tag for tag, record in RECORDS.items()}


@cache
def _adapter(tag: str) -> TypeAdapter[Any]:
    return TypeAdapter(RECORDS[tag])


def _adapter_of(record: object) -> TypeAdapter[Any]:
    return _adapter(_TAGS[type(record)])


def tag_of(record: type[Any]) -> str:
    """The schema tag that records of this type are written with."""
    return _TAGS[record]


def to_plain(record: object) -> dict[str, Any]:
    """The record as JSON-ready values, with its schema tag first."""
    fields = _adapter_of(record).dump_python(record, mode="json")
    return {"schema": tag_of(type(record)), **fields}


def encode(record: object) -> bytes:
    """The record as one line of JSON, UTF-8, with its schema tag first.

    Raises:
        Rejected: the record holds text that UTF-8 cannot carry (a lone surrogate).
    """
    try:
        body = _adapter_of(record).dump_json(record)
    except PydanticSerializationError as error:
        raise Rejected(f"cannot be written as JSON: {error}", reason=Reason.MALFORMED) from error
    return b'{"schema":' + to_json(tag_of(type(record))) + b"," + body[1:]


def decode(line: bytes | str, record: type[_T]) -> _T:
    """The record that `encode` wrote.

    Raises:
        Rejected: not JSON, another schema tag, or fields that do not fit the schema.
    """
    found = decode_any(line)
    if not isinstance(found, record):
        raise Rejected(
            f"expected a {tag_of(record)} record, found {tag_of(type(found))}",
            reason=Reason.MALFORMED,
        )
    return found


def decode_any(line: bytes | str) -> object:
    """The record that `encode` wrote, whatever its type.

    Raises:
        Rejected: not JSON, an unknown schema tag, or fields that do not fit the schema.
    """
    try:
        fields = from_json(line)
    except ValueError as error:
        raise Rejected(f"not JSON: {error}", reason=Reason.MALFORMED) from error
    tag = fields.pop("schema", None) if isinstance(fields, dict) else None
    record = RECORDS.get(tag) if isinstance(tag, str) else None
    if record is None:
        raise Rejected(
            f"unknown schema tag {tag!r}",
            reason=Reason.MALFORMED,
            hint="a newer Tocsin may have written it; upgrade before reading it",
        )
    try:
        return _adapter(tag).validate_json(to_json(fields))
    except ValidationError as error:
        raise Rejected(f"not a {tag} record: {_first_fault(error)}", reason=Reason.MALFORMED) from error


def json_schema(tag: str) -> dict[str, Any]:
    """The JSON Schema of the records written with this tag."""
    schema = _adapter(tag).json_schema()
    properties = {"schema": {"const": tag}, **schema.pop("properties")}
    required = ["schema", *schema.pop("required")]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": tag,
        "properties": properties,
        "required": required,
    }


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(step) for step in fault["loc"])
    return f"{place}: {fault['msg']}" if place else fault["msg"]
