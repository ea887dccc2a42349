"""A real Prometheus over the real roles: no panel of the dashboard is empty, and no rule is wrong."""

import re
import signal
import subprocess
import time

import pytest
import yaml
from commands import TOCSIN
from pipelines.cli.newsday.load import FOLDER
from pipelines.cli.newsday.serve import NewsDayServer
from ports import free_port
from prometheus import Prometheus, has_numbers, panels, records

ROLES = {"collect": "collect", "detect-1": "detect", "detect-2": "detect", "publish": "publish"}


class Roles:
    """Processes of Tocsin over one ledger: one collects, two detect, one publishes."""

    def __init__(self, folder, server_port, ledger):
        self.ports = {}
        self._folder = folder
        self._running = []
        self._day = (FOLDER / "tocsin.toml").read_text("utf-8").replace("{port}", str(server_port))
        for key, value in {"every": "1s", "ledger": ledger}.items():
            self._day = re.sub(rf"(?m)^{key} = .*$", f'{key} = "{value}"', self._day)

    def __enter__(self):
        for name, role in ROLES.items():
            self.ports[name] = free_port()
            config = self._folder / f"{name}.toml"
            config.write_text(f"{self._day}\n[metrics]\nport = {self.ports[name]}\n", "utf-8")
            with (self._folder / f"{name}.log").open("wb") as log:
                words = [TOCSIN, role, "--config", config]
                self._running.append(subprocess.Popen(words, stdout=log, stderr=log))
        return self

    def __exit__(self, *exc):
        for process in self._running:
            process.send_signal(signal.SIGTERM)
        for process in self._running:
            process.wait(timeout=30)


@pytest.fixture(scope="module")
def watched(tmp_path_factory, _postgres_server):
    """The news day, most of it told in one go and the rest while Prometheus watches."""
    folder = tmp_path_factory.mktemp("watched")
    with NewsDayServer() as server:
        server.at = server.day.rounds[4]
        with Roles(folder, server.port, _postgres_server.fresh("watched")) as roles:
            targets = {"tocsin": [f"127.0.0.1:{port}" for port in roles.ports.values()]}
            with Prometheus(folder, "prometheus.yaml", targets) as watched:
                watched.until(lambda: watched.total("tocsin_alert_latency_seconds_count") > 0)
                server.at = server.day.rounds[-1]
                watched.until(lambda: watched.total(records("publish", "emitted")) == lines(watched) > 20)
                # Until three more scrapes have seen it, and every rule was evaluated on that.
                time.sleep(8.0)
                yield watched


def lines(watched):
    """How many alerts have arrived."""
    file = watched.folder / "alerts.ndjson"
    return len(file.read_text("utf-8").splitlines()) if file.exists() else 0


def test_no_panel_is_empty(watched):
    """Each query of the dashboard gives numbers, but for those about Flink, which is not here."""
    asked = [(title, query) for title, queries in panels() for query in queries]
    empty = [(title, query) for title, query in asked if not has_numbers(watched, query)]
    assert [(title, query) for title, query in empty if "flink" not in query] == []


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
