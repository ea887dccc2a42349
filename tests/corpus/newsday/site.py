"""The news day as a web site at an instant. Pure: no clock, no network; `serve.py` puts it on a port."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Any, NamedTuple

from jinja2 import DictLoader, Environment, StrictUndefined

from .pieces import Outlet, Piece

_HTML = "text/html; charset=utf-8"
_FEED_TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
}
_WALL = "wall.html.j2"
_JUNK_BYTES = 6000


class Response(NamedTuple):
    """What a web server answers."""

    status: int
    media_type: str
    headers: dict[str, str]
    body: bytes


class NewsDay:
    """The site of all outlets, as of any instant.

    `/` lists the outlets, `/OUTLET/` its pieces, `/OUTLET/feed.xml` is its feed, `/OUTLET/SLUG` a piece.
    A piece exists from its `appears_at` on.
    """

    def __init__(
        self, *, outlets: Sequence[Outlet], pieces: Sequence[Piece], templates: Mapping[str, str]
    ) -> None:
        self.outlets = tuple(outlets)
        """In the order of `outlets.toml`."""
        self.pieces = tuple(sorted(pieces, key=_arrival))
        """In order of arrival: `appears_at`, then `published_at`."""
        self.rounds = tuple(sorted({piece.appears_at for piece in pieces}))
        """The instants at which new items appear."""
        self._outlets = {outlet.id: outlet for outlet in outlets}
        self._pieces = {(piece.outlet, piece.slug): piece for piece in pieces}
        self._pages = Environment(
            loader=DictLoader(templates), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._pages.filters["rfc822"] = format_datetime
        self._pages.globals["names"] = {outlet.id: outlet.name for outlet in outlets}

    def piece(self, outlet: str, slug: str) -> Piece:
        """The piece of this name."""
        return self._pieces[outlet, slug]

    def respond(self, path: str, at: datetime, host: str = "127.0.0.1") -> Response:
        """What the site answers at `at` to GET `path`; links are built for `host` (with its port)."""
        outlet_id, _, name = path.partition("?")[0].removeprefix("/").partition("/")
        if path == "/robots.txt":
            return _answer(b"User-agent: *\nAllow: /\n", "text/plain; charset=utf-8")
        if path == "/":
            return self._page("front.html.j2", base=f"http://{host}", outlets=self.outlets)
        outlet = self._outlets.get(outlet_id)
        if outlet is None:
            return _missing()
        shown = [piece for piece in self.pieces if piece.outlet == outlet.id and piece.appears_at <= at]
        context: dict[str, Any] = {"outlet": outlet, "pieces": shown[::-1], "base": f"http://{host}"}
        if name == "feed.xml":
            return self._feed(outlet, context)
        if name == "":
            return self._page("home.html.j2", **context)
        piece = self._pieces.get((outlet.id, name))
        return self._piece(piece, context) if piece in shown else _missing()

    def _feed(self, outlet: Outlet, context: dict[str, Any]) -> Response:
        newest = max((piece.appears_at for piece in context["pieces"]), default=self.rounds[0])
        text = self._pages.get_template(f"{outlet.feed}.xml.j2").render(built_at=newest, **context)
        return _answer(text.encode(), _FEED_TYPES[outlet.feed], changed_at=newest)

    def _piece(self, piece: Piece, context: dict[str, Any]) -> Response:
        match piece.kind:
            case "empty":
                return _answer(b"", _HTML, changed_at=piece.appears_at)
            case "junk":
                return _answer(_junk(piece.slug), _HTML, changed_at=piece.appears_at)
            case "wall":
                template = _WALL
            case _:
                template = context["outlet"].template
        url = f"{context['base']}/{piece.outlet}/{piece.slug}"
        return self._page(template, changed_at=piece.appears_at, piece=piece, url=url, **context)

    def _page(self, template: str, changed_at: datetime | None = None, **context: Any) -> Response:
        text = self._pages.get_template(template).render(**context)
        return _answer(text.encode(), _HTML, changed_at=changed_at)


def _arrival(piece: Piece) -> tuple[datetime, datetime, str, str]:
    return piece.appears_at, piece.published_at or piece.appears_at, piece.outlet, piece.slug


def _answer(body: bytes, media_type: str, changed_at: datetime | None = None) -> Response:
    headers = {"ETag": f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'}
    if changed_at:
        headers["Last-Modified"] = format_datetime(changed_at, usegmt=True)
    return Response(200, media_type, headers, body)


def _missing() -> Response:
    return Response(404, _HTML, {}, b"<!doctype html><title>Not found</title><h1>404</h1>")


def _junk(seed: str) -> bytes:
    return hashlib.shake_128(seed.encode()).digest(_JUNK_BYTES)
