"""Topic matching: articles a second by number of topics, beside Lucene Monitor in the same run; and loading.

Queries are made from the stories' own words, as a desk would write them: one to three groups, of one to five
words or pairs of words each, and up to two exclusions. Figures are per second of one core, best of three.
Lucene is given the same queries and texts; it needs Java 17 and Maven, and is left out without them.

usage: python tests/bench/topics.py DATA [--stories 500]
"""

import argparse
import gzip
import json
import multiprocessing
import os
import random
import re
import resource
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from connectors.testing import a_tagged_article, an_article
from pipelines.topics.matcher import TopicMatcher
from pipelines.transforms.topic_cache import cached_table
from schemas.articles import TaggedArticle
from schemas.watch import Topic

_PEER = Path(__file__).parent / "lucene_monitor"
_RARE = (5, 500)
_FREQUENT = (50, 3_000)
_JOINED = 5
_OPERATORS = {"and", "or", "not", "near"}
_WARM = 100
_PEER_STORIES = 300


class Query(NamedTuple):
    """Groups of which each must be met by one of its terms, and terms that must not occur."""

    groups: list[list[str]]
    without: list[str]


def main() -> None:
    """Prints one line for each figure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--stories", type=int, default=500)
    arguments = parser.parse_args()
    stories = read_stories(arguments.data / "news-reuters21578/stories.jsonl.gz")
    rare, frequent = (queries_of(stories, 100_000, *often) for often in (_RARE, _FREQUENT))
    short = stories[: arguments.stories]
    long = [" ".join(stories[at : at + _JOINED]) for at in range(0, arguments.stories, _JOINED)]
    measure("10,000 topics", rare[:10_000], short)
    everything = measure("100,000 topics", rare, short)
    measure("100,000 topics, long stories", rare, long)
    measure("100,000 topics, frequent terms", frequent, short)
    measure("100,000 topics, frequent terms, long stories", frequent, long)
    load_whole_grammar(stories)
    if shutil.which("mvn") and shutil.which("java"):
        beside_the_peer(everything, rare, short[:_PEER_STORIES])


def read_stories(path: Path) -> list[str]:
    """The stories as words of ASCII letters and digits, so that everybody cuts them alike."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        read = [json.loads(line) for line in lines]
    return [
        " ".join(re.findall("[a-z0-9]+", f"{each['title'] or ''} {each['text']}".lower())) for each in read
    ]


def queries_of(stories: Sequence[str], count: int, least: int, most: int) -> list[Query]:
    """Seeded queries of words and pairs that occur in so many of the stories."""
    words: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    for story in stories:
        each = story.split()
        words.update(set(each))
        pairs.update({f"{one} {other}" for one, other in pairwise(each)})
    singles, doubles = (
        sorted(term for term, found in counted.items() if least <= found <= most and _reads_as_term(term))
        for counted in (words, pairs)
    )
    chance = random.Random(7)

    def terms(many: int, doubled: float) -> list[str]:
        drawn = (chance.choice(doubles if chance.random() < doubled else singles) for _ in range(many))
        return sorted(set(drawn))

    return [
        Query(
            [terms(chance.randint(1, 5), 0.3) for _ in range(chance.randint(1, 3))],
            terms(chance.randint(0, 2), 0.1),
        )
        for _ in range(count)
    ]


def _reads_as_term(term: str) -> bool:
    return all(len(word) > 2 and not word.isdigit() for word in term.split())


def written(query: Query) -> str:
    """The query in Tocsin's language."""
    groups = [" OR ".join(f'"{term}"' for term in group) for group in query.groups]
    return " AND ".join(f"({group})" for group in groups) + "".join(
        f' NOT "{term}"' for term in query.without
    )


def topics_of(queries: Sequence[str]) -> list[Topic]:
    """Topics that are named by their number."""
    kept = {"languages": (), "memory": "main", "findings": (), "worth": 0.0, "live": True}
    return [Topic(id=str(number), query=query, **kept) for number, query in enumerate(queries)]


def matcher_of(queries: Sequence[str]) -> TopicMatcher:
    """A matcher of topics that are named by their number."""
    matcher = TopicMatcher(topics_of(queries), "digest")
    if matcher.errors:
        raise matcher.errors[0]
    return matcher


def articles_of(stories: Sequence[str]) -> list[TaggedArticle]:
    """Articles of these texts."""
    return [
        a_tagged_article(article=an_article(title=None, text=story), mentions=(), title_entities=())
        for story in stories
    ]


def measure(what: str, queries: Sequence[Query], stories: Sequence[str]) -> TopicMatcher:
    """Prints how many articles a core matches in a second."""
    matcher = matcher_of([written(query) for query in queries])
    rate, matches = rate_of(matcher, articles_of(stories))
    words = sum(len(story.split()) for story in stories) / len(stories)
    print(
        f"{what}: {rate:,.0f} articles/s/core; {words:.0f} words and {matches:.0f} matches each", flush=True
    )
    return matcher


