"""Random byte mutations of real pages, from bytes to claims: each is read or refused, none crashes or hangs.

usage: python tests/soak/pages.py PAGES_FOLDER [--mutations 1000] [--seed 1] [--slow 5]
"""

import argparse
import faulthandler
import gzip
import random
import time
from collections import Counter
from pathlib import Path

from connectors.testing import a_page, an_item
from pipelines.text.claims import find_claims
from pipelines.text.entities import EntityTagger
from pipelines.text.extract import extract_articles
from pipelines.text.publishers import PublisherTable
from pipelines.topics.matcher import TopicMatcher
from pipelines.topics.relevance import matches_of
from schemas.errors import Rejected
from schemas.watch import Entity, Topic

_NOBODY = PublisherTable(())
_TAGGER = EntityTagger(
    [Entity(id="state", name="The State", aliases=("US", "Iran", "May"), not_=("may",), context=("said",))]
)
_KEPT = {"languages": (), "memory": "main", "findings": (), "worth": 0.0, "live": True}
_MATCHER = TopicMatcher(
    [Topic(id="any", query='a* OR "the said"~9 OR ="The" OR entity:state NOT lang:xx', **_KEPT)], "digest"
)
_LONGEST = 2000  # bytes that are cut, doubled or overwritten at once
_HANGS_S = 60


def main() -> None:
    """Prints how many mutated pages were read and why others were refused, and the slowest; else fails."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mutations", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slow", type=float, default=5.0, help="seconds that a page may take")
    arguments = parser.parse_args()
    files = files_in(arguments.folder)
    chance = random.Random(arguments.seed)
    ends, slowest_s = Counter[str](), 0.0
    for _ in range(arguments.mutations):
        body = mutated(gzip.decompress(chance.choice(files).read_bytes()), chance)
        started = time.process_time()
        # Where a page hangs in C, nothing else would tell in which step.
        faulthandler.dump_traceback_later(_HANGS_S, exit=True)
        ends[end_of(body)] += 1
        slowest_s = max(slowest_s, time.process_time() - started)
    faulthandler.cancel_dump_traceback_later()
    print(", ".join(f"{count} {end}" for end, count in ends.most_common()) + f"; slowest {slowest_s:.2f} s")
    if slowest_s > arguments.slow:
        raise SystemExit(f"a page took {slowest_s:.2f} s; seed {arguments.seed} shows it again")


def files_in(folder: Path) -> list[Path]:
    """The zipped pages below the folder, in order.

    Raises:
        SystemExit: there are none.
    """
    files = sorted(folder.glob("**/*.html.gz"))
    if not files:
        raise SystemExit(f"there is no page in {folder}")
    return files


def end_of(body: bytes) -> str:
    """`read`, or why a page with these bytes is refused; what is read goes on to its claims and topics."""
    item = an_item(url="https://news.example/page", title=None)
    try:
        articles = extract_articles(a_page(html=body, item=item), _NOBODY)
    except Rejected as refusal:
        return str(refusal.reason)
    for article in articles:
        claimed = find_claims(_TAGGER.tag(article))
        matches_of(claimed, _MATCHER.match(claimed.tagged))
    return "read"


def mutated(body: bytes, chance: random.Random) -> bytes:
    """The bytes with one to twenty random changes: a byte, a cut, a repetition, noise, a moved tag."""
    changed = bytearray(body)
    for _ in range(chance.randint(1, 20)):
        start = chance.randrange(len(changed) + 1)
        end = min(len(changed), start + chance.randint(1, _LONGEST))
        match chance.randrange(5):
            case 0 if start < len(changed):
                changed[start] = chance.randrange(256)
            case 1:
                del changed[start:end]
            case 2:
                changed[start:start] = changed[start:end] * chance.randint(1, 5)
            case 3:
                changed[start:end] = chance.randbytes(end - start)
            case _:
                changed[start:start] = chance.choice(
                    [b"<", b">", b"</", b"<!--", b"&#0;", b"\0", b"<p>", b"</body>", b"<table>", b"&#xd800;"]
                )
    return bytes(changed)


if __name__ == "__main__":
    main()
