"""One broker for all tests of Kafka, and one that asks who comes."""

import subprocess
from itertools import count

import pytest
from broker import Broker
from kafka import KafkaAdminClient
from kafka.admin import UserScramCredentialUpsertion
from ports import free_ports

from connectors.kafka.settings import KafkaSettings

NUMBERS = count()
LISTENERS = ("SASL_PLAINTEXT", "SSL", "SASL_SSL")
GUARDED = """
listeners=PLAINTEXT://127.0.0.1:{{port}},CONTROLLER://127.0.0.1:{{controller}},{more}
advertised.listeners=PLAINTEXT://127.0.0.1:{{port}},{more}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,\\
  SASL_PLAINTEXT:SASL_PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512
ssl.keystore.type=PEM
ssl.keystore.location={folder}/server.pem
ssl.truststore.type=PEM
ssl.truststore.location={folder}/ca.pem
ssl.client.auth=required
listener.name.sasl_ssl.ssl.client.auth=none
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS;User:tocsin;User:CN=tocsin
"""
LOG_IN = """
listener.name.{listener}.plain.sasl.jaas.config=\\
  org.apache.kafka.common.security.plain.PlainLoginModule required user_tocsin="secret" user_guest="secret";
listener.name.{listener}.scram-sha-512.sasl.jaas.config=\\
  org.apache.kafka.common.security.scram.ScramLoginModule required;
"""


@pytest.fixture(scope="session")
def kafka(tmp_path_factory):
    """A broker that runs; a test that ends it starts it again."""
    broker = Broker(tmp_path_factory.mktemp("kafka"))
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture
def settings(kafka):
    """How to reach it, with little patience."""
    return KafkaSettings(bootstrap=kafka.bootstrap, timeout_s=5.0)


@pytest.fixture
def topic(kafka):
    """A topic of three partitions that no other test uses."""
    return kafka.create_topic(f"topic-{next(NUMBERS)}", 3)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    """A folder: `ca.pem` signed `server.pem` and `client.pem`; `other.pem` signed nothing."""
    folder = tmp_path_factory.mktemp("certificates")
    for name in ("ca", "other"):
        _certificate(folder, name, "-subj", f"/CN={name}")
    for name, subject in (("server", "localhost"), ("client", "tocsin")):
        signed = (
            "-CA",
            folder / "ca.pem",
            "-CAkey",
            folder / "ca.key",
            "-addext",
            "subjectAltName=DNS:localhost",
        )
        own = ("-addext", "basicConstraints=critical,CA:FALSE")
        _certificate(folder, name, "-subj", f"/CN={subject}", *signed, *own)
        with (folder / f"{name}.pem").open("ab") as file:
            file.write((folder / f"{name}.key").read_bytes())
    return folder


def _certificate(folder, name, *words):
    made = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2")
    files = ("-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem")
    subprocess.run(["openssl", "req", "-x509", *made, *files, *words], check=True, capture_output=True)


@pytest.fixture(scope="session")
def guarded(certificates, tmp_path_factory):
    """Settings by what they try to get in with, each to a listener of a broker that asks who comes."""
    at = dict(zip(LISTENERS, (f"localhost:{port}" for port in free_ports(3)), strict=True))
    properties = GUARDED.format(
        more=",".join(f"{name}://{address}" for name, address in at.items()), folder=certificates
    )
    properties += "".join(LOG_IN.format(listener=name.lower()) for name in LISTENERS if name != "SSL")
    broker = Broker(tmp_path_factory.mktemp("guarded"), properties)
    broker.start()
    admin = KafkaAdminClient(bootstrap_servers=broker.bootstrap)
    admin.alter_user_scram_credentials([UserScramCredentialUpsertion("tocsin", "SCRAM-SHA-512", "secret")])
    admin.close()
    broker.create_topic("guarded")

    def settings(listener, **fields):
        speaks = {"bootstrap": at[listener], "security_protocol": listener, "timeout_s": 3.0}
        return KafkaSettings(**speaks | fields)

    yield settings
    broker.stop()
