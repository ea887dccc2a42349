"""`tocsin init`: a starter file to edit."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.options import DEFAULT_CONFIG, write_file
from pipelines.cli.views import err
from schemas.errors import ConfigError


def init(
    path: Annotated[Path, typer.Argument(help="Where to write it.")] = DEFAULT_CONFIG,
    force: Annotated[bool, typer.Option("--force", help="Write over an existing file.")] = False,
) -> None:
    """Write a commented starter configuration.

    For example:

        tocsin init
        tocsin init desks/harbour.toml
    """
    if path.exists() and not force:
        raise ConfigError(f"{path} exists", hint="--force writes over it, or name another file")
    starter = files("pipelines.cli").joinpath("starter.toml").read_text(encoding="utf-8")
    write_file(path, starter)
    err.print(f"Wrote {path}. Edit sources and topics, then: tocsin check, tocsin run")
