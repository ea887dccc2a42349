"""`tocsin schemas`: the JSON Schemas of every record."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.options import write_file
from pipelines.cli.views import err, out
from schemas.errors import ConfigError
from schemas.published import published


def schemas(
    name: Annotated[
        str | None, typer.Argument(help="One schema, such as alert-1. [default: list all]")
    ] = None,
    write: Annotated[Path | None, typer.Option("--write", help="Write all of them into this folder.")] = None,
) -> None:
    """Print or write the JSON Schemas of the records that go in and out.

    For example:

        tocsin schemas alert-1
        tocsin schemas --write schemas/
    """
    files = published()
    if write is not None:
        for file, text in files.items():
            write_file(write / file, text)
        err.print(f"{len(files)} schemas written to {write}")
    elif name is None:
        for file in files:
            out.print(file.removesuffix(".json"))
    elif f"{name}.json" in files:
        typer.echo(files[f"{name}.json"], nl=False)
    else:
        raise ConfigError(f'no schema "{name}"', hint="`tocsin schemas` lists them")
