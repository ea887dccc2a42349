"""The Helm chart: what it makes is what Kubernetes takes, with each option."""

import json
import re
import subprocess

import pytest
import yaml

from pipelines.config import parse_config

KUBERNETES = "1.34"
OPTIONS = {
    "as it is": [],
    "hpa": ["detect.autoscaling.kind=hpa"],
    "keda": ["detect.autoscaling.kind=keda"],
    "flink": ["detect.flink.enabled=true", "detect.flink.options={--checkpointing_interval=3000}"],
    "monitor": ["serviceMonitor.enabled=true", "serviceMonitor.labels.release=prometheus"],
    "rules": ["prometheusRule.enabled=true", "prometheusRule.labels.release=prometheus"],
    "open": ["networkPolicy.enabled=false", "nodeSelector.disk=fast", "imagePullSecrets[0].name=registry"],
    "volume": [
        "extraVolumes[0].name=pages",
        "extraVolumes[0].persistentVolumeClaim.claimName=pages",
        "extraVolumeMounts[0].name=pages",
        "extraVolumeMounts[0].mountPath=/var/lib/tocsin/pages",
    ],
}
DEFINED_BY = {
    "ScaledObject": "keda.sh_scaledobjects.yaml",
    "PrometheusRule": "monitoring.coreos.com_prometheusrules.yaml",
    "ServiceMonitor": "monitoring.coreos.com_servicemonitors.yaml",
}


@pytest.fixture(scope="module")
def chart(deploy):
    """The folder of the chart."""
    return deploy / "helm" / "tocsin"


@pytest.fixture(scope="module")
def made(run, chart):
    """What the chart makes with these values."""

    def make(*values):
        words = [word for value in values for word in ("--set", value)]
        words += ["--kube-version", KUBERNETES]
        # Helm tells on standard error that it follows the link to the rules.
        rendered = run("helm", "template", "desk", chart, *words, stderr=subprocess.PIPE)
        assert rendered.returncode == 0, rendered.stderr
        return [each for each in yaml.safe_load_all(rendered.stdout) if each]

    return make


def of_kind(objects, kind):
    """The objects of a kind, by name."""
    return {each["metadata"]["name"]: each for each in objects if each["kind"] == kind}


def closed(schema):
    """The schema with no room for keys that it does not name: a misspelt one has no effect in a cluster."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    known = {key: closed(value) for key, value in schema.items()}
    if isinstance(known.get("pattern"), str):
        # Kubernetes lets a flag stand anywhere in a pattern, Python at its start alone.
        known["pattern"] = re.sub(r"^\^\(\?i\)", "(?i)^", known["pattern"])
    if isinstance(known.get("properties"), dict) and not known.get("x-kubernetes-preserve-unknown-fields"):
        known.setdefault("additionalProperties", False)
    return known


def test_helm_finds_no_fault(run, chart):
    """The chart's own linter, warnings counted as faults."""
    checked = run("helm", "lint", "--strict", "--kube-version", KUBERNETES, chart)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("option", OPTIONS)
def test_kubernetes_takes_what_the_chart_makes(option, made, run, program, tmp_path):
    """Each object by its kind's schema, no unknown key allowed: Kubernetes', KEDA's and the operator's."""
    objects = made(*OPTIONS[option])
    own = [each for each in objects if each["kind"] not in DEFINED_BY]
    path = tmp_path / "objects.yaml"
    path.write_text(yaml.safe_dump_all(own), "utf-8")
    checked = run("kubernetes-validate", "--strict", "-k", KUBERNETES, path)
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.count("passed for resource") == len(own), checked.stdout
    for each in objects:
        if each["kind"] in DEFINED_BY:
            check_custom(each, program, tmp_path)


