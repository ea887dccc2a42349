"""A real Prometheus over the real roles: no panel of the dashboard is empty, and no rule is wrong."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
import yaml
from pipelines.cli.newsday.load import FOLDER
from pipelines.cli.newsday.serve import NewsDayServer
from ports import free_port

TOCSIN = Path(sys.executable).with_name("tocsin")
ROLES = {"collect": "collect", "detect-1": "detect", "detect-2": "detect", "publish": "publish"}
VARIABLES = {"$__rate_interval": "20s", "$__range": "5m"}


class Watched:
    """Processes of Tocsin and the Prometheus that scrapes them each second."""

    def __init__(self, folder):
        self.folder = folder
        self.url = f"http://127.0.0.1:{free_port()}"
        self._running = []

    def start_roles(self, server_port, ledger):
        """One collects, two detect, one publishes, over one ledger; the port of each."""
        day = (FOLDER / "tocsin.toml").read_text("utf-8").replace("{port}", str(server_port))
        for key, value in {"every": "1s", "ledger": ledger}.items():
            day = re.sub(rf"(?m)^{key} = .*$", f'{key} = "{value}"', day)
        ports = {}
        for name, role in ROLES.items():
            ports[name] = free_port()
            config = self.folder / f"{name}.toml"
            config.write_text(f"{day}\n[metrics]\nport = {ports[name]}\n", "utf-8")
            self._start(name, TOCSIN, role, "--config", config)
        return ports

    def start_prometheus(self, program, deploy, ports):
        """It scrapes these ports and evaluates the rules."""
        config = yaml.safe_load((deploy / "prometheus" / "prometheus.yaml").read_text("utf-8"))
        config["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
        config["rule_files"] = [str(deploy / "prometheus" / "rules.yaml")]
        (job,) = config["scrape_configs"]
        del job["dns_sd_configs"]
        job["static_configs"] = [{"targets": [f"127.0.0.1:{port}" for port in ports]}]
        path = self.folder / "prometheus.yaml"
        path.write_text(yaml.safe_dump(config), "utf-8")
        self._start(
            "prometheus",
            program("prometheus"),
            f"--config.file={path}",
            f"--storage.tsdb.path={self.folder / 'series'}",
            f"--web.listen-address={self.url.removeprefix('http://')}",
            # Where Debian's package puts them is of no use: it is unpacked, not installed.
            f"--web.console.templates={self.folder}",
            f"--web.console.libraries={self.folder}",
        )

    def _start(self, name, *words):
        with (self.folder / f"{name}.log").open("wb") as log:
            self._running.append(
                subprocess.Popen([*map(str, words)], stdout=log, stderr=log, start_new_session=True)
            )

    def stop(self):
        """Nothing that was started runs any more."""
        for process in self._running:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self._running:
            process.wait(timeout=30)

    def ask(self, path, **parameters):
        """The data of an answer of Prometheus."""
        query = urllib.parse.urlencode(parameters)
        with urllib.request.urlopen(f"{self.url}/api/v1/{path}?{query}", timeout=10) as answer:
            return json.load(answer)["data"]

    def query(self, expression):
        """The value of each series by its labels, without its name."""
        found = self.ask("query", query=expression)["result"]
        return {
            tuple(sorted((k, v) for k, v in series["metric"].items() if k != "__name__")): float(
                series["value"][1]
            )
            for series in found
        }

    def total(self, expression):
        """The sum over all series; 0 where there are none or Prometheus does not answer yet."""
        try:
            return sum(self.query(expression).values())
        except OSError:
            return 0.0

    def until(self, condition, within_s=90.0):
        """The condition holds."""
        give_up_at = time.monotonic() + within_s
        while not condition():
            assert time.monotonic() < give_up_at, self.said()
            time.sleep(0.5)

    def said(self):
        """The end of every log."""
        return "\n".join(
            f"{log.name}: {log.read_text('utf-8', 'replace')[-1500:]}" for log in self.folder.glob("*.log")
        )


@pytest.fixture(scope="module")
def watched(tmp_path_factory, program, deploy, _postgres_server):
    """The news day, most of it told in one go and the rest while Prometheus watches."""
    watched = Watched(tmp_path_factory.mktemp("watched"))
    try:
        with NewsDayServer() as server:
            server.at = server.day.rounds[4]
            ports = watched.start_roles(server.port, _postgres_server.fresh("watched"))
            watched.start_prometheus(program, deploy, ports.values())
            watched.until(lambda: watched.total("tocsin_alert_latency_seconds_count") > 0)
            server.at = server.day.rounds[-1]
            watched.until(lambda: watched.total(records("publish", "emitted")) == lines(watched) > 20)
            # Until three more scrapes have seen it, and every rule was evaluated on that.
            time.sleep(8.0)
            yield watched
    finally:
        watched.stop()


def records(stage, outcome):
    """How many records of the stage left it so, over all processes."""
    return f'sum(tocsin_stage_records_total{{stage="{stage}", outcome="{outcome}"}})'


def lines(watched):
    """How many alerts have arrived."""
    file = watched.folder / "alerts.ndjson"
    return len(file.read_text("utf-8").splitlines()) if file.exists() else 0


def panels(deploy):
    """Title and expression of each query of each panel."""
    dashboard = json.loads((deploy / "grafana" / "dashboards" / "tocsin.json").read_text("utf-8"))
    return [(panel["title"], target["expr"]) for panel in dashboard["panels"] for target in panel["targets"]]


def test_no_panel_is_empty(watched, deploy):
    """Each query of the dashboard gives numbers."""
    empty = []
    for title, expression in panels(deploy):
        for name, value in VARIABLES.items():
            expression = expression.replace(name, value)
        found = watched.query(expression)
        if not found or any(value != value for value in found.values()):
            empty.append((title, expression, found))
    assert empty == []


def test_every_rule_is_evaluated_and_none_fires(watched):
    """Prometheus has no trouble with a rule, and a healthy run gives no alarm."""
    (group,) = watched.ask("rules")["groups"]
    assert {rule["name"]: rule["health"] for rule in group["rules"]} == {
        rule["name"]: "ok" for rule in group["rules"]
    }
    assert [rule["name"] for rule in group["rules"] if rule["state"] == "firing"] == []


def test_the_sums_over_all_processes_are_right(watched):
    """Two workers share the pages, each counts its own, and together they count what is there."""
    assert watched.total("count(tocsin_build_info)") == len(ROLES)
    assert watched.total(records("publish", "emitted")) == lines(watched)
    assert watched.total(records("judge", "out")) == lines(watched)
    assert watched.total(records("fetch", "emitted")) == watched.total(records("extract", "in"))


def test_every_metric_that_a_rule_names_is_there(watched, deploy):
    """A metric that was renamed does not leave a rule behind that can never fire."""
    text = "\n".join(
        rule["expr"]
        for rule in yaml.safe_load((deploy / "prometheus" / "rules.yaml").read_text("utf-8"))["groups"][0][
            "rules"
        ]
    )
    served = set(watched.ask("label/__name__/values"))
    # Only what is in trouble has a `tocsin_trouble`.
    assert set(re.findall(r"\btocsin_\w+", text)) - served == {"tocsin_trouble"}
