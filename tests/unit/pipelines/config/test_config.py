"""What a right configuration becomes."""

from pathlib import Path

import pytest

from pipelines.config import Config, load_config, parse_config
from schemas.alerts import Verdict
from schemas.errors import ConfigError
from schemas.watch import Entity, Publisher, Subscription, Topic

FULL = """
[tocsin]
ledger = "sqlite:///state/tocsin.db"
topics = ["topics/*.toml"]

[http]
contact = "desk@example.org"

[[sources]]
name = "shelf"
kind = "test-shelf"
path = "in/pages"
publisher = "exit"
every = "1h30m"

[[publishers]]
id = "exit"
domains = ["Exit.example"]
owner = "exit-group"

[[entities]]
id = "mek"
name = "The Mojahedin"
aliases = ["MEK", "MKO"]
not = ["MEK (newspaper)"]
context = ["Tirana"]

[[topics]]
id = "mek-albania"
query = "entity:mek AND Tirana"
languages = ["en"]
findings = ["conflict"]
worth = 0.25
stage = "shadow"

[[subscriptions]]
topics = ["mek-*", "flood"]
sink = "desk"

[sinks.desk]
kind = "test-hook"
url = "env:HOOK_URL"
headers = ["Authorization: x", "env:HOOK_TOKEN"]

[extraction]
workers = 3
deadline = "2.5s"
memory_mb = 256

[metrics]
port = 0
"""
ENVIRON = {"HOOK_URL": "https://hook.example", "HOOK_TOKEN": "s3cret"}


@pytest.fixture
def full(tmp_path) -> Config:
    """The configuration above, with one more file of topics."""
    folder = tmp_path / "topics"
    folder.mkdir()
    (folder / "flood.toml").write_text('[[topics]]\nid = "flood"\nquery = "flood"\n')
    (tmp_path / "tocsin.toml").write_text(FULL)
    return load_config(tmp_path / "tocsin.toml", ENVIRON)


def test_every_key_arrives_where_it_belongs(full, tmp_path):
    """Each part of the file is a record of its own, with the topics of further files after its own."""
    assert full.ledger == f"sqlite:///{tmp_path}/state/tocsin.db"
    assert full.http.contact == "desk@example.org"
    assert full.publishers == (
        Publisher(id="exit", domains=("exit.example",), kind="outlet", owner="exit-group"),
    )
    assert full.entities == (
        Entity(
            id="mek",
            name="The Mojahedin",
            aliases=("MEK", "MKO"),
            not_=("MEK (newspaper)",),
            context=("Tirana",),
        ),
    )
    mek, flood = full.topics
    assert mek == Topic(
        id="mek-albania",
        query="entity:mek AND Tirana",
        languages=("en",),
        memory="main",
        findings=(Verdict.CONFLICT,),
        worth=0.25,
        live=False,
    )
    assert flood.id == "flood"
    assert flood.findings == (Verdict.NEW, Verdict.UPDATE, Verdict.CONFLICT)
    assert full.subscriptions == (Subscription(topics=("mek-*", "flood"), sink="desk"),)
    assert (full.extraction.workers, full.extraction.deadline_s) == (3, 2.5)
    assert full.extraction.memory_bytes == 256 * 1024 * 1024
    assert (full.metrics.host, full.metrics.port) == ("127.0.0.1", 0)
    assert full.warnings == ()


def test_a_kind_gets_its_own_options(full, tmp_path):
    """What is not Tocsin's own key goes to the kind, checked by its Options, with paths made absolute."""
    (source,) = full.sources
    assert (source.name, source.kind, source.publisher, source.every_s) == (
        "shelf",
        "test-shelf",
        "exit",
        5400,
    )
    assert source.options.path == tmp_path / "in/pages"
    assert source.options.batch == 100
    (sink,) = full.sinks
    assert sink.options.url == "https://hook.example"
    assert sink.options.headers == ("Authorization: x", "s3cret")


def test_secrets_stay_out_of_what_is_printed(full):
    """A configuration can be logged."""
    assert "s3cret" not in repr(full)


def test_an_empty_file_is_a_configuration(tmp_path):
    """Every section can be left out."""
    config = parse_config("", tmp_path)
    assert config.ledger == f"sqlite:///{tmp_path}/tocsin.db"
    assert config.extraction.workers >= 1
    assert (config.sources, config.topics, config.sinks, config.warnings) == ((), (), (), ())


LEDGERS = [
    ("sqlite:////var/lib/tocsin.db", "sqlite:////var/lib/tocsin.db"),
    ("sqlite:///:memory:", "sqlite:///:memory:"),
    ("sqlite:///a.db?timeout=9", "sqlite:///{base}/a.db?timeout=9"),
    ("postgresql+psycopg://desk@db.example/tocsin", "postgresql+psycopg://desk@db.example/tocsin"),
]


