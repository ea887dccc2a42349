"""Reads the configuration from files and the environment."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from glob import glob
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipelines.config.faults import Document, Faults, Place
from pipelines.config.parse import Surroundings, parse
from pipelines.config.records import Config
from schemas.errors import ConfigError


def load_config(path: Path, environ: Mapping[str, str] | None = None) -> Config:
    """The configuration in this file and the topic files that it names.

    Raises:
        ConfigError: the file cannot be read, or anything in it is wrong; the message names all of it.
    """
    return parse_config(_read(path), path.parent, name=path.name, environ=environ)


def parse_config(
    text: str, base: Path, *, name: str = "tocsin.toml", environ: Mapping[str, str] | None = None
) -> Config:
    """The configuration in this text; relative paths, topic files among them, start at `base`.

    Raises:
        ConfigError: anything in it is wrong; the message names all of it.
    """
    faults = Faults()
    main = Document(name=name, text=text, data=_toml(text, name))
    around = Surroundings(
        base=base.absolute(),
        environ=os.environ if environ is None else environ,
        cores=os.cpu_count() or 1,
        version=version("tocsin"),
    )
    return parse(main, _topic_files(main, base, faults), around, faults)


def topic_patterns(path: Path) -> tuple[str, ...]:
    """The patterns of topic files that the configuration in this file names.

    Raises:
        ConfigError: the file cannot be read.
    """
    text = _read(path)
    main = Document(name=path.name, text=text, data=_toml(text, path.name))
    return tuple(pattern for _, pattern in _patterns(main))


def named_by(pattern: str, base: Path) -> list[str]:
    """The names of the files that fit the pattern, in order; relative ones start at `base`."""
    return sorted(glob(pattern, root_dir=base, recursive=True))  # noqa: PTH207 - Path.glob refuses absolute patterns


def _topic_files(main: Document, base: Path, faults: Faults) -> list[Document]:
    documents: dict[str, Document] = {}
    for place, pattern in _patterns(main):
        names = named_by(pattern, base)
        if not names:
            faults.warn(place, f'no file is named "{pattern}"')
        for name in names:
            try:
                text = _read(base / name)
                documents[name] = Document(name=name, text=text, data=_toml(text, name))
            except ConfigError as error:
                faults.add(place, str(error), error.hint)
    return list(documents.values())


def _patterns(main: Document) -> Iterator[tuple[Place, str]]:
    section = main.data.get("tocsin")
    patterns = section.get("topics") if isinstance(section, dict) else None
    for nth, pattern in enumerate(patterns if isinstance(patterns, list) else ()):
        if isinstance(pattern, str):
            yield Place(document=main).at("tocsin", "topics", nth), pattern


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError as error:
        hint = "`tocsin init` writes a starter file; --config names another"
        raise ConfigError(f"cannot read {path}: there is no such file", hint=hint) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read {path}: {error}") from error


def _toml(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"cannot read {name}: not TOML: {error}") from error
