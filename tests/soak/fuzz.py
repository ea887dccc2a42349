"""Fuzzing of reading, from bytes to claims and topics, guided by the code that each input reaches.

A crash, an error that is no refusal, a page of more than 25 s or a process of more than 2 GB ends it with
an error; the page that did it is kept in the working folder. Real pages are where it begins.

usage: python tests/soak/fuzz.py PAGES_FOLDER [--minutes 10] [--seed 1]
"""

import argparse
import gzip
import random
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["pipelines.text", "pipelines.topics"]):
    from pages import end_of, files_in, mutated

_PAGES = 300
_LONGEST = 200_000
_SLOW_S = 25
_MOST_MB = 2048


def main() -> None:
    """Fuzzes for so long; the last line tells how many pages it tried."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    files = files_in(arguments.folder)
    with tempfile.TemporaryDirectory() as corpus:
        for number, path in enumerate(chance.sample(files, min(_PAGES, len(files)))):
            (Path(corpus) / f"{number}.html").write_bytes(gzip.decompress(path.read_bytes())[:_LONGEST])
        options = {
            "max_total_time": round(60 * arguments.minutes),
            "seed": arguments.seed,
            "timeout": _SLOW_S,
            "rss_limit_mb": _MOST_MB,
            "max_len": _LONGEST,
        }
        words = [sys.argv[0], *(f"-{name}={value}" for name, value in options.items()), corpus]
        atheris.Setup(words, end_of, custom_mutator=_mutate)
        atheris.Fuzz()


def _mutate(body: bytes, longest: int, seed: int) -> bytes:
    """Every other time as `mutated` does, else as the fuzzer does, which puts together what it learnt."""
    return mutated(body, random.Random(seed))[:longest] if seed % 2 else atheris.Mutate(body, longest)


if __name__ == "__main__":
    main()
