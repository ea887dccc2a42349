"""Random byte mutations of real pages: each is read or refused, none crashes or hangs.

usage: python tests/soak/pages.py PAGES_FOLDER [--mutations 1000] [--seed 1] [--slow 5]
"""

import argparse
import gzip
import random
import time
from pathlib import Path

from connectors.testing import a_page, an_item
from pipelines.text.extract import extract_articles
from pipelines.text.publishers import PublisherTable
from schemas.errors import Rejected

_NOBODY = PublisherTable(())
_LONGEST = 2000  # bytes that are cut, doubled or overwritten at once


def main() -> None:
    """Prints how many mutated pages were read and refused, and the slowest; ends with an error otherwise."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mutations", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slow", type=float, default=5.0, help="seconds that a page may take")
    arguments = parser.parse_args()
    files = sorted(arguments.folder.glob("**/*.html.gz"))
    chance = random.Random(arguments.seed)
    read, slowest_s = 0, 0.0
    for _ in range(arguments.mutations):
        body = mutated(gzip.decompress(chance.choice(files).read_bytes()), chance)
        started = time.perf_counter()
        read += is_read(body)
        slowest_s = max(slowest_s, time.perf_counter() - started)
    print(f"{read} read, {arguments.mutations - read} refused, slowest {slowest_s:.2f} s")
    if slowest_s > arguments.slow:
        raise SystemExit(f"a page took {slowest_s:.2f} s; seed {arguments.seed} shows it again")


def is_read(body: bytes) -> bool:
    """Whether a page with these bytes gives an article; False where it is refused."""
    item = an_item(url="https://news.example/page", title=None)
    try:
        return bool(extract_articles(a_page(html=body, item=item), _NOBODY))
    except Rejected:
        return False


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
