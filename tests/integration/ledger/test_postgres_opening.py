"""Opening a ledger on PostgreSQL: its tables, those of earlier releases, and what is not ours."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from ledger_rounds import a_poll, a_ruling, rounds_in
from sqlalchemy import create_engine, make_url

from connectors.testing import NOON
from pipelines.ledger import migrating
from pipelines.ledger.database import Ledger, open_ledger
from pipelines.ledger.tables import METADATA, VERSION_TABLE
from pipelines.ledger.transactions import Transactions
from schemas.errors import LedgerError

MIGRATIONS = ScriptDirectory(str(Path(migrating.__file__).parent / "migrations"))
REVISIONS = [step.revision for step in MIGRATIONS.walk_revisions()]
PARTS = ("hearings_", "judgements_")


@pytest.fixture
def engine(postgres):
    """A plain connection to an empty database."""
    made = create_engine(postgres)
    yield made
    made.dispose()


def ours(_, name, kind, *__):
    """Whether the declared tables should have it: they know of no parts, nor of an index of an expression."""
    if kind == "table":
        return not name.startswith(PARTS)
    # The parts need the key that the declaration calls unique to be the first one.
    return name not in {"ix_judgements_words", "uq_hearings_id"}


def test_migrations_and_tables_agree(engine, postgres):
    """The migrations make what the code declares, but for what only PostgreSQL has."""
    open_ledger(postgres).close()
    with engine.connect() as connection:
        opts = {"version_table": VERSION_TABLE, "include_object": ours}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, METADATA) == []


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_ledger_of_an_earlier_release_is_brought_up_with_all_it_holds(engine, postgres, revision):
    """What was written at any revision is there at the newest, and writing goes on where it ended."""
    with engine.begin() as connection:
        migrating.upgrade(connection, revision)
    with Ledger(Transactions(make_url(postgres), lock_wait_s=1)) as old:
        write_round(old, 0)
    with open_ledger(postgres) as ledger:
        assert rounds_in(ledger) == (1, 1)
        write_round(ledger, 0)
        write_round(ledger, 1)
        assert rounds_in(ledger) == (2, 2)
        assert len(ledger.reading.search("statement", 100)) == len(list(ledger.reading.judgements()))


def write_round(ledger, number):
    """A poll, and a session of judging."""
    ledger.intake.save_poll("courier", a_poll(number), NOON)
    with ledger.memories.judging("main") as judging:
        ends = [judging.save(a_ruling(number, part)) for part in range(5)]
        assert ends == sorted(ends)


def test_another_programs_database_is_refused(engine, postgres):
    """A database that holds other tables is left alone."""
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE bookmarks (url text)")
    with pytest.raises(LedgerError, match="another program"):
        open_ledger(postgres)


def test_a_newer_ledger_is_refused(engine, postgres):
    """A ledger that a newer release wrote is left alone."""
    open_ledger(postgres).close()
    with engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    with pytest.raises(LedgerError, match="newer Tocsin"):
        open_ledger(postgres)
