"""What holds of a ledger on SQLite holds on PostgreSQL: the linked files are the very unit tests."""

import pytest
from sqlalchemy import create_engine, make_url

from pipelines.ledger.database import open_ledger
from pipelines.ledger.tables import METADATA

_EMPTY = "TRUNCATE {} RESTART IDENTITY"


@pytest.fixture(scope="session")
def _url(_postgres_server):
    url = _postgres_server.fresh("unit")
    open_ledger(url).close()
    return url


@pytest.fixture
def ledger(_url):
    """An empty ledger: one database for all tests, since to make one takes longer than a test."""
    engine = create_engine(make_url(_url))
    with engine.begin() as connection:
        connection.exec_driver_sql(_EMPTY.format(", ".join(METADATA.tables)))
    engine.dispose()
    with open_ledger(_url) as opened:
        yield opened
