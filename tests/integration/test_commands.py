"""The commands as a person types them: what they say, and how they end."""

import json

import pytest

_COMMANDS = ("demo", "init", "check", "run", "explain", "alerts", "story", "export", "replay", "schemas")
_GOOD = """
[[sources]]
name = "wire"
kind = "file"
path = "stories.ndjson"
[[topics]]
id = "harbour"
query = "harbour"
[[subscriptions]]
topics = ["harbour"]
sink = "desk"
[sinks.desk]
kind = "file"
path = "alerts.ndjson"
"""


@pytest.fixture
def desk(tmp_path):
    """A folder with a configuration that works."""
    (tmp_path / "stories.ndjson").write_text(
        json.dumps({"url": "https://wire.example/1", "text": "Harbour."}) + "\n"
    )
    (tmp_path / "tocsin.toml").write_text(_GOOD)
    return tmp_path


@pytest.mark.parametrize(
    ("before", "after", "code", "said"),
    [
        ("", "", 0, "ok"),
        ('kind = "file"\npath = "stories', 'knd = "file"\npath = "stories', 2, "kind"),
        ('query = "harbour"', 'query = "harbour AND ("', 1, "harbour"),
        ("stories.ndjson", "nothing.ndjson", 1, "nothing.ndjson"),
        (
            'kind = "file"\npath = "stories.ndjson"',
            'kind = "feed"\nurl = "http://127.0.0.1:9/rss"',
            1,
            "127.0.0.1",
        ),
    ],
)
def test_check_says_what_would_not_work(desk, tocsin, before, after, code, said):
    """All well is 0, trouble with a part 1, a wrong file 2; the trouble is named without a traceback."""
    (desk / "tocsin.toml").write_text(_GOOD.replace(before, after, 1) if before else _GOOD)
    run = tocsin("check", "--config", desk / "tocsin.toml", check=False)
    assert run.returncode == code
    assert said in run.stdout + run.stderr
    assert "Traceback" not in run.stderr


def test_init_writes_a_starter_once(tmp_path, tocsin):
    """The starter file is written, and never over another file."""
    path = tmp_path / "tocsin.toml"
    tocsin("init", path)
    path.write_text("mine")
    again = tocsin("init", path, check=False)
    assert (again.returncode, path.read_text()) == (2, "mine")
    assert "error: " in again.stderr
    assert "hint: " in again.stderr


@pytest.mark.parametrize("command", _COMMANDS)
def test_every_command_explains_itself(tocsin, command):
    """Help says what the command does, plainly where the output is not a terminal."""
    shown = tocsin(command, "--help").stdout
    assert "Usage: tocsin" in shown
    assert "\x1b" not in shown


def test_a_story_is_found_by_the_start_of_a_claim_s_id(newsday, tocsin, exported):
    """A few characters of an id suffice; an unknown one is a wrong call."""
    config = newsday / "tocsin.toml"
    claim = exported(config, "claims")[0]["claim"]
    assert claim["text"][:40] in tocsin("story", claim["id"][:12], "--config", config).stdout
    unknown = tocsin("story", "zzzz", "--config", config, check=False)
    assert unknown.returncode == 2
    assert "no claim has an id" in unknown.stderr


def test_explain_shows_every_step_of_a_page(newsday, tmp_path, tocsin):
    """The article, its claims and the verdicts come out, and the ledger has learnt nothing of it."""
    config = newsday / "tocsin.toml"
    before = tocsin("export", "claims", "--config", config).stdout
    page = tmp_path / "page.txt"
    page.write_text(
        "The fire at Sennet 2 killed 40 people, the fire chief said.\nThe camp near Torvel was closed."
    )
    shown = tocsin("explain", page, "--config", config).stdout
    for step in ("article", "entities", "claims", "topics", "verdicts"):
        assert step in shown
    assert "40 = 40" in shown
    assert tocsin("export", "claims", "--config", config).stdout == before


def test_alerts_are_shown_and_given_as_data(newsday, tocsin):
    """The latest alerts come as text, and as one JSON object a line."""
    config = newsday / "tocsin.toml"
    assert "matched: " in tocsin("alerts", "-n", "3", "--config", config).stdout
    lines = tocsin("alerts", "-n", "3", "--json", "--config", config).stdout.splitlines()
    assert [json.loads(line)["schema"] for line in lines] == ["alert/1"] * 3


def test_schemas_are_listed_and_printed(tocsin):
    """Each schema can be had by its name."""
    assert "alert-1" in tocsin("schemas").stdout.split()
    assert json.loads(tocsin("schemas", "alert-1").stdout)["title"] == "alert/1"
