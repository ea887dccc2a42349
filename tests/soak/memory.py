"""Memory of every process at a steady rate of news: embedded, and workers on Kafka and PostgreSQL.

Nine pages in ten match nothing; the tenth holds a claim of its own, which a memory keeps. So what grows with
the claims can be told from what grows with time.

    python tests/soak/memory.py --minutes 60 --rate 2
"""

import argparse
import json
import sys
import time
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1] / "parts"))

from broker import Broker
from deployment import FILE_SINK, Deployment, embedded, kafka_config, workers, write_config
from flink_stack import descendants
from newsday_documents import write_documents
from ports import free_port
from postgres import Postgres

_TOPICS = """
[[topics]]
id = "veldar"
query = "Veldar"
"""
_CLAIM = "<p>The Veldar museum counted %d visitors on Monday, the council said.</p></article>"
_FOLLOWED_IN = 10
_KEPT_FILES = 60
_MB = 1 << 20


class Feed:
    """A folder of documents into which news falls; files older than a minute are cleared away."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        written = folder / "newsday.json"
        write_documents(written)
        documents = [json.loads(line) for line in written.read_text("utf-8").splitlines()]
        self._documents = [each for each in documents if "</article>" in each["html"]]
        self._folder = folder
        self._numbers = count()
        self._files: list[Path] = []
        # A source with nothing to read is in trouble, and is asked ever more seldom.
        self.drop(1)

    @property
    def documents(self) -> Path:
        """What a source is told to read."""
        return self._folder / "*.ndjson"

    def drop(self, pages: int) -> None:
        """So many new pages are there to be read."""
        lines = [json.dumps(self._document(next(self._numbers))) + "\n" for _ in range(pages)]
        file = self._folder / f"{time.time_ns()}.part"
        file.write_text("".join(lines), "utf-8")
        self._files.append(file.rename(file.with_suffix(".ndjson")))
        while len(self._files) > _KEPT_FILES:
            self._files.pop(0).unlink()

    def _document(self, number: int) -> dict[str, str]:
        document = dict(self._documents[number % len(self._documents)])
        claim = _CLAIM % (1_000 + number)
        if number % _FOLLOWED_IN == 0:
            document["html"] = document["html"].replace("</article>", claim, 1)
        now = datetime.now(UTC).isoformat()
        return document | {"url": f"http://{number}.example/", "observed_at": now}


def main() -> None:
    """One line a minute: megabytes of each process with those that it started, and the claims kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--rate", type=int, default=2, help="pages a second in each deployment (default 2)")
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="tocsin-memory-") as name:
        folder = Path(name)
        feed = Feed(folder / "feed")
        database, broker = Postgres(folder / "postgres", free_port()), Broker(folder / "kafka")
        database.start()
        broker.start()
        try:
            ledger = f"sqlite:///{folder}/embedded.db"
            alone = embedded(
                write_config(folder / "embedded", ledger, feed.documents, FILE_SINK, _TOPICS), ledger
            )
            shared = database.fresh("workers")
            topics = (broker.create_topic(each, 4) for each in ("pages", "alerts"))
            config = kafka_config(broker.bootstrap, *topics)
            written = write_config(folder / "workers", shared, feed.documents, config, _TOPICS)
            several = workers(written, shared, 2)
            with alone, several:
                _watch((alone, several), feed, asked.minutes, asked.rate)
        finally:
            broker.stop()
            database.stop()


def _watch(deployments: tuple[Deployment, ...], feed: Feed, minutes: int, rate: int) -> None:
    began = time.monotonic()
    for second in range(minutes * 60):
        time.sleep(max(0.0, began + second - time.monotonic()))
        feed.drop(rate)
        if second % 60 == 59:
            parts = {
                name: part for each in deployments for name, part in each.processes.items() if part.running
            }
            sizes = [f"{name} {_resident_mb(part.running.pid)}" for name, part in parts.items()]
            claims = [each.counts()["claims"] for each in deployments]
            print(f"minute {second // 60 + 1}: {', '.join(sizes)} MB; claims {claims}", flush=True)


def _resident_mb(process: int) -> int:
    """Megabytes that a process holds, and those that it started, each page once where they share it."""
    found = 0
    for each in {process} | descendants(process):
        lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
        found += next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return found // _MB


if __name__ == "__main__":
    main()