def rate_of(matcher: TopicMatcher, articles: Sequence[TaggedArticle]) -> tuple[float, float]:
    """Articles a second, best of three, and matches an article."""
    for article in articles[:_WARM]:
        matcher.matched(article)
    best_s, matches = float("inf"), 0
    for _ in range(3):
        started = time.process_time()
        matches = sum(len(matcher.matched(article)) for article in articles)
        best_s = min(best_s, time.process_time() - started)
    return len(articles) / best_s, matches / len(articles)


def load_whole_grammar(stories: Sequence[str]) -> None:
    """Prints what 100,000 queries of the whole language cost to load, and matches with all their places."""
    words = sorted({word for story in stories for word in story.split() if _reads_as_term(word)} - _OPERATORS)
    topics = topics_of([_a_whole_query(random.Random(number), words) for number in range(100_000)])
    with tempfile.TemporaryDirectory() as folder:
        for what in ("compiled", "read from the cache"):
            # Each in a process of its own, so that its peak is its own.
            with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as process:
                took_s, before, peak = process.submit(_load, topics, Path(folder)).result()
            print(
                f"100,000 topics of the whole language, {what}: {took_s:.1f} s; the process's peak went "
                f"from {before >> 10} to {peak >> 10} MB",
                flush=True,
            )
        matcher = TopicMatcher(topics, "digest", cached_table(topics, Path(folder)))
    rate, matches = rate_of(matcher, articles_of(stories[:200]))
    print(f"the same: {rate:,.0f} articles/s/core, {matches:.0f} matches each", flush=True)


def _load(topics: Sequence[Topic], folder: Path) -> tuple[float, int, int]:
    """Seconds to a matcher, and the peak of the process before and after, in kB."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    TopicMatcher(topics, "digest", cached_table(topics, folder))
    return time.process_time() - started, before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _a_whole_query(chance: random.Random, words: Sequence[str]) -> str:
    one, two, three, four, five, six = chance.choices(words, k=6)
    return chance.choice(
        (
            f'({one} OR "{two} {three}"~9) AND ({four} OR {five}*) NOT {six}',
            f'title:({one} OR {two}) OR ("{three} {four}" NOT {five})',
            f'="{one.capitalize()}" {two} AND (entity:{three} OR source:{four}*)',
            f"({one} AND {two}) OR ({three} AND ({four} OR {five} NOT lang:fr))",
            f'"{one} {two} {three}" OR entity:{four} AND lang:en AND ({five} OR {six})',
        )
    )


def beside_the_peer(matcher: TopicMatcher, queries: Sequence[Query], stories: Sequence[str]) -> None:
    """Prints Lucene Monitor's rates at its two best settings, ours beside, and whether matches are equal."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        asked = ({"id": str(at), "all": each.groups, "none": each.without} for at, each in enumerate(queries))
        (place / "queries.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in asked))
        told = ({"id": str(at), "text": story} for at, story in enumerate(stories))
        (place / "stories.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in told))
        single, batched = (_run_peer(place, batch, len(stories)) for batch in (1, 200))
        theirs = [line.split("\t")[1] for line in (place / "matches").read_text().splitlines()]
    articles = articles_of(stories)
    ours = [",".join(sorted(matcher.matched(article))) for article in articles]
    rate, _ = rate_of(matcher, articles)
    best = max(single["docs_per_cpu_s"], batched["docs_per_s"])
    print(
        f"Lucene Monitor, 100,000 topics: {single['docs_per_cpu_s']:.0f} articles/s/core one by one, "
        f"{batched['docs_per_s']:.0f} articles/s in batches; loaded in {single['load_s']:.0f} s, "
        f"{single['heap_mb']} MB"
    )
    print(
        f"Tocsin on the same: {rate:,.0f} articles/s/core, {rate / best:.0f} x its best; "
        f"matches {'equal' if ours == theirs else 'NOT EQUAL'}"
    )


def _run_peer(place: Path, batch: int, count: int) -> dict[str, float]:
    command = [
        _PEER / "run.sh",
        place / "queries.jsonl",
        place / "stories.jsonl",
        str(count),
        str(_WARM),
        "multifreq",
    ]
    options = f"-Xmx6g -XX:+UseParallelGC -XX:ParallelGCThreads=1 -Dbatch={batch}"
    if batch == 1:
        command.append(place / "matches")
    ran = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, "JAVA_OPTS": options}
    )
    return dict(json.loads(ran.stdout.splitlines()[-1]))


if __name__ == "__main__":
    main()
