"""Articles: what was read, kept for people and exports."""

from collections.abc import Sequence

from pipelines.ledger.statements import insert_new, to_text
from pipelines.ledger.tables import articles
from pipelines.ledger.transactions import Transactions
from schemas.articles import TaggedArticle


class Articles:
    """What detect read."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def save(self, tagged: Sequence[TaggedArticle]) -> None:
        """The articles are kept; one that was kept before stays as it is."""
        rows = [
            {"id": one.article.id, "observed_at": one.article.observed_at, "record": to_text(one)}
            for one in tagged
        ]
        with self._transactions.writing() as connection:
            insert_new(connection, articles, rows)
