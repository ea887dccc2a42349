"""A ledger of its own for each test: a copy of one that was migrated once."""

import shutil

import pytest

from pipelines.ledger.database import open_ledger


@pytest.fixture(scope="session")
def _empty(tmp_path_factory):
    file = tmp_path_factory.mktemp("ledger") / "empty.db"
    open_ledger(f"sqlite:///{file}").close()
    return file


@pytest.fixture
def file(_empty, tmp_path):
    """The path of an empty ledger."""
    return shutil.copy(_empty, tmp_path / "tocsin.db")


@pytest.fixture
def ledger(file):
    """An empty ledger."""
    with open_ledger(f"sqlite:///{file}") as opened:
        yield opened