@pytest.mark.parametrize(("written", "read"), LEDGERS)
def test_a_relative_ledger_starts_at_the_file(tmp_path, written, read):
    """Only a relative SQLite path is moved."""
    config = parse_config(f'[tocsin]\nledger = "{written}"', tmp_path)
    assert config.ledger == read.format(base=tmp_path)


DURATIONS = [("90s", 90), ("5m", 300), ("1h30m", 5400), ("2d", 172800), ("1d1h1m1.5s", 90061.5)]


@pytest.mark.parametrize(("written", "seconds"), DURATIONS)
def test_durations_are_read_as_people_write_them(tmp_path, written, seconds):
    """Days, hours, minutes and seconds, largest first."""
    config = parse_config(f'[extraction]\ndeadline = "{written}"', tmp_path)
    assert config.extraction.deadline_s == seconds


def digest(text: str, **environ: str) -> str:
    """The digest of this configuration."""
    return parse_config(text, Path("/nowhere"), environ=environ).digest


ONE = '[[topics]]\nid = "a"\nquery = "x"\n'
TWO = '[[topics]]\nid = "b"\nquery = "y"\n'
SAME = [
    ("order of sections", ONE + TWO, TWO + ONE),
    ("order of keys", ONE, '[[topics]]\nquery = "x"\nid = "a"\n'),
    ("a default written out", ONE, ONE + 'memory = "main"\n'),
    ("what does not judge", ONE, ONE + "[metrics]\nport = 0\n"),
]
OTHER = [
    ("a query", ONE, ONE.replace("x", "y")),
    ("a stage", ONE, ONE + 'stage = "shadow"\n'),
    ("a topic", ONE, ONE + TWO),
    ("an entity", ONE, ONE + '[[entities]]\nid = "a"\nname = "A"\n'),
    ("a publisher", ONE, ONE + '[[publishers]]\nid = "a"\n'),
]


@pytest.mark.parametrize(("what", "before", "after"), SAME)
def test_the_digest_holds_still(what, before, after):
    """What judges the same has the same digest."""
    assert digest(before) == digest(after), what


@pytest.mark.parametrize(("what", "before", "after"), OTHER)
def test_the_digest_moves(what, before, after):
    """What judges otherwise has another digest."""
    assert digest(before) != digest(after), what


def test_the_digest_holds_no_secret():
    """A changed password does not change the digest."""
    text = ONE + '[sinks.desk]\nkind = "test-hook"\nurl = "env:HOOK"\n'
    assert digest(text, HOOK="https://one.example") == digest(text, HOOK="https://two.example")


WARNINGS = [
    (ONE, 'tocsin.toml:1: topics[0]: no subscription routes topic "a", so its alerts go nowhere'),
    (
        '[[subscriptions]]\ntopics = ["aa"]\nsink = "d"\n'
        '[sinks.d]\nkind = "test-hook"\nurl = "https://x"\n' + ONE + 'stage = "shadow"',
        'tocsin.toml:2: subscriptions[0].topics[0]: "aa" matches no topic (did you mean "a"?)',
    ),
    ('[tocsin]\ntopics = ["more/*.toml"]', 'tocsin.toml:2: tocsin.topics[0]: no file is named "more/*.toml"'),
]


@pytest.mark.parametrize(("text", "warning"), WARNINGS)
def test_what_is_probably_not_meant_is_a_warning(tmp_path, text, warning):
    """It does not stop a run, and `tocsin check` shows it."""
    assert parse_config(text, tmp_path).warnings == (warning,)


def test_a_missing_file_is_a_config_error(tmp_path):
    """Said with what to do about it."""
    with pytest.raises(ConfigError, match="there is no such file") as refused:
        load_config(tmp_path / "none.toml")
    assert "tocsin init" in refused.value.hint


TOPIC_FILES = [
    ('[[sources]]\nname = "a"', "more.toml:1: sources: unknown key (known keys: topics, entities)"),
    ("[[topics]\n", "tocsin.toml:2: tocsin.topics[0]: cannot read more.toml: not TOML: "),
    ('[[topics]]\nid = "a"', "more.toml:1: topics[0].query: is required"),
    (ONE, 'more.toml:2: topics[0].id: "a" is already taken (see tocsin.toml:3: topics[0])'),
]


@pytest.mark.parametrize(("text", "line"), TOPIC_FILES)
def test_faults_in_a_topic_file_name_that_file(tmp_path, text, line):
    """Each further file is checked like the main one."""
    (tmp_path / "more.toml").write_text(text)
    with pytest.raises(ConfigError) as refused:
        parse_config('[tocsin]\ntopics = ["more.toml"]\n' + ONE, tmp_path)
    assert line in str(refused.value)
