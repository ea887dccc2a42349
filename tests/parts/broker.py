"""A real Kafka broker from deploy/local, which a test may kill and start again."""

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Final

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from ports import free_ports

_STACK: Final = Path(__file__).parents[2] / "deploy" / "local" / "stack"
JARS: Final = Path.home() / ".cache" / "tocsin" / "stack" / "libs"
"""Where jars are kept, unless $STACK_LIBS says otherwise."""


class Broker:
    """One broker over one folder; `kill` is `kill -9`, and `start` brings it back with all it had."""

    def __init__(self, folder: Path, properties: str = "") -> None:
        """`properties` are Kafka's own, and come last; jars are kept in $STACK_LIBS, outside the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._port, controller = free_ports(2)
        self.bootstrap = f"127.0.0.1:{self._port}"
        more = folder / "more.properties"
        more.write_text(properties.format(port=self._port, controller=controller), "utf-8")
        self.environment = os.environ | {
            "STACK_HOME": str(folder),
            "STACK_LIBS": os.environ.get("STACK_LIBS", str(JARS)),
            "STACK_KAFKA_PORT": str(self._port),
            "STACK_KAFKA_CONTROLLER_PORT": str(controller),
            "STACK_KAFKA_PROPERTIES": str(more),
        }
        """What the script is told to find this broker."""

    def start(self) -> None:
        """The broker takes connections; it may need a moment more for transactions and groups."""
        self._stack("fetch", "kafka")
        self._stack("up", "kafka")

    def kill(self) -> None:
        """The broker is gone in the middle of whatever it did."""
        self._stack("kill", "kafka")

    def stop(self) -> None:
        """The broker has ended; what it kept stays."""
        self._stack("down", "kafka")

    def freeze(self) -> None:
        """The broker keeps its connections and answers nothing."""
        os.kill(self._pid(), signal.SIGSTOP)

    def thaw(self) -> None:
        """The broker goes on where it froze."""
        os.kill(self._pid(), signal.SIGCONT)

    def create_topic(self, name: str, partitions: int = 1, **configs: str) -> str:
        """The name of the topic, which is there now; `configs` are Kafka's, with `_` for `.`."""
        named = {key.replace("_", "."): value for key, value in configs.items()}
        topic = {"num_partitions": partitions, "replication_factor": 1, "configs": named}
        admin = KafkaAdminClient(bootstrap_servers=self.bootstrap)
        admin.create_topics({name: topic})
        while admin.describe_topics([name])[0]["error_code"]:
            time.sleep(0.05)
        admin.close()
        return name

    def read(self, topic: str, quiet_s: float = 1.0) -> list:
        """Every committed message of the topic, until there was none for a while."""
        consumer = KafkaConsumer(
            bootstrap_servers=self.bootstrap, isolation_level="read_committed", enable_auto_commit=False
        )
        consumer.assign([TopicPartition(topic, each) for each in consumer.partitions_for_topic(topic)])
        consumer.seek_to_beginning()
        found = []
        while more := consumer.poll(quiet_s * 1000):
            found += [message for messages in more.values() for message in messages]
        consumer.close()
        return found

    def _pid(self) -> int:
        return int((self._folder / "run" / "kafka.pid").read_text("utf-8").split()[0])

    def _stack(self, *words: str) -> None:
        run = subprocess.run(
            [_STACK, *words], env=self.environment, capture_output=True, text=True, timeout=300
        )
        assert run.returncode == 0, run.stdout + run.stderr
