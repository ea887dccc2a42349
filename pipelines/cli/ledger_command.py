"""`tocsin ledger`: what a person does with the database as a whole."""

import os
from typing import Annotated

import typer

from pipelines.cli.views import copy_progress, err
from pipelines.ledger.copying import copy_ledger
from schemas.errors import ConfigError

_BY_NAME = "env:"

ledger = typer.Typer(help="Look after the ledger, the database that Tocsin keeps everything in.")


@ledger.callback()
def _group() -> None:
    """Keeps `copy` a command of the group, though it is the only one."""


@ledger.command()
def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="The URL of the ledger to copy.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="The URL of an empty database.")],
) -> None:
    """Copy a ledger into an empty database, such as from SQLite to PostgreSQL, or back.

    Stop Tocsin first, so that nothing is written that the copy lacks. The copy is whole or, on any trouble,
    not there at all; its exports are the same. The first is not changed: one of an older release is refused.
    A URL with a password is best given as env:NAME, the name of
    an environment variable.

    For example:

        tocsin ledger copy sqlite:///tocsin.db env:LEDGER
        tocsin ledger copy sqlite:///tocsin.db postgresql+psycopg://desk@db.example/tocsin
    """
    with copy_progress(err) as told:
        counts = copy_ledger(_url(source), _url(target), told)
    for table, rows in sorted(counts.items()):
        err.print(f"{rows:>12,} {table}")
    err.print("copied; now name the new one: ledger under \\[tocsin]")


def _url(written: str) -> str:
    if not written.startswith(_BY_NAME):
        return written
    name = written.removeprefix(_BY_NAME)
    if name not in os.environ:
        raise ConfigError(f"there is no environment variable {name}", hint=f"export {name}=…")
    return os.environ[name]
