"""The alert rules, by Prometheus' own program."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

RULES = Path(__file__).resolve().parents[3] / "deploy" / "prometheus" / "rules.yaml"
NAMES = re.findall(r"- alert: (\w+)", RULES.read_text("utf-8"))


def test_the_rules_do_what_they_should(run, deploy):
    """Each fires when it should and on nothing else: rules.test.yaml says when that is."""
    checked = run("promtool", "test", "rules", "rules.test.yaml", cwd=deploy / "prometheus")
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("config", ["prometheus.yaml", "flink.yaml"])
def test_prometheus_can_read_its_configuration(run, deploy, config):
    """The configuration of the Compose deployment, and that beside Flink, with the rules that they name."""
    checked = run("promtool", "check", "config", config, cwd=deploy / "prometheus")
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("name", NAMES)
def test_no_rule_is_untested(name, run, deploy, tmp_path):
    """With a rule that never fires in its place, the tests of the rules fail."""
    text = RULES.read_text("utf-8")
    rules = yaml.safe_load(text)
    (rule,) = (rule for rule in rules["groups"][0]["rules"] if rule["alert"] == name)
    rule["expr"] = "vector(0) > 1"
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump(rules), "utf-8")
    shutil.copy(deploy / "prometheus" / "rules.test.yaml", tmp_path)
    assert run("promtool", "test", "rules", "rules.test.yaml", cwd=tmp_path).returncode == 1
