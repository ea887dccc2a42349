"""Worker pool for Beam's EXTERNAL environment: one Python process for each that a task manager asks for.

Differences from `apache_beam.runners.worker.worker_pool_main`: it listens on 127.0.0.1 instead of all
addresses, workers run under the same interpreter as the pool, not under whatever "python" is in PATH,
their output goes to the pool's log instead of a pipe that nobody reads, and a worker that was killed is
started again: a task manager waits without limit for one that died before it came.

Workers import what the pool's interpreter can import: install Tocsin there.

usage: worker_pool.py [--port 15001]
"""

import argparse
import logging
import signal
import subprocess
import sys
import threading
from concurrent import futures
from typing import Any

import grpc
from apache_beam.portability.api import beam_fn_api_pb2, beam_fn_api_pb2_grpc

_GRACE_S = 5
_WORKER = """
import logging, sys
from apache_beam.runners.worker.sdk_worker import SdkHarness

logging.basicConfig(level=logging.WARNING)
# No cache of state: Tocsin keeps none in the runner.
SdkHarness(sys.argv[1], worker_id=sys.argv[2], state_cache_size=0, data_buffer_time_limit_ms=-1).run()
"""


class WorkerPool(beam_fn_api_pb2_grpc.BeamFnExternalWorkerPoolServicer):
    """Starts and ends workers as task managers ask; a worker also ends when its task manager goes away.

    One that a task manager already knew comes back for nothing, and is ended with the job's next attempt.
    """

    def __init__(self) -> None:
        self._workers: dict[str, subprocess.Popen[bytes]] = {}
        self._lock = threading.Lock()

    def StartWorker(self, request: Any, context: Any) -> Any:  # noqa: N802 - named by the protocol
        """An answer without an error: the worker has been started."""
        command = [sys.executable, "-c", _WORKER, request.control_endpoint.url, request.worker_id]
        try:
            worker = _launched(command)
        except OSError as error:
            return beam_fn_api_pb2.StartWorkerResponse(error=str(error))
        with self._lock:
            before = self._workers.get(request.worker_id)
            self._workers[request.worker_id] = worker
        if before:
            _end([before])
        threading.Thread(target=self._watch, args=(request.worker_id, command, worker), daemon=True).start()
        return beam_fn_api_pb2.StartWorkerResponse()

    def _watch(self, name: str, command: list[str], worker: "subprocess.Popen[bytes]") -> None:
        while worker.wait() < 0:
            with self._lock:
                if self._workers.get(name) is not worker:
                    return
                logging.warning("worker %s was killed by signal %d", name, -worker.returncode)
                try:
                    worker = self._workers[name] = _launched(command)
                except OSError as error:
                    logging.warning("worker %s cannot be started again: %s", name, error)
                    break
        with self._lock:
            if self._workers.get(name) is worker:
                del self._workers[name]

    def StopWorker(self, request: Any, context: Any) -> Any:  # noqa: N802 - named by the protocol
        """An answer without an error: the worker has ended."""
        with self._lock:
            worker = self._workers.pop(request.worker_id, None)
        if worker:
            _end([worker])
            logging.info("worker %s stopped", request.worker_id)
        return beam_fn_api_pb2.StopWorkerResponse()

    def close(self) -> None:
        """Every worker has ended."""
        with self._lock:
            workers, self._workers = list(self._workers.values()), {}
        _end(workers)


def _launched(command: list[str]) -> "subprocess.Popen[bytes]":
    worker = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - our own interpreter
    logging.info("worker %s started, pid %d", command[-1], worker.pid)
    return worker


def _end(workers: list["subprocess.Popen[bytes]"]) -> None:
    for worker in workers:
        worker.terminate()
    for worker in workers:
        try:
            worker.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()


def main() -> None:
    """Serves until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--port", type=int, default=15001)
    port = parser.parse_args().port
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    pool = WorkerPool()
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=16))
    beam_fn_api_pb2_grpc.add_BeamFnExternalWorkerPoolServicer_to_server(pool, server)
    server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    logging.info("listening on 127.0.0.1:%d", port)
    stop.wait()
    server.stop(None)
    pool.close()


if __name__ == "__main__":
    main()
