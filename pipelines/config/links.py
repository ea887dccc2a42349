"""What the parts of a configuration say of each other: names taken twice, and names that nobody has."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

from pipelines.config.entries import raw_list
from pipelines.config.faults import Document, Faults, Place, near

_Entries = list[tuple[Place, dict[str, Any]]]


def check_links(main: Document, topic_files: Sequence[Document], faults: Faults) -> None:
    """Adds a fault for each name taken twice and each name that nobody has; warns of topics that go nowhere.

    Works on what is written, so that a part that is wrong for another reason causes no further faults.
    """
    everywhere = (main, *topic_files)
    sources = raw_list("sources", main, faults)
    publishers = raw_list("publishers", main, faults)
    topics = [entry for document in everywhere for entry in raw_list("topics", document, faults)]
    entities = [entry for document in everywhere for entry in raw_list("entities", document, faults)]
    subscriptions = raw_list("subscriptions", main, faults)
    _check_unique(sources, "name", faults)
    for entries in (publishers, topics, entities):
        _check_unique(entries, "id", faults)
    _check_domains(publishers, faults)
    _check_known(sources, "publisher", _named(publishers), faults)
    sinks = main.data.get("sinks", {})
    _check_known(subscriptions, "sink", list(sinks) if isinstance(sinks, dict) else [], faults)
    _check_routes(topics, subscriptions, faults)


def _named(entries: _Entries) -> list[str]:
    return [entry["id"] for _, entry in entries if isinstance(entry.get("id"), str)]


def _check_unique(entries: _Entries, key: str, faults: Faults) -> None:
    taken: dict[str, Place] = {}
    for place, entry in entries:
        name = entry.get(key)
        if not isinstance(name, str):
            continue
        if name in taken:
            faults.add(place.at(key), f'"{name}" is already taken', f"see {taken[name]}")
        taken.setdefault(name, place)


def _check_domains(publishers: _Entries, faults: Faults) -> None:
    taken: dict[str, Place] = {}
    for place, entry in publishers:
        domains = entry.get("domains")
        for nth, domain in enumerate(domains if isinstance(domains, list) else ()):
            if not isinstance(domain, str):
                continue
            if domain.lower() in taken:
                hint = f"see {taken[domain.lower()]}"
                faults.add(place.at("domains", nth), f'"{domain}" already has a publisher', hint)
            taken.setdefault(domain.lower(), place)


def _check_known(entries: _Entries, key: str, known: list[str], faults: Faults) -> None:
    listed = "known ones: " if known else ""
    taken = set(known)
    for place, entry in entries:
        name = entry.get(key)
        if isinstance(name, str) and name not in taken:
            faults.add(place.at(key), f'there is no {key} "{name}"', near(name, known, otherwise=listed))


def _check_routes(topics: _Entries, subscriptions: _Entries, faults: Faults) -> None:
    ids = _named(topics)
    routed: set[str] = set()
    for place, entry in subscriptions:
        patterns = entry.get("topics")
        for nth, pattern in enumerate(patterns if isinstance(patterns, list) else ()):
            if not isinstance(pattern, str):
                continue
            matched = [topic for topic in ids if fnmatchcase(topic, pattern)]
            routed.update(matched)
            if not matched:
                hint = near(pattern, ids, otherwise="")
                faults.warn(place.at("topics", nth), f'"{pattern}" matches no topic', hint)
    for place, entry in topics:
        topic = entry.get("id")
        if isinstance(topic, str) and topic not in routed and entry.get("stage") != "shadow":
            faults.warn(place, f'no subscription routes topic "{topic}", so its alerts go nowhere')
