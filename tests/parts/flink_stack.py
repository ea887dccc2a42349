"""A real Kafka and a real Flink from deploy/local, which a test may kill and start again."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import quote

from broker import Broker
from ports import free_ports

_ROOT = Path(__file__).parents[2]
_FLINK_PROCESSES = 3
_PORTS = "FLINK_REST FLINK_RPC FLINK_BLOB JOB ARTIFACT EXPANSION POOL".split()


class Stack:
    """Kafka, Flink with two task managers, Beam's job server and a worker pool, each on a port of its own."""

    def __init__(self, home):
        self.broker = Broker(home)
        self._home = home
        found = free_ports(len(_PORTS) + _FLINK_PROCESSES)
        self._metrics = found[len(_PORTS) :]
        self._ports = dict(zip(_PORTS, found, strict=False))
        ports = {f"STACK_{name}_PORT": str(port) for name, port in self._ports.items()}
        ports["STACK_FLINK_METRICS_PORTS"] = ",".join(map(str, self._metrics))
        self.environment = self.broker.environment | ports | {"STACK_PYTHON": sys.executable}

    def __call__(self, *words):
        """One command of the script has done its work."""
        script = _ROOT / "deploy" / "local" / "stack"
        run = subprocess.run(
            [script, *map(str, words)], env=self.environment, capture_output=True, text=True, timeout=300
        )
        assert run.returncode == 0, run.stdout + run.stderr

    def at(self, part):
        """HOST:PORT of a part."""
        return f"127.0.0.1:{self._ports[part]}"

    def metrics(self):
        """HOST:PORT of the metrics of each Flink process, which take these ports as they start."""
        return [f"127.0.0.1:{port}" for port in self._metrics]

    def beam_options(self, job, *more):
        """What `tocsin detect --` is told to run a job on this Flink."""
        return (
            "--runner=PortableRunner",
            f"--job_endpoint={self.at('JOB')}",
            f"--job_name={job}",
            "--environment_type=EXTERNAL",
            f"--environment_config={self.at('POOL')}",
            f"--kafka_expansion_service={self.at('EXPANSION')}",
            "--experiments=use_deprecated_read",
            "--checkpointing_interval=1000",
            "--max_bundle_size=200",
            "--max_bundle_time_mills=50",
            "--externalized_checkpoints_enabled",
            "--retain_externalized_checkpoints_on_cancellation",
            *more,
        )

    def checkpoint(self, job):
        """Where the latest complete checkpoint of a job lies; its job manager need not live."""
        found = (self._home / "data" / "checkpoints" / job).glob("chk-*/_metadata")
        return max(found, key=lambda file: file.stat().st_mtime).parent

    def processes(self):
        """Id of the process of each part that was started."""
        files = (self._home / "run").glob("*.pid")
        return {file.stem: int(file.read_text().split()[0]) for file in files}

    def workers(self):
        """Processes of the worker pool, and theirs, by id."""
        return descendants(self.processes()["pool"])

    def cpu_seconds(self):
        """Processor time that each part has taken, with the processes that it started."""
        parts = self.processes().items()
        return {name: sum(map(cpu_seconds, {process} | descendants(process))) for name, process in parts}


def children(process):
    """Ids of the processes that a process started and that still run."""
    return {
        int(each)
        for each in Path(f"/proc/{process}/task").glob("*/children")
        for each in each.read_text().split()
    }


def descendants(process):
    """Ids of all processes that a process started, and those that they started."""
    found = children(process)
    return found | {below for each in found for below in descendants(each)}


def cpu_seconds(process):
    """Processor time that a process has taken."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Flink:
    """Flink's REST interface."""

    def __init__(self, address):
        self._address = address

    def _ask(self, path, method="GET"):
        request = urllib.request.Request(f"http://{self._address}{path}", method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or "{}")

    def running(self, name, but=""):
        """Id of the job of this name, once all its tasks run."""

        def found():
            for job in self._ask("/jobs/overview")["jobs"]:
                runs = job["state"] == "RUNNING" and job["tasks"]["running"] == job["tasks"]["total"]
                if runs and job["name"] == name and job["jid"] != but:
                    return job["jid"]
            return None

        return eventually(found)

    def task_manager(self, job):
        """Name of the task manager that runs the job; empty where none does now."""
        vertex = self._ask(f"/jobs/{job}")["vertices"][0]["id"]
        found = self._ask(f"/jobs/{job}/vertices/{vertex}")["subtasks"][0]["taskmanager-id"]
        return "" if found == "(unassigned)" else found

    def checkpoint(self, job):
        """Where the job's latest checkpoint lies, once another one has been completed from now on."""
        path = f"/jobs/{job}/checkpoints"
        before = self._ask(path)["counts"]["completed"]
        eventually(lambda: self._ask(path)["counts"]["completed"] > before + 1)
        return self._ask(path)["latest"]["completed"]["external_path"]

    def jobs(self):
        """Ids of all jobs that it knows."""
        return {job["jid"] for job in self._ask("/jobs/overview")["jobs"]}

    def cancel(self, job):
        """The job has ended."""
        self._ask(f"/jobs/{job}", method="PATCH")
        eventually(lambda: self._ask(f"/jobs/{job}")["state"] == "CANCELED")

    def stages(self, job):
        """Tocsin's counters of the job's latest attempt: stage -> outcome -> records."""
        vertex = self._ask(f"/jobs/{job}")["vertices"][0]["id"]
        path = f"/jobs/{job}/vertices/{vertex}/metrics"
        names = [each["id"] for each in self._ask(path) if ".tocsin_" in each["id"]]
        stages = {}
        for name in names:
            (value,) = self._ask(f"{path}?get={quote(name)}")
            stage, outcome = name.rpartition(".tocsin_")[2].split("/", 1)
            stages.setdefault(stage, {})[outcome] = int(value["value"])
        return stages


def eventually(look, within_s=90):
    """What `look` gives once it gives something."""
    end = time.monotonic() + within_s
    while not (found := look()):
        assert time.monotonic() < end, f"waited {within_s} s in vain"
        time.sleep(0.2)
    return found
