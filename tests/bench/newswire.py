"""Three thousand real newswire stories with twenty topics through `tocsin run --once`, twice.

usage: python tests/bench/newswire.py DATA_FOLDER [--stories 3000]
"""

import argparse
import gzip
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

_TOCSIN = Path(sys.executable).with_name("tocsin")
_FROM = datetime(1987, 2, 26, tzinfo=UTC)
_QUERIES = {
    "oil": 'crude OR opec OR "oil price*"',
    "grain": "(wheat OR corn OR grain*) AND (export* OR crop OR tonnes)",
    "coffee": "coffee AND (quota* OR export*)",
    "cocoa": "cocoa AND NOT chocolate",
    "sugar": "sugar AND (tonnes OR quota*)",
    "gold": "gold AND (mine* OR ounce*)",
    "copper": "copper AND (mine* OR price*)",
    "dollar": 'dollar AND (yen OR mark) AND ("central bank" OR intervention)',
    "rates": '"interest rate*" OR "discount rate" OR "prime rate"',
    "trade": '"trade deficit" OR "trade surplus" OR tariff*',
    "japan-us": "japan* AND (semiconductor* OR sanctions)",
    "brazil-debt": "brazil* AND debt",
    "takeovers": 'takeover* OR "tender offer" OR "merger agreement"',
    "earnings": '"net profit" OR "net loss"',
    "ship": "ship OR vessel* OR tanker*",
    "gulf": "gulf AND (iran* OR attack*)",
    "airlines": "airline* OR airways",
    "steel": "steel AND (layoff* OR output OR plant*)",
    "strike": "strike AND (union OR workers)",
    "budget": '"budget deficit"',
}


def main() -> None:
    """Prints both runs' time, stories a second and memory, and what was lost: nothing."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--stories", type=int, default=3000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = arguments.folder / "news-reuters21578" / "stories.jsonl.gz"
        _write_documents(source, folder / "stories.ndjson", arguments.stories)
        config = _write_config(folder)
        first_s = _run(config)
        counts = {what: _count(config, what) for what in ("articles", "claims", "alerts", "failures")}
        memory_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        second_s = _run(config)
        again = {what: _count(config, what) for what in counts}
    print(
        f"first run {first_s:.1f} s, {arguments.stories / first_s:.0f} stories/s, {memory_mb:.0f} MB resident"
    )
    print(f"second run {second_s:.1f} s")
    print(f"after the first run {counts}, after the second {again}")
    lost = arguments.stories - counts["articles"] - counts["failures"]
    print(f"lost {lost}, alerts that came again {again['alerts'] - counts['alerts']}")
    sys.exit(bool(lost) or again != counts)


def _write_documents(source: Path, target: Path, count: int) -> None:
    with gzip.open(source, "rt", encoding="utf-8") as stories, target.open("w", encoding="utf-8") as out:
        written = 0
        for line in stories:
            story = json.loads(line)
            if written == count:
                break
            if not story["text"].strip():
                continue
            document = {
                "url": f"https://newswire.example/{story['id']}",
                "title": story["title"] or None,
                "text": story["text"],
                "observed_at": (_FROM + timedelta(minutes=written)).isoformat(),
                "publisher": "newswire",
                "language": "en",
            }
            out.write(json.dumps(document) + "\n")
            written += 1


def _write_config(folder: Path) -> Path:
    lines = ['[[sources]]\nname = "wire"\nkind = "file"\npath = "stories.ndjson"\n']
    lines += [
        '[[subscriptions]]\ntopics = ["*"]\nsink = "desk"',
        '[sinks.desk]\nkind = "file"\npath = "alerts.ndjson"',
    ]
    lines += [f"[[topics]]\nid = '{name}'\nquery = '''{query}'''\n" for name, query in _QUERIES.items()]
    path = folder / "tocsin.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _run(config: Path) -> float:
    started = time.perf_counter()
    subprocess.run([_TOCSIN, "run", "--once", "--config", config], check=True)
    return time.perf_counter() - started


def _count(config: Path, what: str) -> int:
    export = [_TOCSIN, "export", what, "--config", config]
    return len(subprocess.run(export, check=True, capture_output=True, text=True).stdout.splitlines())


if __name__ == "__main__":
    main()
