"""`tocsin entities`: what a person does about the names to watch."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from pipelines.cli.model_names import name_finder
from pipelines.cli.options import (
    DEFAULT_CONFIG,
    ConfigOption,
    JsonOption,
    SinceOption,
    TopicOption,
    config_at,
    instant,
    known_topic,
    ledger_of,
)
from pipelines.cli.views import err
from pipelines.config import Config
from pipelines.text.entities import EntityTagger
from pipelines.text.spelling import latin
from pipelines.text.suggestions import NameCount, Suggestion
from pipelines.topics.matcher import TopicMatcher
from schemas.articles import TaggedArticle
from schemas.errors import ConfigError
from schemas.watch import Topic

entities = typer.Typer(help="Look after the names to watch.")


@entities.callback()
def _group() -> None:
    """Keeps `suggest` a command of the group, though it is the only one."""


@entities.command()
def suggest(
    config: ConfigOption = DEFAULT_CONFIG,
    topic: TopicOption = None,
    since: SinceOption = None,
    at_least: Annotated[
        int, typer.Option("--at-least", min=1, help="Only names that so many articles of the topic use.")
    ] = 3,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """Suggest names to watch: frequent in the ledger's articles near a topic, and not configured yet.

    Prints `[[entities]]` with proposed aliases. Read them, strike what is not one thing, and put the rest
    into your configuration or a topics file; nothing is changed before you do. An alias that is also a word
    or somebody else's name needs `context`. Surnames need no alias: they count after the full name. Where a
    name looks like one that you have, it may be a spelling to add there. `names` under [tocsin] says how
    names are found.

    For example:

        tocsin entities suggest --topic harbour
        tocsin entities suggest --since 2026-03-01 -n 50 >> topics/people.toml
    """
    settings = config_at(config)
    with ledger_of(settings) as ledger:
        topic = known_topic(topic, settings, ledger)
        wanted = [each for each in settings.topics if topic in (None, each.id)]
        if not wanted:
            raise ConfigError("there is no topic to look near", hint="name one of the configuration's topics")
        count = _counted(settings, wanted, ledger.reading.articles(since=instant(since)))
    found = count.suggestions(at_least)[:limit]
    for each in found:
        typer.echo(json.dumps(asdict(each), ensure_ascii=False) if as_json else "\n".join(_toml(each)))
    if not found:
        err.print(f"no unknown name in {at_least} articles or more; --at-least 1 shows rarer ones")


def _counted(
    settings: Config, topics: Sequence[Topic], articles: Iterable[tuple[TaggedArticle, str | None]]
) -> NameCount:
    """The unwatched names of the articles that are no copies."""
    count = NameCount(name_finder(settings), settings.entities)
    matcher = TopicMatcher(topics, settings.digest)
    tagger = EntityTagger(settings.entities)
    for read, copy_of in articles:
        if copy_of is None:
            tagged = tagger.tag(read.article)
            count.add(tagged, near=bool(matcher.matched(tagged)))
    return count


def _toml(suggestion: Suggestion) -> Iterator[str]:
    """The lines of one entity, ready to be pasted."""
    elsewhere = f", and {suggestion.elsewhere} others" if suggestion.elsewhere else ""
    yield f"# in {suggestion.articles} articles{elsewhere}"
    if suggestion.like:
        yield f'# much like the entity "{suggestion.like}": perhaps an alias to add there'
    yield "[[entities]]"
    yield f"id = {_quoted(_id(suggestion.name))}"
    yield f"name = {_quoted(suggestion.name)}"
    yield f"aliases = [{', '.join(map(_quoted, suggestion.aliases))}]"
    yield ""


def _id(name: str) -> str:
    return "-".join(word for part in name.split() if (word := latin(part)))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a TOML string
