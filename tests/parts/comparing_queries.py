"""The matcher against the obvious reading: many random queries together, over random articles."""

import random
from typing import NamedTuple

from obvious_queries import TEXT, TITLE, a_random_article, a_random_query

from pipelines.topics.matcher import TopicMatcher
from schemas.watch import Topic

TOGETHER = 500
"""Queries in one matcher."""

_ARTICLES = 10


class Round(NamedTuple):
    """What one round gave."""

    pairs: int
    matches: int
    differing: list[str]


def compare(chance: random.Random) -> Round:
    """Where the matcher and the obvious reading differ; each match is asked for its hits too."""
    queries = [a_random_query(chance) for _ in range(TOGETHER)]
    matcher = TopicMatcher([_topic(number, each.written) for number, each in enumerate(queries)], "digest")
    differing = [str(error) for error in matcher.errors]
    matches = 0
    for claimed, known in (a_random_article(chance) for _ in range(_ARTICLES)):
        expected = [str(number) for number, query in enumerate(queries) if query.holds(known, (TITLE, TEXT))]
        found = matcher.match(claimed.tagged)
        wrong = set(expected) ^ {match.topic for match in found}
        wrong |= {match.topic for match in found if not match.hits}
        article = claimed.tagged.article
        differing += [
            f"{queries[int(each)].written!r} in {article.title!r}, {article.text!r}" for each in wrong
        ]
        if list(matcher.matched(claimed.tagged)) != [match.topic for match in found]:
            differing.append(f"ids and matches differ in {article.text!r}")
        matches += len(expected)
    return Round(len(queries) * _ARTICLES, matches, differing)


def _topic(number: int, query: str) -> Topic:
    return Topic(id=str(number), query=query, languages=(), memory="main", findings=(), worth=0.0, live=True)
