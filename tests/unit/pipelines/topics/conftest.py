"""Builds topics for the tests of the query language."""

from typing import Any

import pytest

from pipelines.topics.matcher import TopicMatcher
from schemas.alerts import Verdict
from schemas.articles import ClaimedArticle, Hit
from schemas.watch import Topic


@pytest.fixture(scope="session")
def a_topic():
    """Makes a live topic of a query that takes in every language."""

    def make(query: str, **fields: Any) -> Topic:
        new: dict[str, Any] = {"id": "t", "languages": (), "memory": "main", "findings": tuple(Verdict)}
        return Topic(**(new | {"query": query, "worth": 0.0, "live": True} | fields))

    return make


@pytest.fixture(scope="session")
def hits_of(a_topic):
    """Gives the hits of a query in an article; None where it does not match. A query at fault raises."""

    def find(query: str, article: ClaimedArticle) -> tuple[Hit, ...] | None:
        matcher = TopicMatcher([a_topic(query)], config="digest")
        for error in matcher.errors:
            raise error
        matches = matcher.match(article.tagged)
        return matches[0].hits if matches else None

    return find
