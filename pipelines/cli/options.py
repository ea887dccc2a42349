"""Options that several commands share, so that they read and behave the same everywhere."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from pipelines.config import Config, load_config
from pipelines.config.faults import near
from pipelines.config.watching import WatchedConfig
from pipelines.ledger.database import Ledger, open_ledger
from schemas.errors import ConfigError

DEFAULT_CONFIG = Path("tocsin.toml")

ConfigOption = Annotated[
    Path, typer.Option("--config", "-c", help="The configuration file.", envvar="TOCSIN_CONFIG")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print data as JSON lines, for other programs.")]
TopicOption = Annotated[str | None, typer.Option("--topic", "-t", help="Only this topic. [default: all]")]
SinceOption = Annotated[
    str | None, typer.Option("--since", help="Only from this day or instant on, such as 2026-03-09. UTC.")
]


def config_at(path: Path) -> Config:
    """The checked configuration.

    Raises:
        ConfigError: no such file, or everything that is wrong with it.
    """
    _check_is_there(path)
    return load_config(path)


def watched_at(path: Path) -> WatchedConfig:
    """The checked configuration, and an eye on its files.

    Raises:
        ConfigError: as `config_at`.
    """
    _check_is_there(path)
    return WatchedConfig(path)


def _check_is_there(path: Path) -> None:
    if not path.exists():
        raise ConfigError(
            f"no configuration at {path}", hint="`tocsin init` writes a starter file; --config names another"
        )


def ledger_of(config: Config) -> Ledger:
    """The ledger that the configuration names, created and migrated where needed."""
    return open_ledger(config.ledger)


def known_topic(written: str | None, config: Config, ledger: Ledger) -> str | None:
    """The topic that `--topic` names.

    Raises:
        ConfigError: neither the configuration nor the ledger knows it.
    """
    known = [topic.id for topic in config.topics]
    if written is None or written in known or any(ledger.reading.judgements(topic=written)):
        return written
    hint = near(written, known, otherwise="") or "`tocsin check` lists the topics"
    raise ConfigError(f'there is no topic "{written}"', hint=hint)


def instant(written: str | None, option: str = "--since") -> datetime | None:
    """The instant that the option names; a day means its first moment.

    Raises:
        ConfigError: neither a day nor an instant.
    """
    if written is None:
        return None
    try:
        if len(written) == len("2026-03-09"):
            return datetime.combine(date.fromisoformat(written), datetime.min.time(), UTC)
        moment = datetime.fromisoformat(written)
    except ValueError as error:
        raise ConfigError(
            f'{option} "{written}" is neither a day nor an instant',
            hint="write 2026-03-09 or 2026-03-09T14:00:00Z",
        ) from error
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def write_file(path: Path, text: str) -> None:
    """The text in the file, in place of what stood there; its folder is made where it is missing.

    Raises:
        ConfigError: it cannot be written there.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"cannot write {path}: {error.strerror}", hint="name another place") from error


def utc_now() -> datetime:
    """The clock of a real run."""
    return datetime.now(UTC)
