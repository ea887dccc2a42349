"""The small web server of a running job: `/metrics` for Prometheus, `/healthz` for whoever keeps it alive."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pipelines.config import MetricsSettings
from pipelines.metrics import EXPOSITION_TYPE
from pipelines.service import Service
from schemas.errors import ConfigError


@contextmanager
def serving(service: Service, settings: MetricsSettings) -> Iterator[int]:
    """The port on which the server answers until the context ends.

    Raises:
        ConfigError: the port is taken or the address is not this machine's.
    """
    try:
        listener = socket.create_server((settings.host, settings.port))
    except OSError as error:
        raise ConfigError(
            f"cannot listen on {settings.host}:{settings.port} for metrics: {error.strerror}",
            hint="set another port under [metrics], or 0 for any free one",
        ) from error
    server = uvicorn.Server(uvicorn.Config(_app(service), log_level="warning"))
    # In a thread of its own uvicorn leaves the process's signals to the job.
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="metrics", daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(timeout=5)


def _app(service: Service) -> Starlette:
    async def healthz(request: Request) -> JSONResponse:
        troubles = dict(service.health.troubles)
        body = {"status": "trouble" if troubles else "ok", "troubles": troubles}
        return JSONResponse(body, status_code=503 if troubles else 200)

    async def metrics(request: Request) -> Response:
        service.tally.in_trouble(tuple(service.health.troubles))
        return Response(service.tally.exposition(), headers={"Content-Type": EXPOSITION_TYPE})

    return Starlette(routes=[Route("/healthz", healthz), Route("/metrics", metrics)])
