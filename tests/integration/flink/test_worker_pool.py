"""The worker pool of the local stack, asked as a task manager asks it."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import grpc
import pytest
from apache_beam.portability.api import beam_fn_api_pb2, beam_fn_api_pb2_grpc, endpoints_pb2
from flink_stack import children, eventually
from ports import free_port

POOL = Path(__file__).resolve().parents[3] / "deploy" / "local" / "worker_pool.py"


@pytest.fixture
def pool():
    """A running pool."""
    port = free_port()
    process = subprocess.Popen([sys.executable, POOL, "--port", str(port)])
    yield process, f"127.0.0.1:{port}"
    process.terminate()
    assert process.wait(30) == 0


@pytest.fixture
def task_manager():
    """The address of a task manager that says nothing to whoever comes."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


def test_a_killed_worker_is_started_again(pool, task_manager):
    """A task manager waits without limit for a worker that died before it came, so another one comes."""
    process, address = pool
    endpoint = endpoints_pb2.ApiServiceDescriptor(url=task_manager)
    with grpc.insecure_channel(address) as channel:
        grpc.channel_ready_future(channel).result(30)
        stub = beam_fn_api_pb2_grpc.BeamFnExternalWorkerPoolStub(channel)
        request = beam_fn_api_pb2.StartWorkerRequest(worker_id="1-1", control_endpoint=endpoint)
        assert not stub.StartWorker(request).error
        (first,) = eventually(lambda: children(process.pid))
        os.kill(first, signal.SIGKILL)
        (second,) = eventually(lambda: children(process.pid) - {first})
        assert not stub.StopWorker(beam_fn_api_pb2.StopWorkerRequest(worker_id="1-1")).error
        assert children(process.pid) == set()
    assert second != first
