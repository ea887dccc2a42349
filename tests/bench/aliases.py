"""What a watch list costs: load, memory and processor time per article with 100 to 100,000 aliases.

    python tests/bench/aliases.py ../shared/data

Names are invented by joining syllables; the articles are those of `claims-events` in the given folder.
"""

import json
import random
import statistics
import subprocess
import sys
from pathlib import Path
from time import process_time

from connectors.testing import an_article
from pipelines.text.entities import EntityTagger
from schemas.watch import Entity

SIZES = (100, 10_000, 100_000)
SYLLABLES = (
    "ba de ki lo mu ra se ti vo na sha per gor lin tov ez mar fal dun kel rik sol tam ur wen yas zor".split()
)
HEADS = ("Ministry of", "Council for", "Bank of", "Union of", "Friends of")


def watch_list(aliases: int) -> list[Entity]:
    """Invented entities with four names each: people and bodies in turn."""
    random.seed(7)
    entities = []
    for nth in range(aliases // 4):
        first, last, other = (_word() for _ in range(3))
        names = (
            (f"{first} {last}", f"{first} {other} {last}", f"{last}-{other}", f"{first} al-{last}")
            if nth % 2
            else (
                f"{HEADS[nth % 5]} {first} {last}",
                f"{first} {last} {other}",
                first + other,
                last[:4].upper(),
            )
        )
        entities.append(Entity(id=f"e{nth}", name=names[0], aliases=names[1:], not_=(), context=()))
    return entities


def _word() -> str:
    return "".join(random.choices(SYLLABLES, k=random.randint(2, 4))).capitalize()


def measure(aliases: int, data: Path) -> None:
    """Prints one row of the table."""
    articles = [
        an_article(text=json.loads(line)["text"], title=None)
        for path in sorted((data / "claims-events").glob("*.documents.ndjson"))
        for line in path.read_text("utf-8").splitlines()
    ][:200]
    entities = watch_list(aliases)
    before, started = _resident_mb(), process_time()
    tagger = EntityTagger(entities)
    load_s, used_mb = process_time() - started, _resident_mb() - before
    times_ms = [_tag_ms(tagger, article) for _ in range(3) for article in articles]
    median, p99 = statistics.median(times_ms), statistics.quantiles(times_ms, n=100)[98]
    print(f"{aliases:>8,} | {load_s:6.2f} | {used_mb:9.0f} | {median:6.3f} | {p99:6.3f}")


def _tag_ms(tagger: EntityTagger, article) -> float:
    started = process_time()
    tagger.tag(article)
    return (process_time() - started) * 1000


def _resident_mb() -> float:
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def main() -> None:
    """Each size in a process of its own, so that memory is told apart."""
    if len(sys.argv) > 2:
        measure(int(sys.argv[2]), Path(sys.argv[1]))
        return
    print(" aliases | load s | memory MB | median ms | p99 ms an article", flush=True)
    for size in SIZES:
        subprocess.run([sys.executable, __file__, sys.argv[1], str(size)], check=True)


if __name__ == "__main__":
    main()
