"""Notices that the files of a configuration were changed while it is in use."""

from dataclasses import fields, replace
from pathlib import Path
from typing import Final

from pipelines.config.load import load_config, named_by, topic_patterns
from pipelines.config.records import Config
from schemas.record import record

_TAKEN_IN: Final = ("entities", "topics", "publishers", "subscriptions", "digest", "warnings")


@record
class Reloaded:
    """What a change of the files comes to."""

    config: Config
    """The running configuration, with what can be taken in while it runs."""
    waiting: tuple[str, ...]
    """Other parts that were changed; they wait for a restart."""


class WatchedConfig:
    """A configuration and the files that it comes from."""

    def __init__(self, path: Path) -> None:
        """Reads the configuration in this file.

        Raises:
            ConfigError: as `load_config`.
        """
        self._path = path
        self._patterns: tuple[str, ...] = ()
        self._seen: object = None
        self._read: object = None
        self.config = self._load()

    def look(self) -> Reloaded | None:
        """What has changed since the last look that told; None where nothing has, or is still being written.

        Files are read when two looks see them alike: whoever looks once a second leaves an editor a second.

        Raises:
            ConfigError: they were changed and cannot be read; told once for each change. `config` stays.
        """
        before, self._seen = self._seen, self._stamps()
        if self._seen in (self._read, None) or self._seen != before:
            return None
        fresh = self._load()
        changed = [each.name for each in fields(Config) if _differ(each.name, self.config, fresh)]
        if not changed:
            return None
        taken_in = {name: getattr(fresh, name) for name in _TAKEN_IN}
        self.config = replace(self.config, **taken_in)
        return Reloaded(config=self.config, waiting=tuple(name for name in changed if name not in _TAKEN_IN))

    def _load(self) -> Config:
        # Stamps before the files themselves: what changes meanwhile is seen by the next look.
        self._read = self._stamps()
        self._patterns = topic_patterns(self._path)
        self._seen = self._read = self._stamps()
        return load_config(self._path)

    def _stamps(self) -> tuple[object, ...]:
        base = self._path.parent
        names = [name for pattern in self._patterns for name in named_by(pattern, base)]
        return tuple((path, _stamp(path)) for path in [self._path, *(base / name for name in names)])


def _differ(name: str, one: Config, other: Config) -> bool:
    return bool(getattr(one, name) != getattr(other, name))


def _stamp(path: Path) -> tuple[int, ...] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
