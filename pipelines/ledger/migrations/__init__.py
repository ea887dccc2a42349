"""How the tables came about, one file for each change, in the form that Alembic runs.

A change of the tables is a new file in `versions`, next revision number, and a new `HEAD` in
`pipelines.ledger.migrating`. A file that was released is never changed. A test compares their sum with the
tables of `pipelines.ledger.tables`.
"""
