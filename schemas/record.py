"""How every record is declared: frozen, slotted, keyword-only, strictly decoded."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, TypeVar, dataclass_transform

from pydantic import AfterValidator, AwareDatetime, ConfigDict

_T = TypeVar("_T")

_STRICT = ConfigDict(
    strict=True,
    extra="forbid",
    use_attribute_docstrings=True,
    ser_json_bytes="base64",
    val_json_bytes="base64",
    allow_inf_nan=False,
)


def _to_utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("is out of range in UTC") from error


Instant = Annotated[AwareDatetime, AfterValidator(_to_utc)]
"""A moment with a time zone, held in UTC."""


@dataclass_transform(frozen_default=True, kw_only_default=True)
def record(cls: type[_T]) -> type[_T]:
    """The class as a frozen, slotted, keyword-only dataclass that the codec decodes strictly."""
    cls.__pydantic_config__ = _STRICT  # type: ignore[attr-defined]
    return dataclass(frozen=True, slots=True, kw_only=True)(cls)
