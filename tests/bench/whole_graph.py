"""The whole graph against bare trafilatura: the same pages, the same number of processes, turn by turn.

Bare trafilatura gives text and metadata; the graph reads the pages from its ledger, extracts, tags, matches
twenty topics, finds the claims of what matches, judges them, and writes it all down. Then what comes after
extraction is timed alone, article by article, without Beam and ledger.

usage: python tests/bench/whole_graph.py PAGES_FOLDER [--pages 200] [--runs 5]
"""

import argparse
import gzip
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import trafilatura

from connectors.protocol import Poll
from connectors.testing import a_page, an_item
from pipelines.config import Config, parse_config
from pipelines.detect import run_cycle
from pipelines.ledger.database import open_ledger
from pipelines.memory.encoders.load import ENCODERS
from pipelines.memory.hearing import Listener
from pipelines.memory.index import MemoryIndex
from pipelines.memory.origins import Families
from pipelines.metrics import Tally
from pipelines.text.claims import find_claims
from pipelines.text.entities import EntityTagger
from pipelines.text.extract import extract_articles
from pipelines.text.publishers import PublisherTable
from pipelines.topics.matcher import TopicMatcher
from pipelines.topics.relevance import matches_of
from schemas.items import Page

_PROCESSES = 2
_QUERIES = {
    "un": 'entity:un OR "united nations"',
    "climate": '"climate change" OR "global warming" OR emission*',
    "vaccines": "vaccin* AND (covid OR virus OR measles)",
    "central-banks": '"interest rate*" OR "central bank*" OR "federal reserve"',
    "supreme-court": '"supreme court" AND (ruling OR justice*)',
    "ukraine": "ukrain* AND (russia* OR war)",
    "china-trade": "china AND (tariff* OR export*)",
    "elections": "election* AND (candidate* OR ballot* OR turnout)",
    "wildfires": "wildfire* OR bushfire*",
    "space": "nasa OR spacex OR satellite*",
    "data-leaks": '("data breach" OR ransomware OR hacker*) AND NOT film',
    "housing": '"house prices" OR mortgage*',
    "drugs": "opioid* OR fentanyl OR cocaine",
    "football": '"premier league" OR "champions league" OR "world cup"',
    "airlines": "airline* AND (crash* OR strike* OR boeing)",
    "crypto": "bitcoin OR cryptocurrenc*",
    "police": "police AND (shooting OR custody)",
    "refugees": "refugee* OR asylum*",
    "energy": '"oil price*" OR "natural gas" OR opec',
    "ai": '"artificial intelligence" OR chatbot*',
}
TOPICS = """
[[entities]]
id = "un"
name = "United Nations"
aliases = ["UN", "U.N."]
""" + "".join(f"[[topics]]\nid = '{name}'\nquery = '{query}'\n" for name, query in _QUERIES.items())
"""Parts of a configuration: twenty topics, of which one page in four matches one."""

_CONFIG = """
[tocsin]
ledger = "sqlite:///{ledger}"
[extraction]
workers = 2
"""


def main() -> None:
    """Prints the seconds of each turn, and the median of the ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    files = sorted(arguments.folder.glob("articles-*/html/*.html.gz"))[: arguments.pages]
    htmls = [gzip.decompress(path.read_bytes()) for path in files]
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["trafilatura"])
    with context.Pool(_PROCESSES) as pool:
        pool.map(_bare, htmls[:8])
        _graph(htmls[:8])
        pairs = [(_timed(pool, htmls), _graph(htmls)) for _ in range(arguments.runs)]
    for bare_s, graph_s in pairs:
        print(f"bare {bare_s:.2f} s   whole graph {graph_s:.2f} s   ratio {graph_s / bare_s:.3f}")
    ratios = [graph_s / bare_s for bare_s, graph_s in pairs]
    print(f"{len(htmls)} pages, {_PROCESSES} processes, median ratio {statistics.median(ratios):.3f}")
    taken_ms = sorted(_after_extraction(htmls))
    p50, p95 = (taken_ms[int(len(taken_ms) * part)] for part in (0.5, 0.95))
    mean = statistics.mean(taken_ms)
    print(f"after extraction, each article: p50 {p50:.2f} ms, p95 {p95:.2f} ms, mean {mean:.2f} ms")


def _bare(html: bytes) -> int:
    document = trafilatura.bare_extraction(html, include_comments=False, with_metadata=True)
    return len(document.text or "") if document else 0


def _timed(pool: "multiprocessing.pool.Pool", htmls: list[bytes]) -> float:
    started = time.perf_counter()
    pool.map(_bare, htmls, chunksize=1)
    return time.perf_counter() - started


def _graph(htmls: list[bytes]) -> float:
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        config = _config(folder)
        with open_ledger(config.ledger) as ledger:
            poll = Poll(items=(), pages=_pages(htmls), failures=(), cursor=None, wait_s=60)
            ledger.intake.save_poll("bench", poll, now)
            tally = Tally()
            started = time.perf_counter()
            while run_cycle(config, ledger, tally):
                pass
            took_s = time.perf_counter() - started
        for each in tally.stages():
            print(f"  {each.stage}: {each.entered} in, {each.out} out, {each.dropped} {each.failed}")
    return took_s


def _after_extraction(htmls: list[bytes]) -> Iterator[float]:
    """Milliseconds that each article takes to be tagged and matched, and its claims found and judged."""
    config = _config("")
    tagger, matcher = EntityTagger(config.entities), TopicMatcher(config.topics, config.digest)
    listener = Listener("main", MemoryIndex(ENCODERS), ENCODERS, Families(config.publishers))
    for article in chain.from_iterable(extract_articles(page, PublisherTable(())) for page in _pages(htmls)):
        started = time.perf_counter()
        tagged = tagger.tag(article)
        if topics := matcher.match(tagged):
            listener.hear(matches_of(find_claims(tagged), topics))
        yield (time.perf_counter() - started) * 1000


def _config(folder: str) -> Config:
    return parse_config(_CONFIG.format(ledger=Path(folder) / "bench.db") + TOPICS, Path(folder))


def _pages(htmls: list[bytes]) -> tuple[Page, ...]:
    items = (
        an_item(url=f"https://bench.example/{n}", published_at=None, title=None) for n in range(len(htmls))
    )
    return tuple(a_page(item=item, html=html) for item, html in zip(items, htmls, strict=True))


if __name__ == "__main__":
    main()
