"""The Compose deployment, by Compose itself; starting it needs an engine, which is not here."""

import json
import os
from pathlib import Path

import pytest
import yaml

from pipelines.config import load_config

SECRETS = {"TOCSIN_DB_PASSWORD": "invented", "GRAFANA_PASSWORD": "invented"}


@pytest.fixture(scope="module")
def services(run, deploy):
    """The services as Compose reads them."""
    words = ("--file", deploy / "compose.yaml", "config", "--format", "json")
    read = run("docker-compose", *words, env=os.environ | SECRETS)
    assert read.returncode == 0, read.stdout
    return json.loads(read.stdout)["services"]


def test_compose_does_not_start_without_passwords(run, deploy):
    """No secret has a default that somebody forgets."""
    words = ("--file", deploy / "compose.yaml", "config", "--quiet")
    bare = {name: value for name, value in os.environ.items() if name not in SECRETS}
    read = run("docker-compose", *words, env=bare)
    assert read.returncode != 0
    assert all(f"{name} is missing a value" in read.stdout for name in SECRETS)


def test_every_file_that_is_mounted_exists(services):
    """Compose would make an empty folder of a misspelt one."""
    mounted = [
        volume["source"]
        for service in services.values()
        for volume in service.get("volumes", ())
        if volume["type"] == "bind"
    ]
    assert len(mounted) >= 5
    assert [path for path in mounted if not Path(path).exists()] == []


def test_everything_that_goes_on_is_watched_and_started_again(services):
    """What is not Tocsin has a health check here; Tocsin's is in its image."""
    for name, service in services.items():
        if name != "topics":
            assert service["restart"] == "unless-stopped"
            assert "healthcheck" in service or service["build"]["dockerfile"] == "deploy/Dockerfile"


def test_the_roles_run_as_the_image_does_and_cannot_write_but_to_their_folder(services):
    """Two workers, and one of each other role, all shut in."""
    assert services["detect"]["deploy"]["replicas"] == 2
    for role in ("collect", "detect", "publish"):
        assert services[role]["command"] == [role, "--config", "/etc/tocsin/tocsin.toml"]
        assert services[role]["read_only"]
        assert services[role]["cap_drop"] == ["ALL"]


def test_prometheus_asks_the_services_by_their_names(services, deploy):
    """Every role is scraped, and nothing that is not there."""
    config = yaml.safe_load((deploy / "prometheus" / "prometheus.yaml").read_text("utf-8"))
    (job,) = config["scrape_configs"]
    (lookup,) = job["dns_sd_configs"]
    roles = {name for name, service in services.items() if "build" in service}
    assert set(lookup["names"]) == roles == {"collect", "detect", "publish"}


def test_the_configuration_fits_the_services(services, deploy, monkeypatch):
    """Tocsin reads it; broker, topics and ledger are those of the other services."""
    monkeypatch.setenv("TOCSIN_LEDGER", services["collect"]["environment"]["TOCSIN_LEDGER"])
    config = load_config(deploy / "compose" / "tocsin.toml")
    assert config.ledger == "postgresql+psycopg://tocsin:invented@postgres/tocsin"
    assert config.intake.settings.bootstrap == config.sinks[0].options.bootstrap == "kafka:9092"
    assert services["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"] == "PLAINTEXT://kafka:9092"
    made = services["topics"]["command"][0]
    assert config.intake.topic in made
    assert config.sinks[0].options.topic in made
    assert config.metrics.host == "0.0.0.0"
