"""The command `tocsin`: what each command does is told by `tocsin COMMAND --help`."""

import logging
import sys
import traceback
from importlib.metadata import version
from typing import Annotated

import typer

from pipelines.cli import (
    batch,
    checking,
    demo,
    entities_command,
    explain,
    export,
    init,
    ledger_command,
    reading,
    replay,
    run,
    schemas_command,
)
from pipelines.cli.views import tell
from schemas.errors import ConfigError, LedgerError, TocsinError

_HELP = """Tells you when a claim is new, who said it first, who only copied it, and who contradicts it.

Start with `tocsin demo`, then `tocsin init` and `tocsin run`.

Exit codes: 0 done, 1 something to look at, 2 the configuration or the call is wrong,
3 the ledger cannot be used.
"""

app = typer.Typer(
    help=_HELP, no_args_is_help=True, rich_markup_mode="markdown", pretty_exceptions_enable=False
)
app.command()(demo.demo)
app.command()(init.init)
app.command()(checking.check)
app.command()(run.run)
app.command()(run.collect)
app.command()(run.detect)
app.command()(run.publish)
app.command()(explain.explain)
app.command()(reading.alerts)
app.command()(reading.search)
app.command()(reading.story)
app.command()(export.export)
app.command()(batch.batch)
app.command()(replay.replay)
app.command()(schemas_command.schemas)
app.add_typer(entities_command.entities, name="entities")
app.add_typer(ledger_command.ledger, name="ledger")


_log = logging.getLogger("tocsin")


def _tell_version(asked: bool) -> None:
    if asked:
        print(f"tocsin {version('tocsin')}")
        raise typer.Exit


@app.callback()
def _every_command(
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Tell what happens, and show tracebacks.")
    ] = False,
    _: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Tell the version.")
    ] = False,
) -> None:
    # Before Beam is loaded: it logs through the root logger on import and would configure it on the way.
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.ERROR)
    _log.setLevel(logging.INFO if verbose else logging.WARNING)


def main() -> None:
    """Runs the command line; an expected error is one line and a hint on standard error."""
    try:
        sys.exit(app(standalone_mode=False))
    except TocsinError as error:
        if _log.isEnabledFor(logging.INFO):
            traceback.print_exc()
        tell(error)
        sys.exit(_exit_code(error))
    except typer.TyperException as error:
        # Without a message it is a call without any argument: the help has been shown.
        if message := error.format_message():
            tell(ConfigError(message, hint="--help after a command tells what it takes"))
        sys.exit(error.exit_code)


def _exit_code(error: TocsinError) -> int:
    match error:
        case ConfigError():
            return 2
        case LedgerError():
            return 3
        case _:
            return 1
