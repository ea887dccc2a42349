"""Random queries of the whole language over random texts: the matcher against a slow, obvious reading.

Ends with a line of figures and exit code 0; with the first query and text on which they differ and 1.

usage: python tests/soak/queries.py [--queries 200000] [--seed 1]
"""

import argparse
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "parts"))
from comparing_queries import TOGETHER, compare


def main() -> None:
    """Compares in rounds, each with a seed of its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--queries", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    started = time.monotonic()
    pairs = matches = 0
    for nth in range(-(-arguments.queries // TOGETHER)):
        round_of = compare(random.Random(f"{arguments.seed}/{nth}"))
        if round_of.differing:
            print(*round_of.differing, sep="\n")
            sys.exit(1)
        pairs += round_of.pairs
        matches += round_of.matches
    took_s = time.monotonic() - started
    print(f"{arguments.queries:,} queries, {pairs:,} pairs of query and text, {matches:,} match: all agree")
    print(f"seed {arguments.seed}, {took_s:.0f} s")


if __name__ == "__main__":
    main()
