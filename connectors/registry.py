"""Kinds of sources and sinks, found through entry points: a plug-in adds one without touching Tocsin."""

from difflib import get_close_matches
from functools import cache
from importlib.metadata import entry_points
from typing import cast

from connectors.protocol import Sink, Source
from schemas.errors import ConfigError

_SOURCES = "tocsin.sources"
_SINKS = "tocsin.sinks"


def source_kind(kind: str) -> type[Source]:
    """The class behind `kind = "…"` of a source.

    Raises:
        ConfigError: no installed package offers this kind.
    """
    return cast(type[Source], _load(_SOURCES, kind))


def sink_kind(kind: str) -> type[Sink]:
    """The class behind `kind = "…"` of a sink.

    Raises:
        ConfigError: no installed package offers this kind.
    """
    return cast(type[Sink], _load(_SINKS, kind))


@cache
def _load(group: str, kind: str) -> object:
    offered = {point.name: point for point in entry_points(group=group)}
    if kind not in offered:
        close = get_close_matches(kind, offered, n=1)
        hint = f'did you mean "{close[0]}"?' if close else f"known kinds: {', '.join(sorted(offered))}"
        raise ConfigError(f'no {group.removeprefix("tocsin.").removesuffix("s")} of kind "{kind}"', hint=hint)
    return offered[kind].load()
