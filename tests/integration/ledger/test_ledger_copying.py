"""A ledger moved to another database: all of it or nothing, and the exports are the same lines."""

import pytest
from ledger_rounds import a_poll, a_ruling
from sqlalchemy import make_url, select

from connectors.testing import NOON, a_failure, a_tagged_article
from pipelines.ledger.copying import copy_ledger
from pipelines.ledger.database import open_ledger
from pipelines.ledger.migrating import upgrade
from pipelines.ledger.tables import METADATA
from pipelines.ledger.transactions import Transactions
from schemas.errors import LedgerError


@pytest.fixture
def filled(tmp_path):
    """The URL of a ledger on SQLite that holds something in most tables."""
    url = f"sqlite:///{tmp_path / 'filled.db'}"
    with open_ledger(url) as ledger:
        for number in range(40):
            ledger.intake.save_poll("courier", a_poll(number), NOON)
        ledger.intake.finish_pages(ledger.intake.pending_pages(100))
        with ledger.memories.judging("main") as judging:
            for part in range(30):
                judging.save(a_ruling(1, part))
        ledger.articles.save([a_tagged_article()])
        ledger.failures.save([a_failure()])
        ledger.outbox.retry("desk", [next(ledger.reading.alerts()).id], NOON, "no answer")
    return url


def rows_of(url):
    """All rows of all tables."""
    transactions = Transactions(make_url(url), lock_wait_s=1)
    with transactions.reading() as connection:
        rows = {
            table.name: connection.execute(select(table).order_by(*table.primary_key)).all()
            for table in METADATA.sorted_tables
        }
    transactions.close()
    return rows


def test_a_copy_and_the_copy_of_the_copy_are_the_same(filled, postgres, tmp_path):
    """From SQLite to PostgreSQL and back, every row of every table is there, and writing goes on."""
    back = f"sqlite:///{tmp_path / 'back.db'}"
    told = []
    counts = copy_ledger(filled, postgres, lambda *numbers: told.append(numbers))
    assert copy_ledger(postgres, back, lambda *_: None) == counts
    assert rows_of(filled) == rows_of(postgres) == rows_of(back)
    assert counts == {name: len(rows) for name, rows in rows_of(filled).items()}
    assert told[-1] == (sum(counts.values()), sum(counts.values()))
    for url in (filled, postgres, back):
        with open_ledger(url) as ledger, ledger.memories.judging("main") as judging:
            last = list(judging.since(0))[-1][0]
            assert judging.save(a_ruling(2, 1)) == last + 1


def test_exports_of_both_are_the_same_lines(newsday, postgres, tmp_path, exported, within):
    """Alerts, claims, articles and failures of a real run do not tell which database they come from."""
    config = newsday / "tocsin.toml"
    moved = tmp_path / "tocsin.toml"
    copied = within("ledger", "copy", f"sqlite:///{newsday / 'tocsin.db'}", postgres)
    assert copied.returncode == 0, copied.stderr
    lines = [
        f'ledger = "{postgres}"' if line.startswith("ledger = ") else line
        for line in config.read_text("utf-8").splitlines()
    ]
    moved.write_text("\n".join(lines), "utf-8")
    for what in ("alerts", "claims", "articles", "failures"):
        expected = exported(config, what)
        assert expected
        assert exported(moved, what) == expected


def test_an_empty_ledger_can_be_copied(postgres, tmp_path):
    """Nothing copied is a ledger that starts at one."""
    empty = f"sqlite:///{tmp_path / 'empty.db'}"
    open_ledger(empty).close()
    assert set(copy_ledger(empty, postgres, lambda *_: None).values()) == {0}
    with open_ledger(postgres) as ledger, ledger.memories.judging("main") as judging:
        assert judging.save(a_ruling(1, 1)) == 1


def test_a_target_that_holds_something_is_refused(filled, postgres):
    """A copy never mixes two ledgers."""
    with open_ledger(postgres) as ledger:
        ledger.failures.save([a_failure()])
    before = rows_of(postgres)
    with pytest.raises(LedgerError, match="holds failures already"):
        copy_ledger(filled, postgres, lambda *_: None)
    assert rows_of(postgres) == before


def test_a_copy_that_breaks_off_leaves_nothing(filled, postgres):
    """Whatever ends it in the middle, the target is as empty as it was."""

    def break_off(done, total):
        if done > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy_ledger(filled, postgres, break_off)
    assert not any(rows_of(postgres).values())


@pytest.mark.parametrize("source", ["sqlite:////no/such.db", "no url", "env:NO_SUCH_LEDGER"])
def test_a_source_that_is_none_is_refused(source, postgres, within):
    """A wrong name is an error with a hint, and makes no file."""
    run = within("ledger", "copy", source, postgres)
    assert run.returncode in (2, 3)
    assert "hint" in run.stderr


def test_a_source_of_an_older_release_is_refused_and_not_changed(postgres, tmp_path):
    """Copying does not migrate what it copies from: the release that wrote it can go on using it."""
    url = make_url(f"sqlite:///{tmp_path / 'old.db'}")
    old = Transactions(url, lock_wait_s=1)
    with old.writing() as connection:
        upgrade(connection, "0001")
    old.close()
    before = (tmp_path / "old.db").read_bytes()
    with pytest.raises(LedgerError, match="has not the tables of this release") as refused:
        copy_ledger(str(url), postgres, lambda *_: None)
    assert "tocsin check" in refused.value.hint
    assert (tmp_path / "old.db").read_bytes() == before
