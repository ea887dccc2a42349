"""Opening a ledger: its tables, and every way in which a database can be unusable."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, make_url

from connectors.protocol import Poll
from connectors.testing import NOON, a_failure, a_page, an_item
from pipelines.ledger import migrating
from pipelines.ledger.database import open_ledger
from pipelines.ledger.tables import METADATA, VERSION_TABLE
from pipelines.ledger.transactions import Transactions
from schemas.errors import LedgerError

MIGRATIONS = ScriptDirectory(str(Path(migrating.__file__).parent / "migrations"))


def run(file, *statements):
    """Change a database behind the ledger's back."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        return [connection.execute(statement).fetchall() for statement in statements]


def trouble_with(url, **options):
    """The message that opening gives; there is a hint as well."""
    with pytest.raises(LedgerError) as caught:
        open_ledger(url, **options)
    assert caught.value.hint
    return str(caught.value)


@pytest.fixture
def engine(tmp_path):
    """A plain connection to a file that is not there yet."""
    made = create_engine(f"sqlite:///{tmp_path / 'made.db'}")
    yield made
    made.dispose()


def test_migrations_and_tables_agree(engine):
    """The migrations make what the code declares, no more and no less, and end where the release says."""
    open_ledger(str(engine.url)).close()
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, METADATA) == []
        assert context.get_current_revision() == migrating.HEAD
    assert MIGRATIONS.get_heads() == [migrating.HEAD]


@pytest.mark.parametrize("revision", [step.revision for step in MIGRATIONS.walk_revisions()])
def test_a_ledger_of_an_earlier_release_is_brought_up(engine, revision):
    """A database at any revision can be opened and used."""
    with engine.begin() as connection:
        migrating.upgrade(connection, revision)
    with open_ledger(str(engine.url)) as ledger:
        ledger.failures.save([a_failure()])
        assert ledger.failures.waiting(limit=1) == (a_failure(),)


def test_a_migration_that_breaks_off_leaves_the_database_as_it_was(tmp_path):
    """A migration is one transaction: where its last table cannot be made, none is."""
    file = tmp_path / "half.db"
    run(file, "CREATE TABLE failures (id TEXT)")
    transactions = Transactions(make_url(f"sqlite:///{file}"), lock_wait_s=1)
    with pytest.raises(LedgerError, match="already exists"), transactions.writing() as connection:
        migrating.upgrade(connection, migrating.HEAD)
    transactions.close()
    assert run(file, "SELECT name FROM sqlite_master") == [[("failures",)]]


def test_what_was_written_is_there_after_opening_again(file):
    """A ledger outlives the program, and needs no second migration."""
    for expected in ((), (a_failure(),)):
        with open_ledger(f"sqlite:///{file}") as ledger:
            assert ledger.failures.waiting(limit=1) == expected
            ledger.failures.save([a_failure()])


def test_a_commit_outlives_a_power_cut(ledger):
    """Every connection waits for the disk, keeps readers and the writer apart, and checks references."""
    for transaction in (ledger._transactions.reading, ledger._transactions.writing):
        with transaction() as connection:
            for setting, value in (("synchronous", 2), ("journal_mode", "wal"), ("foreign_keys", 1)):
                assert connection.exec_driver_sql(f"PRAGMA {setting}").scalar() == value


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("no url", "cannot be read"),
        ("postgresql+psycopg://desk:secret@db:port/tocsin", "cannot be read"),
        ("sqlite://", "cannot be kept"),
        ("sqlite:///:memory:", "cannot be kept"),
        ("mysql://desk:secret@db/tocsin", "cannot be kept"),
        ("sqlite:////no/such/folder/tocsin.db", "folder /no/such/folder does not exist"),
    ],
)
def test_a_place_that_is_none_is_refused(url, why):
    """A URL that cannot hold a ledger is refused with the reason, and without its password."""
    message = trouble_with(url)
    assert why in message
    assert "secret" not in message


def test_a_missing_driver_is_named(monkeypatch):
    """A server's URL says which package is missing."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert "psycopg is not installed" in trouble_with("postgresql+psycopg://desk:secret@db/tocsin")


def test_a_newer_ledger_is_refused(file):
    """A ledger that a newer release wrote is left alone."""
    run(file, f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    message = trouble_with(f"sqlite:///{file}")
    assert "newer Tocsin" in message
    assert "9999" in message
    assert run(file, f"SELECT version_num FROM {VERSION_TABLE}") == [[("9999",)]]


def test_another_programs_database_is_refused(tmp_path):
    """A database that holds other tables is left alone."""
    file = tmp_path / "other.db"
    run(file, "CREATE TABLE bookmarks (url TEXT)")
    assert "another program" in trouble_with(f"sqlite:///{file}")
    assert run(file, "SELECT name FROM sqlite_master") == [[("bookmarks",)]]


def test_a_file_that_is_no_database_is_refused(tmp_path):
    """A file of anything else is left as it is."""
    file = tmp_path / "notes.db"
    file.write_bytes(b"Notes on the Veldar bridge. " * 100)
    assert "not a database" in trouble_with(f"sqlite:///{file}")
    assert file.read_bytes().startswith(b"Notes")


def test_a_folder_is_no_database(tmp_path):
    """A path that cannot be opened says so."""
    assert "cannot be opened" in trouble_with(f"sqlite:///{tmp_path}")


def test_a_damaged_file_is_named(file):
    """A database whose pages were overwritten says that it is damaged."""
    with open_ledger(f"sqlite:///{file}") as ledger:
        ledger.intake.save_pages([a_page(text="Veldar " * 20_000)])
    raw = file.read_bytes()
    file.write_bytes(raw[:4096] + b"\xff" * (len(raw) - 4096))
    assert "damaged" in trouble_with(f"sqlite:///{file}")


def test_a_locked_ledger_can_be_read_and_not_written(file):
    """While another process writes, readers go on; a writer gives up after its wait."""
    url = f"sqlite:///{file}"
    with open_ledger(url, lock_wait_s=0.01) as ledger, closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert ledger.failures.waiting(limit=1) == ()
        with pytest.raises(LedgerError, match="locked"):
            ledger.failures.save([a_failure()])
        other.rollback()
        ledger.failures.save([a_failure()])


def test_a_read_only_ledger_can_be_read_and_not_written(file):
    """A ledger that may only be read serves exports."""
    with open_ledger(f"sqlite:///{file}") as ledger:
        ledger.failures.save([a_failure()])
    with open_ledger(f"sqlite:///file:{file}?mode=ro&uri=true") as ledger:
        assert list(ledger.reading.failures()) == [a_failure()]
        with pytest.raises(LedgerError, match="read-only"):
            ledger.failures.save([a_failure(record="another")])


def test_a_full_disk_leaves_nothing_half_written(ledger):
    """What does not fit is not written in part, and there is room again for what fits."""
    with ledger._transactions.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 20}")
    large = tuple(a_page(text="Veldar " * 20_000 + str(number)) for number in range(10))
    poll = Poll(items=(an_item(),), pages=large, failures=(), cursor="c1", wait_s=60)
    with pytest.raises(LedgerError, match="full"):
        ledger.intake.save_poll("courier", poll, NOON)
    assert set(ledger.intake.counts().values()) == {0}
    assert ledger.intake.source_states() == ()
    ledger.failures.save([a_failure()])
    assert ledger.failures.waiting(limit=1) == (a_failure(),)
