"""Every command as a person meets it: what it shows, what it refuses, and with which exit code."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from pipelines.cli.newsday.load import load_newsday

from schemas.alerts import Alert, Judgement
from schemas.articles import ClaimedArticle, Match
from schemas.codec import RECORDS, decode


def a_feed(url):
    """One more source of a configuration."""
    return f'[[sources]]\nname = "more"\nkind = "feed"\nurl = "{url}"\n'


def add_to(desk, more):
    """Writes more into the desk's configuration."""
    with (desk / "tocsin.toml").open("a", encoding="utf-8") as config:
        config.write(more)


CHECKS = {
    "good": ("", 0, "papers │ file │ ok: 1 items", []),
    "topic that goes nowhere": (
        '[[topics]]\nid = "quiet"\nquery = "pier"\nstage = "shadow"\n'
        '[[subscriptions]]\ntopics = ["bride"]\nsink = "desk"\n',
        0,
        "quiet │ │ ok",
        [r'warning: tocsin\.toml:\d+: subscriptions\[1\]\.topics\[0\]: "bride" matches no topic \(.+\)'],
    ),
    "bad query": (
        '[[topics]]\nid = "broken"\nquery = \'(Veldar OR "the bridge\'\n',
        1,
        "bridge │ │ ok",
        [
            'error: topic "broken": cannot read the query at column 23: .*',
            r"  \(Veldar OR \"the bridge",
            r" +\^",
            "hint: .+",
        ],
    ),
    "missing folder": ('[[sources]]\nname = "more"\nkind = "file"\npath = "letters"\n', 1, "letters", []),
    "unreachable source": (a_feed("http://127.0.0.1:1/feed"), 1, "http://127.0.0.1:1/feed", []),
    "refused address": (a_feed("http://10.0.0.1/feed"), 1, "not public (private) (hint: an own host", []),
    "unknown key": (
        '[[publishers]]\nid = "courier"\nownr = "group"\n',
        2,
        "",
        [
            r'error: tocsin\.toml:\d+: publishers\[0\]\.ownr: unknown key \(did you mean "owner"\?\)',
            "hint: .+",
        ],
    ),
    "no TOML": ("[[publishers", 2, "", ["error: cannot read tocsin.toml: not TOML: .+"]),
}


@pytest.mark.parametrize("case", CHECKS)
def test_check_tells_what_would_not_work(desk, within, case):
    """0 where all is well, 1 where a source or topic has trouble, 2 where the file is wrong; and where."""
    more, code, row, errors = CHECKS[case]
    add_to(desk, more)
    run = within("check", "-c", desk / "tocsin.toml")
    assert run.returncode == code
    assert row in re.sub(" +", " ", run.stdout)
    lines = run.stderr.splitlines()
    assert len(lines) == len(errors)
    for line, pattern in zip(lines, errors, strict=True):
        assert re.fullmatch(pattern, line)


def test_init_writes_a_file_that_only_lacks_its_sources(tmp_path, within):
    """The starter file is written once, checked, and wrong in nothing but its example source."""
    path = tmp_path / "desks" / "tocsin.toml"
    assert within("init", path).returncode == 0
    written = path.read_bytes()
    again = within("init", path)
    assert (again.returncode, path.read_bytes()) == (2, written)
    assert again.stderr == f"error: {path} exists\nhint: --force writes over it, or name another file\n"
    path.write_text("")
    assert within("init", path, "--force").returncode == 0
    assert path.read_bytes() == written
    # A name that is not there, whichever names are.
    path.write_text(written.decode().replace("https://example.org/rss", "https://desk.invalid/rss"))
    checked = within("check", "-c", path)
    assert (checked.returncode, checked.stderr) == (1, "")
    assert re.findall(r"^│ (\w+) .* ok +│$", checked.stdout, re.MULTILINE) == ["topic", "sink"]


