"""Takes in what was changed in the configuration, and says what of it cannot be."""

import logging

from pipelines.config import Config
from pipelines.config.watching import Reloaded, WatchedConfig
from schemas.errors import ConfigError

_log = logging.getLogger("tocsin")


def look(watched: WatchedConfig) -> Reloaded | None:
    """What has changed, if anything has; files that cannot be read are told, once, and change nothing."""
    try:
        return watched.look()
    except ConfigError as error:
        _log.error("reloading the configuration: %s (hint: %s); the one before stays", error, error.hint)
        return None


def make_ready(before: Config, config: Config) -> None:
    """What judging by the configuration needs is there; topics that cannot be read are told, once.

    Takes seconds with many topics, and more where they were changed.
    """
    # Beam takes a second to load: only in a process that judges.
    from pipelines.transforms.match import matcher_of
    from pipelines.transforms.tag import tagger_of

    tagger_of(config.entities)
    known = {str(error) for error in matcher_of(before.topics, before.digest).errors}
    for error in matcher_of(config.topics, config.digest).errors:
        if str(error) not in known:
            _log.error("%s (hint: %s); this topic is left out", error, error.hint)


def tell(found: Reloaded) -> None:
    """In the log: what was taken in, and what was not."""
    config = found.config
    for warning in config.warnings:
        _log.warning("%s", warning)
    if found.waiting:
        _log.warning("changed, and taken in at the next start: %s", ", ".join(found.waiting))
    _log.warning(
        "the configuration was reloaded: %d topics and %d entities, digest %s",
        len(config.topics),
        len(config.entities),
        config.digest,
    )
