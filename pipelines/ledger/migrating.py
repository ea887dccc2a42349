"""How a database gets the tables of this release."""

from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, column, func, inspect, select, table, text

from pipelines.ledger.tables import VERSION_TABLE
from pipelines.ledger.transactions import Transactions
from schemas.errors import LedgerError

if TYPE_CHECKING:
    from alembic.config import Config

HEAD: Final = "0003"
"""The revision of the tables that this release works with: the newest migration."""

_MIGRATION_LOCK: Final = 0x70C51  # any number that stays the same


def migrate(transactions: Transactions) -> None:
    """The database has the tables of this release, all of them or, on any trouble, those it had before.

    Raises:
        LedgerError: it holds something else, was written by a newer release, or cannot be written.
    """
    with transactions.reading() as connection:
        if _revision(connection) == HEAD:
            return
    with transactions.writing() as connection:
        _wait_for_others(connection)
        _check_ours(connection, transactions.name)
        upgrade(connection, HEAD)


def check_current(transactions: Transactions) -> None:
    """Returns where the database has the tables of this release, and changes nothing.

    Raises:
        LedgerError: it is of another release, or no ledger.
    """
    with transactions.reading() as connection:
        if _revision(connection) == HEAD:
            return
        _check_ours(connection, transactions.name)
        raise LedgerError(
            f"the ledger {transactions.name} has not the tables of this release, and is left as it is",
            hint="back it up and let `tocsin check` bring it to this release, or copy with its own",
        )


def upgrade(connection: Connection, revision: str) -> None:
    """The database has the tables of this revision, within the connection's transaction."""
    # Loaded here: it takes 0.4 s, and only the first start after an installation needs it.
    from alembic import command

    command.upgrade(_alembic(connection), revision)


def _wait_for_others(connection: Connection) -> None:
    # SQLite has locked the database already.
    if connection.dialect.name == "postgresql":
        # Large tables take their time, and whoever comes second waits for as long as that.
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(select(func.pg_advisory_xact_lock(_MIGRATION_LOCK)))


def _check_ours(connection: Connection, name: str) -> None:
    from alembic.script import ScriptDirectory

    found = _revision(connection)
    if found is None and inspect(connection).get_table_names():
        raise LedgerError(
            f"cannot use {name} as a ledger: it holds tables of another program",
            hint="give Tocsin a database of its own",
        )
    known = {step.revision for step in ScriptDirectory.from_config(_alembic(connection)).walk_revisions()}
    if found is not None and found not in known:
        raise LedgerError(
            f"cannot open the ledger {name}: a newer Tocsin wrote it "
            f"(its tables are at revision {found}, this release knows up to {HEAD})",
            hint="upgrade Tocsin, or use a ledger of this release",
        )


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.scalar(select(column("version_num")).select_from(table(VERSION_TABLE)))


def _alembic(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "pipelines.ledger:migrations")
    config.attributes["connection"] = connection
    return config