def test_run_once_tells_what_it_leaves_out(desk, tocsin):
    """A run names each topic that it cannot read and each source in trouble, and does the rest."""
    broken = '[[topics]]\nid = "broken"\nquery = "("\n'
    add_to(desk, broken + a_feed("http://10.0.0.1/feed"))
    run = tocsin("run", "--once", "-c", desk / "tocsin.toml")
    assert 'error: topic "broken": cannot read the query at column' in run.stderr
    assert "warning: source more: will not connect to '10.0.0.1'" in run.stderr
    assert re.match(
        r"\[bridge\] .+\n .+\n .+\n  NEW “The Veldar bridge closed on Monday, police said\.”", run.stdout
    )


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A page of the news day, saved."""
    day = load_newsday()
    path = tmp_path_factory.mktemp("saved") / "page.html"
    path.write_bytes(day.respond("/courier/inspection-report", day.rounds[-1]).body)
    return path


def test_explain_shows_every_step(newsday, page, within):
    """The text form names each step; the data form holds each record, as the schemas say."""
    config = newsday / "tocsin.toml"
    shown = within("explain", page, "-c", config).stdout
    steps = re.findall(r"^(\w+)  .", shown, re.MULTILINE)
    assert steps[:5] == ["page", "article", "entities", "unknown", "claims"]
    assert steps[5:] == ["silent", "topics", "verdicts", "alerts"]
    assert "nearest" in shown
    assert "eighteen = 18 month" in shown
    assert "less than three = ..3 m" in shown
    (line,) = within("explain", page, "-c", config, "--json").stdout.splitlines()
    told = json.loads(line)
    claimed, *others = [decode(json.dumps(each), RECORDS[each["schema"]]) for each in told["records"]]
    assert isinstance(claimed, ClaimedArticle)
    assert {type(each) for each in others} == {Match, Judgement}
    text = claimed.tagged.article.text
    assert claimed.claims
    assert all(text[claim.start : claim.end] == claim.text for claim in claimed.claims)


def test_explain_tells_pieces_and_lists(newsday, within):
    """Each article of a page has its place and address; a list is named, with what it lists."""
    config, pages = newsday / "tocsin.toml", Path(__file__).parents[1] / "corpus/pages"
    several = within("explain", pages / "wordpress-category.html", "-c", config).stdout
    assert several.startswith("page  several: 3 pieces with ")
    assert re.findall(r"^  part: (\d)$", several, re.MULTILINE) == ["1", "2", "3"]
    shown = within("explain", pages / "index-front.html", "-c", config).stdout
    assert shown.startswith("page  index: ")
    assert "Minister offers to go" in shown
    (line,) = within("explain", pages / "index-front.html", "-c", config, "--json").stdout.splitlines()
    assert json.loads(line)["kind"] == "index"


def test_explain_writes_nothing(newsday, page, within):
    """The ledger holds the same before and after."""

    def dump():
        with closing(sqlite3.connect(newsday / "tocsin.db")) as ledger:
            return list(ledger.iterdump())

    before = dump()
    assert within("explain", page, "-c", newsday / "tocsin.toml").returncode == 0
    assert dump() == before


def test_story_is_found_by_the_beginning_of_an_id(newsday, within, exported):
    """Ten characters of any claim's id, as alerts show them, give all sayings of its story."""
    config = newsday / "tocsin.toml"
    claims = exported(config, "claims")
    wanted = next(line for line in claims if line["verdict"] == "repeat")
    found = within("story", wanted["claim"]["id"][:10], "-c", config, "--json").stdout.splitlines()
    sayings = [decode(line, Judgement) for line in found]
    ids = {line["claim"]["id"] for line in claims if line["story"] == wanted["story"]}
    assert len(ids) > 1
    assert ids <= {saying.claim.id for saying in sayings}
    shown = within("story", wanted["claim"]["id"][:10], "-c", config).stdout
    assert shown.startswith("First said by ")
    assert f"{len(sayings)} sayings" in shown


def test_alerts_are_the_latest_ones(newsday, within, exported):
    """The newest alerts, oldest of them first, as data or to read; of one topic where one is named."""
    config = newsday / "tocsin.toml"
    sent = exported(config, "alerts")
    shown = within("alerts", "-c", config, "-n", 3, "--json").stdout.splitlines()
    assert [json.loads(line) for line in shown] == sent[-3:]
    assert all(decode(line, Alert) for line in shown)
    mine = [line["id"] for line in sent if line["topic"] == "kestria-senate"]
    words = ("--topic", "kestria-senate", "-n", 1000, "--json")
    assert [
        json.loads(line)["id"] for line in within("alerts", "-c", config, *words).stdout.splitlines()
    ] == mine
    text = within("alerts", "-c", config, "-n", 1).stdout
    assert text.startswith(f"[{sent[-1]['topic']}] ")
    assert "origins: " in text


def test_alerts_of_an_empty_ledger_say_so(desk, within):
    """Where nothing was found, standard output is empty and a line says where to look."""
    run = within("alerts", "-c", desk / "tocsin.toml")
    assert (run.returncode, run.stdout) == (0, "")
    assert "tocsin check" in run.stderr


def test_schemas_are_listed_shown_and_written(tmp_path, within):
    """A schema for every kind of record, the same in print and on disk."""
    names = within("schemas").stdout.split()
    assert names == [tag.replace("/", "-") for tag in RECORDS]
    assert within("schemas", "--write", tmp_path / "new").returncode == 0
    for tag, name in zip(RECORDS, names, strict=True):
        shown = within("schemas", name).stdout
        assert json.loads(shown)["properties"]["schema"]["const"] == tag
        assert (tmp_path / "new" / f"{name}.json").read_text("utf-8") == shown


def test_names_to_watch_are_suggested_as_configuration(within, newsday):
    """What is printed can be pasted: the configuration with it is right, and the names are then watched."""
    config = newsday / "tocsin.toml"
    first = within("entities", "suggest", "--config", config, "--topic", "sennet-fire", "-n", "5")
    assert first.returncode == 0, first.stderr
    assert 'name = "Orle Bridge"' in first.stdout
    (newsday / "more.toml").write_text(config.read_text("utf-8") + first.stdout, "utf-8")
    again = within(
        "entities", "suggest", "--config", newsday / "more.toml", "--topic", "sennet-fire", "--json"
    )
    assert again.returncode == 0, again.stderr
    assert "Orle Bridge" not in {json.loads(line)["name"] for line in again.stdout.splitlines()}
