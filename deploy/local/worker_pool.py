"""Worker pool for Beam's EXTERNAL environment, with a state cache, on the loopback address.

One Python process per worker that a task manager asks for. Differences from
apache_beam.runners.worker.worker_pool_main: the state cache is not forced to zero, it
listens on 127.0.0.1 instead of all addresses, workers run under the same interpreter as
the pool (not whatever "python" is in PATH), and their output goes to the pool's log
instead of a pipe that nobody reads.

Workers import user modules through PYTHONPATH as it was when the pool was started.
"""

import argparse
import logging
import signal
import subprocess
import sys
import threading
from concurrent import futures

import grpc
from apache_beam.portability.api import beam_fn_api_pb2
from apache_beam.portability.api import beam_fn_api_pb2_grpc

WORKER = (
    "import logging, sys; logging.basicConfig(level=logging.INFO);"
    "from apache_beam.runners.worker.sdk_worker import SdkHarness;"
    "SdkHarness(sys.argv[1], worker_id=sys.argv[2], state_cache_size=int(sys.argv[3]),"
    " data_buffer_time_limit_ms=-1).run()"
)


class Pool(beam_fn_api_pb2_grpc.BeamFnExternalWorkerPoolServicer):
    def __init__(self, cache_bytes):
        self._cache_bytes = cache_bytes
        self._workers = {}
        self._lock = threading.Lock()

    def StartWorker(self, request, context):
        command = [
            sys.executable,
            "-c",
            WORKER,
            request.control_endpoint.url,
            request.worker_id,
            str(self._cache_bytes),
        ]
        try:
            worker = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        except OSError as e:
            return beam_fn_api_pb2.StartWorkerResponse(error=str(e))
        with self._lock:
            # poll() also reaps the workers that ended because their task manager went away
            self._workers = {k: w for k, w in self._workers.items() if w.poll() is None}
            self._workers[request.worker_id] = worker
        logging.info("worker %s started, pid %d", request.worker_id, worker.pid)
        return beam_fn_api_pb2.StartWorkerResponse()

    def StopWorker(self, request, context):
        with self._lock:
            worker = self._workers.pop(request.worker_id, None)
        if worker:
            self._end([worker])
            logging.info("worker %s stopped", request.worker_id)
        return beam_fn_api_pb2.StopWorkerResponse()

    def close(self):
        with self._lock:
            workers, self._workers = list(self._workers.values()), {}
        self._end(workers)

    @staticmethod
    def _end(workers):
        for w in workers:
            w.terminate()
        for w in workers:
            try:
                w.wait(timeout=5)
            except subprocess.TimeoutExpired:
                w.kill()
                w.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=15001)
    parser.add_argument("--cache-mb", type=int, default=100, help="state cache of each worker")
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    pool = Pool(args.cache_mb << 20)
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=16))
    beam_fn_api_pb2_grpc.add_BeamFnExternalWorkerPoolServicer_to_server(pool, server)
    if not server.add_insecure_port("127.0.0.1:%d" % args.port):
        sys.exit("cannot listen on port %d" % args.port)
    done = threading.Event()
    for s in (signal.SIGTERM, signal.SIGINT):
        signal.signal(s, lambda *_: done.set())
    server.start()
    logging.info("listening on 127.0.0.1:%d", args.port)
    while not done.wait(1):
        pass
    server.stop(None)
    pool.close()


if __name__ == "__main__":
    main()