def check_custom(custom, program, folder):
    """The object is as the definition of its kind says."""
    definition = yaml.safe_load((program("crds") / DEFINED_BY[custom["kind"]]).read_text("utf-8"))
    (schema,) = (
        version["schema"]["openAPIV3Schema"]
        for version in definition["spec"]["versions"]
        if f"{definition['spec']['group']}/{version['name']}" == custom["apiVersion"]
    )
    schema = closed(schema)
    schema["properties"]["metadata"] = {}  # any object's own, which definitions leave to Kubernetes
    (folder / "schema.json").write_text(json.dumps(schema), "utf-8")
    (folder / "object.json").write_text(json.dumps(custom), "utf-8")
    check = "import json, jsonschema, sys; jsonschema.validate(*(json.load(open(f)) for f in sys.argv[1:]))"
    python = program("kubernetes-validate").with_name("python")
    words = [python, "-c", check, folder / "object.json", folder / "schema.json"]
    checked = subprocess.run(words, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr


def test_the_validators_refuse_a_misspelt_key(run, made, program, tmp_path):
    """They would notice."""
    deployment = of_kind(made(), "Deployment")["desk-detect"]
    deployment["spec"]["template"]["spec"]["container"] = []
    path = tmp_path / "wrong.yaml"
    path.write_text(yaml.safe_dump(deployment), "utf-8")
    assert run("kubernetes-validate", "--strict", "-k", KUBERNETES, path).returncode != 0
    (scaled,) = of_kind(made("detect.autoscaling.kind=keda"), "ScaledObject").values()
    scaled["spec"]["maxReplicasCount"] = 3
    with pytest.raises(AssertionError, match="maxReplicasCount"):
        check_custom(scaled, program, tmp_path)


def test_a_wrong_option_is_refused(run, chart):
    """A kind of autoscaling that does not exist gives one clear error."""
    words = ["--set", "detect.autoscaling.kind=vpa", "--kube-version", KUBERNETES]
    rendered = run("helm", "template", "desk", chart, *words)
    assert rendered.returncode != 0
    assert 'detect.autoscaling.kind is "vpa"; it may be none, hpa or keda' in rendered.stdout


def test_the_configuration_of_the_chart_is_one(made, monkeypatch, tmp_path):
    """Tocsin reads what the pods are given, and the metrics are where probes and services look."""
    monkeypatch.setenv("TOCSIN_LEDGER", "postgresql+psycopg://tocsin:secret@postgres/tocsin")
    (written,) = of_kind(made(), "ConfigMap").values()
    config = parse_config(written["data"]["tocsin.toml"], tmp_path)
    assert (config.metrics.host, config.metrics.port) == ("0.0.0.0", 9464)
    assert config.intake.topic == "tocsin.pages"


def test_selectors_find_the_pods_of_their_role_alone(made):
    """Each deployment counts its own pods; budget and autoscaling are the workers'."""
    objects = made("detect.autoscaling.kind=hpa")
    deployments = of_kind(objects, "Deployment")
    for name, each in deployments.items():
        labels = each["spec"]["template"]["metadata"]["labels"]
        selector = each["spec"]["selector"]["matchLabels"]
        assert selector.items() <= labels.items()
        assert f"desk-{selector['app.kubernetes.io/component']}" == name
    (budget,) = of_kind(objects, "PodDisruptionBudget").values()
    assert budget["spec"]["selector"] == deployments["desk-detect"]["spec"]["selector"]
    (scaler,) = of_kind(objects, "HorizontalPodAutoscaler").values()
    assert scaler["spec"]["scaleTargetRef"]["name"] == "desk-detect"
    assert "replicas" not in deployments["desk-detect"]["spec"]


def test_no_pod_has_more_rights_than_it_needs(made):
    """Not root, nothing writable but its own, no way to more, no word with the cluster."""
    objects = [*made(), *made("detect.flink.enabled=true")]
    for each in objects:
        if each["kind"] in ("Deployment", "Job"):
            pod = each["spec"]["template"]["spec"]
            (container,) = pod["containers"]
            assert pod["securityContext"]["runAsNonRoot"]
            assert pod["automountServiceAccountToken"] is False
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert container["resources"].keys() == {"requests", "limits"}


def test_the_rules_of_the_chart_are_the_tested_ones(made, deploy):
    """Rule by rule those of deploy/prometheus, where they were asked for, and nowhere else."""
    assert of_kind(made(), "PrometheusRule") == {}
    (rules,) = of_kind(made("prometheusRule.enabled=true"), "PrometheusRule").values()
    assert rules["spec"] == yaml.safe_load((deploy / "prometheus" / "rules.yaml").read_text("utf-8"))


def test_with_flink_no_worker_is_left(made):
    """One job is submitted instead, with the options of the values."""
    objects = made("detect.flink.enabled=true", "detect.flink.options={--checkpointing_interval=3000}")
    assert set(of_kind(objects, "Deployment")) == {"desk-collect", "desk-publish"}
    (job,) = of_kind(objects, "Job").values()
    args = job["spec"]["template"]["spec"]["containers"][0]["args"]
    assert args[args.index("--") + 1 :] == [
        "--runner=PortableRunner",
        "--job_endpoint=flink-jobserver:8099",
        "--kafka_expansion_service=flink-jobserver:8097",
        "--parallelism=2",
        "--checkpointing_interval=3000",
    ]
