"""A configuration that is changed while it is in use."""

import pytest

from pipelines.config.watching import WatchedConfig
from schemas.errors import ConfigError

MAIN = """
[tocsin]
topics = ["topics/*.toml"]

[[topics]]
id = "own"
query = "pier"
stage = "shadow"
"""


def a_topic(name, query="bridge"):
    """A shadow topic as it is written."""
    return f'[[topics]]\nid = "{name}"\nquery = "{query}"\nstage = "shadow"\n'


@pytest.fixture
def desk(tmp_path):
    """A folder with a configuration and one file of topics."""
    (tmp_path / "topics").mkdir()
    (tmp_path / "tocsin.toml").write_text(MAIN)
    (tmp_path / "topics/one.toml").write_text(a_topic("one"))
    return tmp_path


@pytest.fixture
def watched(desk):
    """The configuration, watched."""
    return WatchedConfig(desk / "tocsin.toml")


def queries(config):
    """The queries of its topics."""
    return {topic.id: topic.query for topic in config.topics}


def after_rest(watched):
    """What the second look tells; the first leaves time to finish writing."""
    assert watched.look() is None
    return watched.look()


def test_nothing_changed(watched):
    """However often one looks."""
    assert [watched.look() for _ in range(3)] == [None] * 3


@pytest.mark.parametrize("file", ["topics/one.toml", "topics/two.toml", "tocsin.toml"])
def test_a_change_is_told_once(desk, watched, file):
    """Of a file of topics, of a new one, and of the main file."""
    before = watched.config
    path = desk / file
    path.write_text((path.read_text() if path.exists() else "") + a_topic("more", "harbour"))
    found = after_rest(watched)
    assert queries(found.config) == {"own": "pier", "one": "bridge", "more": "harbour"}
    assert (found.config.digest != before.digest, found.waiting) == (True, ())
    assert watched.config is found.config
    assert [watched.look() for _ in range(3)] == [None] * 3


def test_a_file_that_goes_takes_its_topics_along(desk, watched):
    """What is not written any more is not tracked any more."""
    (desk / "topics/one.toml").unlink()
    assert queries(after_rest(watched).config) == {"own": "pier"}


def test_a_pattern_more(desk, watched):
    """Files that only the changed configuration names are read with it, and watched from then on."""
    (desk / "more.toml").write_text(a_topic("two"))
    text = MAIN.replace('"topics/*.toml"', '"topics/*.toml", "more.toml"')
    (desk / "tocsin.toml").write_text(text)
    assert set(queries(after_rest(watched).config)) == {"own", "one", "two"}
    assert watched.look() is None
    (desk / "more.toml").write_text(a_topic("three"))
    assert set(queries(after_rest(watched).config)) == {"own", "one", "three"}


def test_what_is_being_written_is_left_alone(desk, watched):
    """Files are read when they have come to rest."""
    path = desk / "topics/one.toml"
    for number in range(5):
        path.write_text(a_topic(f"one{number}"))
        assert watched.look() is None
    assert set(queries(watched.look().config)) == {"own", "one4"}


def test_only_what_is_said_counts(desk, watched):
    """A comment is no change."""
    (desk / "topics/one.toml").write_text("# by hand\n" + a_topic("one"))
    assert after_rest(watched) is None


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("topics/one.toml", "[[topics]\n", "not TOML"),
        ("tocsin.toml", "[[topics]\n", "not TOML"),
        ("topics/one.toml", a_topic("own"), 'topics/one.toml:2: topics[0].id: "own" is already taken'),
        ("topics/one.toml", a_topic("one") + "stagee = 1\n", 'did you mean "stage"?'),
    ],
)
def test_what_cannot_be_read_is_told_once_and_mended(desk, watched, file, text, said):
    """The configuration before it stays; the next change is taken in."""
    before, whole = watched.config, (desk / file).read_text()
    (desk / file).write_text(text)
    assert watched.look() is None
    with pytest.raises(ConfigError) as error:
        watched.look()
    assert said in str(error.value)
    assert [watched.look() for _ in range(3)] == [None] * 3
    assert watched.config is before
    (desk / file).write_text(whole.replace("bridge", "harbour") + a_topic("two"))
    assert "two" in queries(after_rest(watched).config)


def test_a_main_file_that_is_gone_is_told(desk, watched):
    """It may be on its way back."""
    (desk / "tocsin.toml").rename(desk / "aside")
    assert watched.look() is None
    with pytest.raises(ConfigError, match="there is no such file"):
        watched.look()
    (desk / "aside").rename(desk / "tocsin.toml")
    assert after_rest(watched) is None


def test_what_needs_a_restart_waits(desk, watched):
    """Aliases, publishers and routes are taken in; sources, sinks and the ledger are named."""
    text = MAIN.replace("[tocsin]", '[tocsin]\nledger = "sqlite:///other.db"')
    text += '[[entities]]\nid = "pier"\nname = "The Pier"\n[[publishers]]\nid = "courier"\n'
    (desk / "tocsin.toml").write_text(text + "[metrics]\nport = 1\n")
    found = after_rest(watched)
    assert found.waiting == ("ledger", "metrics")
    assert [entity.id for entity in found.config.entities] == ["pier"]
    assert [publisher.id for publisher in found.config.publishers] == ["courier"]
    assert (found.config.metrics.port, found.config.ledger.endswith("/tocsin.db")) == (9464, True)
