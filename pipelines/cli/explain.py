"""`tocsin explain`: one page through every step, without Beam: each record, each decision."""

import asyncio
import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from connectors.http.client import HttpClient
from pipelines.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption, config_at, ledger_of, utc_now
from pipelines.cli.views import explanation, out
from pipelines.config import Config
from pipelines.ledger.database import Ledger
from pipelines.memory.encoders.load import ENCODERS
from pipelines.memory.hearing import Listener
from pipelines.memory.index import MemoryIndex
from pipelines.memory.origins import Families
from pipelines.memory.rulings import judgements_for, stories_of
from pipelines.text.claims import find_claims
from pipelines.text.entities import EntityTagger
from pipelines.text.extract import extract_articles
from pipelines.text.publishers import PublisherTable
from pipelines.topics.matcher import compile_topics
from schemas.alerts import Judgement
from schemas.articles import Match
from schemas.codec import to_plain
from schemas.errors import ConfigError
from schemas.ids import stable_id
from schemas.items import Item, Page

_HTML = {".html", ".htm"}


def explain(
    page: Annotated[str, typer.Argument(help="A URL, or an .html or .txt file.")],
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Take one page through each step and show every record and every decision.

    It is judged against what the ledger has heard; nothing is written.
    """
    settings = config_at(config)
    read = asyncio.run(_fetch(page, settings)) if "://" in page else _read(Path(page))
    tagger = EntityTagger(settings.entities)
    matcher, _ = compile_topics(settings.topics, settings.digest)
    with ledger_of(settings) as ledger:
        for article in extract_articles(read, PublisherTable(settings.publishers)):
            claimed = find_claims(tagger.tag(article))
            matches = matcher.match(claimed)
            judgements = list(_judge(ledger, settings, matches))
            if as_json:
                steps = [claimed, *matches, *judgements]
                typer.echo(json.dumps([to_plain(step) for step in steps], ensure_ascii=False))
            else:
                out.print(explanation(claimed, matches, judgements))


def _judge(ledger: Ledger, config: Config, matches: tuple[Match, ...]) -> Iterator[Judgement]:
    for memory, grouped in groupby(sorted(matches, key=_memory_of), key=_memory_of):
        together = list(grouped)
        index = MemoryIndex(ENCODERS)
        with ledger.memories.judging(memory) as judging:
            for position, hearing in judging.since(0):
                index.fold(position, hearing)
            Listener(memory, index, ENCODERS, Families(config.publishers)).hear(together)
            heard = judging.heard([match.topic for match in together], stories_of(together, index))
        for match in together:
            yield from judgements_for(match, index, heard)


def _memory_of(match: Match) -> str:
    return match.memory


async def _fetch(url: str, config: Config) -> Page:
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
