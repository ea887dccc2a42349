"""A real Prometheus over a configuration of `deploy/prometheus`, and what the dashboard asks of it."""

import json
import signal
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import yaml
from ports import free_port
from programs import DEPLOY, program

_VARIABLES = {"$__rate_interval": "20s", "$__range": "5m"}
_FOLDER = DEPLOY / "prometheus"


class Prometheus:
    """It scrapes each second; a `with` starts and stops it."""

    def __init__(self, folder: Path, config: str, targets: Mapping[str, Sequence[str]]) -> None:
        """`config` is a file of `deploy/prometheus`; `targets` are HOST:PORTs by the name of their job."""
        self.folder = folder
        """Where its files are, and its log."""
        self._address = f"127.0.0.1:{free_port()}"
        self._config = _scraping(_FOLDER / config, targets)
        self._running: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        path = self.folder / "prometheus.yaml"
        path.write_text(yaml.safe_dump(self._config), "utf-8")
        words = (
            program("prometheus"),
            f"--config.file={path}",
            f"--storage.tsdb.path={self.folder / 'series'}",
            f"--web.listen-address={self._address}",
            # Where Debian's package puts them is of no use: it is unpacked, not installed.
            f"--web.console.templates={self.folder}",
            f"--web.console.libraries={self.folder}",
        )
        with (self.folder / "prometheus.log").open("wb") as log:
            self._running = subprocess.Popen(words, stdout=log, stderr=log, start_new_session=True)
        return self

    def __exit__(self, *exc: object) -> None:
        assert self._running is not None
        self._running.send_signal(signal.SIGTERM)
        self._running.wait(timeout=30)

    def ask(self, path: str, **parameters: str) -> Any:
        """The data of an answer."""
        query = urllib.parse.urlencode(parameters)
        with urllib.request.urlopen(f"http://{self._address}/api/v1/{path}?{query}", timeout=10) as answer:
            return json.load(answer)["data"]

    def query(self, expression: str) -> dict[tuple[tuple[str, str], ...], float]:
        """The value of each series by its labels, without its name."""
        for name, value in _VARIABLES.items():
            expression = expression.replace(name, value)
        found = self.ask("query", query=expression)["result"]
        return {
            tuple(sorted((k, v) for k, v in series["metric"].items() if k != "__name__")): float(
                series["value"][1]
            )
            for series in found
        }

    def total(self, expression: str) -> float:
        """The sum over all series; 0 where there are none or Prometheus does not answer yet."""
        try:
            return sum(self.query(expression).values())
        except OSError:
            return 0.0

    def until(self, condition: Callable[[], object], within_s: float = 90.0) -> None:
        """Returns when the condition holds.

        Raises:
            AssertionError: not within the time; tells the end of every log in the folder.
        """
        give_up_at = time.monotonic() + within_s
        while not condition():
            assert time.monotonic() < give_up_at, self._said()
            time.sleep(0.5)

    def _said(self) -> str:
        logs = sorted(self.folder.glob("*.log"))
        return "\n".join(f"{log.name}: {log.read_text('utf-8', 'replace')[-1500:]}" for log in logs)


def _scraping(file: Path, targets: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    config: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    config["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    config["rule_files"] = [str(file.parent / name) for name in config["rule_files"]]
    for job in config["scrape_configs"]:
        job.pop("dns_sd_configs", None)
        job["static_configs"] = [{"targets": list(targets[job["job_name"]])}]
    return config


def records(stage: str, outcome: str) -> str:
    """Asks how many records of the stage left it so, over all processes."""
    return f'sum(tocsin_stage_records_total{{stage="{stage}", outcome="{outcome}"}})'


def panels() -> Iterator[tuple[str, list[str]]]:
    """Title and queries of each panel of the dashboard."""
    dashboard = json.loads((DEPLOY / "grafana" / "dashboards" / "tocsin.json").read_text("utf-8"))
    for panel in dashboard["panels"]:
        yield panel["title"], [target["expr"] for target in panel["targets"]]


def has_numbers(prometheus: Prometheus, expression: str) -> bool:
    """Whether a query gives numbers, and nothing else."""
    values = prometheus.query(expression).values()
    return bool(values) and all(value == value for value in values)
