"""Tocsin's job on a real Flink, with all that can be killed beneath it."""

import os
import random
import signal
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Self

from commands import tocsin
from deployment import Deployment, Server, workers
from flink_stack import Flink, Stack, children, eventually

_TASK_MANAGERS = 2


class Job:
    """`tocsin detect` over a configuration, as a job of this name; a second task manager stands by."""

    def __init__(self, stack: Stack, config: Path, name: str) -> None:
        self.id = ""
        """Flink's own name of the latest job, empty before the first."""
        self._stack = stack
        self._flink = Flink(stack.at("FLINK_REST"))
        self._config = config
        self._name = name

    def submit(self, *options: str) -> None:
        """The job runs; `options` are Beam's, beside those of every job."""
        beam = self._stack.beam_options(self._name, *options)
        tocsin("detect", "--config", self._config, "--", *beam)
        self.id = self._flink.running(self._name, but=self.id)

    def cancel(self) -> None:
        """The job has ended, if there was one."""
        if self.id:
            self._flink.cancel(self.id)

    def __enter__(self) -> Self:
        self.submit()
        return self

    def __exit__(self, *exc: object) -> None:
        self.cancel()

    def servers(self, moments: random.Random) -> Mapping[str, Server]:
        """What the job stands on: the task manager that runs it, its worker of the pool, and the broker."""
        broker = self._stack.broker
        bring_back = partial(self._stack, "up", "flink", _TASK_MANAGERS)
        return {
            "task-manager": Server(kill=self._kill_task_manager, start=bring_back),
            # Flink asks the pool for another one.
            "worker": Server(kill=partial(self._kill_worker, moments), start=bool),
            "broker": Server(kill=broker.kill, start=broker.start),
        }

    def _kill_task_manager(self) -> None:
        self._stack("kill", eventually(lambda: self._flink.task_manager(self.id)))

    def _kill_worker(self, moments: random.Random) -> None:
        pool = self._stack.processes()["pool"]
        workers = eventually(lambda: sorted(children(pool)))
        os.kill(moments.choice(workers), signal.SIGKILL)


def on_flink(
    folder: Path, ledger: str, servers: Mapping[str, Server], stack: Stack, moments: random.Random
) -> Deployment:
    """Collect and publish over the folder's configuration, and detect as a job on Flink."""
    job = Job(stack, folder / "tocsin.toml", folder.name)
    deployment = workers(folder, ledger, 0, {**servers, **job.servers(moments)})
    deployment.job = job
    return deployment
