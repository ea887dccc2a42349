"""Puts the news day on a local port, at whatever instant the caller sets."""

from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Self

from .load import load_newsday
from .site import NewsDay


class NewsDayServer:
    """A web server on 127.0.0.1 that shows the news day as of `at`.

    Use as a context manager. `at` starts at the first round; set it to go on. A GET whose
    `If-None-Match` holds the current ETag is answered with 304. Every request is kept in `requests`.
    """

    def __init__(self, port: int = 0, day: NewsDay | None = None) -> None:
        self.day = day or load_newsday()
        """What is shown."""
        self.at: datetime = self.day.rounds[0]
        """The instant that is shown."""
        self.requests: list[tuple[str, int]] = []
        """Path and status of each request, in order of arrival."""
        self._http = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._http.server_address[1]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


def _handler(server: NewsDayServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            host = self.headers.get("Host") or f"127.0.0.1:{server.port}"
            status, media_type, headers, body = server.day.respond(self.path, server.at, host)
            seen = self.headers.get("If-None-Match", "")
            if status == 200 and headers["ETag"] in (tag.strip() for tag in seen.split(",")):
                status, body = 304, b""
            server.requests.append((self.path, status))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Type", media_type)
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing: the caller reads `requests`."""

    return Handler
