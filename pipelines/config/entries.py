"""The parts of a configuration as records: tables, lists of tables, and the options of each kind."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final, TypeVar

from connectors.kafka.settings import KafkaSettings
from connectors.registry import sink_kind, source_kind
from pipelines.config.faults import Document, Faults, Place, keys_of
from pipelines.config.records import KafkaIntakeConfig, SinkConfig, SourceConfig
from pipelines.config.sections import IntakeSection, Name, SinkSection, SourceSection
from schemas.errors import ConfigError

_MAY_HOLD_SECRETS: Final = ("tocsin", "http", "intake", "metrics", "sources", "sinks")
_BY_NAME: Final = "env:"
_OWN_KEYS: Final[dict[type, tuple[str, ...]]] = {
    head: keys_of(head) for head in (SourceSection, SinkSection, IntakeSection)
}

_T = TypeVar("_T")


def reveal_secrets(main: Document, environ: Mapping[str, str], faults: Faults) -> Document:
    """The document with each `env:NAME` replaced, in all sections but those that the digest covers."""

    def reveal(value: Any, place: Place) -> Any:
        match value:
            case str() if value.startswith(_BY_NAME):
                variable = value.removeprefix(_BY_NAME)
                if variable not in environ:
                    faults.add(place, f"the environment variable {variable} is not set")
                return environ.get(variable, value)
            case dict():
                return {key: reveal(inner, place.at(key)) for key, inner in value.items()}
            case list():
                return [reveal(inner, place.at(nth)) for nth, inner in enumerate(value)]
        return value

    top = Place(document=main)
    held = {name: reveal(main.data[name], top.at(name)) for name in _MAY_HOLD_SECRETS if name in main.data}
    return replace(main, data=main.data | held)


def read_table(kind: type[_T], name: str, main: Document, faults: Faults) -> _T | None:
    """The section `[name]`; its defaults where it is left out, None where it is wrong."""
    return faults.read(kind, main.data.get(name, {}), Place(document=main).at(name))


def read_list(kind: type[_T], name: str, documents: Sequence[Document], faults: Faults) -> list[_T]:
    """The sections `[[name]]` of all documents, without those that are wrong."""
    raw = [entry for document in documents for entry in raw_list(name, document, faults)]
    read = [faults.read(kind, entry, place) for place, entry in raw]
    return [section for section in read if section is not None]


def raw_list(name: str, document: Document, faults: Faults) -> list[tuple[Place, dict[str, Any]]]:
    """The sections `[[name]]` of one document as written, each with its place."""
    place = Place(document=document).at(name)
    listed = document.data.get(name, [])
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        faults.add(place, "should be a list of tables", f"write [[{name}]] above each")
        return []
    return [(place.at(nth), entry) for nth, entry in enumerate(listed)]


def read_sources(main: Document, base: Path, faults: Faults) -> tuple[SourceConfig, ...]:
    """The sources, each with the options of its kind; relative paths in them start at `base`."""
    sources = []
    for place, entry in raw_list("sources", main, faults):
        section, options = _read_kind(SourceSection, source_kind, entry, place, faults)
        if section is not None and options is not None:
            sources.append(
                SourceConfig(
                    name=section.name,
                    kind=section.kind,
                    publisher=section.publisher,
                    every_s=section.every,
                    options=_anchored(options, base),
                )
            )
    return tuple(sources)


def read_sinks(main: Document, base: Path, faults: Faults) -> tuple[SinkConfig, ...]:
    """The sinks, each with the options of its kind; relative paths in them start at `base`."""
    place = Place(document=main).at("sinks")
    tables = main.data.get("sinks", {})
    if not isinstance(tables, dict):
        faults.add(place, "should be tables with a name", "write [sinks.NAME] above each")
        return ()
    sinks = []
    for name, entry in tables.items():
        if not isinstance(entry, dict):
            faults.add(place.at(name), "should be a table", "write [sinks.NAME] above the keys of each sink")
            continue
        faults.read(Name, name, place.at(name))
        section, options = _read_kind(SinkSection, sink_kind, entry, place.at(name), faults)
        if section is not None and options is not None:
            sinks.append(SinkConfig(name=name, kind=section.kind, options=_anchored(options, base)))
    return tuple(sinks)


def read_intake(main: Document, base: Path, faults: Faults) -> KafkaIntakeConfig | None:
    """The Kafka topic that pages wait on; None where they wait in the ledger."""
    place = Place(document=main).at("intake")
    entry = main.data.get("intake", {})
    if not isinstance(entry, dict):
        faults.add(place, "should be a table", "write [intake] above its keys")
        return None
    if entry.get("kind") != "kafka":
        faults.read(IntakeSection, entry, place)
        return None
    own = _OWN_KEYS[IntakeSection]
    section = faults.read(IntakeSection, {key: entry[key] for key in entry if key in own}, place)
    rest = {key: entry[key] for key in entry if key not in own}
    settings = faults.read(KafkaSettings, rest, place, also=own)
    if section is None or settings is None:
        return None
    return KafkaIntakeConfig(
        settings=_anchored(settings, base),
        topic=section.topic,
        group=section.group,
        reader=section.reader,
        store=section.store,
    )


def _read_kind(
    head: type[_T], find: Callable[[str], Any], entry: dict[str, Any], place: Place, faults: Faults
) -> tuple[_T | None, Any]:
    own = _OWN_KEYS[head]
    section = faults.read(head, {key: entry[key] for key in entry if key in own}, place)
    if not isinstance(entry.get("kind"), str):
        return section, None
    try:
        kind = find(entry["kind"])
    except ConfigError as error:
        faults.add(place.at("kind"), str(error), error.hint)
        return section, None
    rest = {key: entry[key] for key in entry if key not in own}
    return section, faults.read(kind.Options, rest, place, also=own)


def _anchored(options: Any, base: Path) -> Any:
    paths = {field.name: getattr(options, field.name) for field in fields(options)}
    return replace(options, **{name: base / path for name, path in paths.items() if isinstance(path, Path)})
