"""`tocsin explain`: one page through every step: each record, each decision."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic_core import to_jsonable_python

from pipelines.cli.model_names import name_finder
from pipelines.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption, config_at, ledger_of, utc_now
from pipelines.cli.views import out
from pipelines.config import Config
from schemas.codec import to_plain
from schemas.errors import ConfigError
from schemas.ids import stable_id
from schemas.items import Item, Page

if TYPE_CHECKING:
    from pipelines.explaining import Explanation

_HTML = {".html", ".htm"}


def explain(
    page: Annotated[str, typer.Argument(help="A URL, or an .html or .txt file.")],
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Take one page through each step and show every record and every decision.

    First what the page is: an article, several, or an index, which holds none. Each article is judged against
    what the ledger has heard; nothing is written. With `--json`, one line for each article or for an index.

    For example:

        tocsin explain https://example.org/news/harbour
        tocsin explain saved.html --json | jq .
    """
    settings = config_at(config)
    names = name_finder(settings)
    read = asyncio.run(_fetch(page, settings)) if "://" in page else _read(Path(page))
    # Reading and judging take a second to load: not before the call is known to be good.
    from pipelines.cli.explanation_view import explanation, page_view
    from pipelines.explaining import explain_articles
    from pipelines.text.extract import read_page
    from pipelines.text.publishers import PublisherTable

    reading = read_page(read, PublisherTable(settings.publishers))
    if not as_json:
        out.print(page_view(reading.kind, reading.why, reading.entries))
    elif not reading.articles:
        found = {"kind": reading.kind, "why": reading.why, "entries": reading.entries}
        typer.echo(json.dumps(found, ensure_ascii=False))
    with ledger_of(settings) as ledger:
        for each in explain_articles(reading.articles, settings, ledger, names):
            if as_json:
                typer.echo(json.dumps(_as_data(each), ensure_ascii=False))
            else:
                out.print(explanation(each))


def _as_data(told: "Explanation") -> dict[str, Any]:
    """The records as everywhere, and beside them what was decided on the way."""
    records = (told.claimed, *told.matches, *told.judgements)
    decided = {
        "unknown": told.unknown,
        "silences": told.silences,
        "reaches": told.reaches,
        "compared": told.compared,
        "endings": told.endings,
        "unmatched": told.unmatched,
        "errors": [str(error) for error in told.errors],
    }
    return {"records": [to_plain(each) for each in records], **to_jsonable_python(decided)}


async def _fetch(url: str, config: Config) -> Page:
    from connectors.http.client import HttpClient

    async with HttpClient(config.http, clock=utc_now) as http:
        response = await http.get(url)
    return _page(response.url, html=response.body, charset=response.charset)


def _read(path: Path) -> Page:
    if not path.is_file():
        raise ConfigError(f"no file at {path}", hint="give a URL with http:// or https://, or a file")
    url = path.resolve().as_uri()
    if path.suffix in _HTML:
        return _page(url, html=path.read_bytes())
    return _page(url, text=path.read_text(encoding="utf-8", errors="replace"))


def _page(
    url: str, *, html: bytes | None = None, text: str | None = None, charset: str | None = None
) -> Page:
    now = utc_now()
    item = Item(
        id=stable_id("item", "explain", url),
        source="explain",
        url=url,
        guid=None,
        title=None,
        summary=None,
        authors=(),
        published_at=None,
        updated_at=None,
        observed_at=now,
        publisher=None,
        language=None,
    )
    page = stable_id("page", url, html or text)
    return Page(id=page, item=item, url=url, observed_at=now, html=html, charset=charset, text=text)
