"""Compiled topics in a file: read where it fits, made anew where it does not."""

import logging
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from connectors.testing import a_tagged_article
from pipelines.topics.matcher import TopicMatcher
from pipelines.transforms.match import matcher_of
from pipelines.transforms.topic_cache import cached_table
from schemas.watch import Topic

QUERIES = ("bridge", '"closed on" NOT rain', "bridge AND", "title:cl* AND (veldar OR snow)", "snow")
EXPECTED = (("bridge", '"closed on" NOT rain', "title:cl* AND (veldar OR snow)"), ['topic "bridge AND"'])


def topics_of(queries):
    """Topics that are named by their queries."""
    kept = {"languages": (), "memory": "main", "findings": (), "worth": 0.0, "live": True}
    return tuple(Topic(id=query, query=query, **kept) for query in queries)


def matched(topics, folder):
    """What an article matches, and what is left out, by way of the cache."""
    matcher = TopicMatcher(topics, "digest", cached_table(topics, folder))
    left_out = [str(error).partition(":")[0] for error in matcher.errors]
    return matcher.matched(a_tagged_article()), left_out


@pytest.fixture
def kept(tmp_path):
    """Keeps the topics, and returns the one file in the folder."""
    assert matched(topics_of(QUERIES), tmp_path / "cache") == EXPECTED
    (path,) = (tmp_path / "cache").iterdir()
    return path


def test_the_second_time_nothing_is_compiled(kept):
    """The same file serves again, and still tells what is left out and why."""
    before = kept.stat().st_ino
    assert matched(topics_of(QUERIES), kept.parent) == EXPECTED
    assert kept.stat().st_ino == before


def forged(**arrays):
    """A change of a file that puts other arrays into it, with the right digest."""
    body = BytesIO()
    np.savez(body, **arrays)
    whole = body.getvalue()
    digest = blake2b(len(whole).to_bytes(8, "little") + whole, digest_size=32).digest()
    return lambda content: content[:46] + digest + whole


class Trap:
    """Leaves a file where it is unpickled."""

    def __reduce__(self):
        return (open, ("sprung", "w"))


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:-1],
        lambda content: content[:100],
        lambda content: content + b"\0",
        lambda content: content[:20] + bytes([content[20] ^ 1]) + content[21:],
        lambda content: content[:200] + bytes([content[200] ^ 1]) + content[201:],
        lambda content: b"PK\3\4" + content[4:],
        forged(keys=np.array([1])),
        forged(keys=np.array([Trap()], object)),
    ],
)
def test_a_damaged_file_is_made_anew(kept, damage, caplog, monkeypatch):
    """It is said, nothing in it runs, and the file is whole again."""
    monkeypatch.chdir(kept.parent.parent)
    kept.write_bytes(damage(kept.read_bytes()))
    with caplog.at_level(logging.WARNING):
        assert matched(topics_of(QUERIES), kept.parent) == EXPECTED
    assert f"reading compiled topics in {kept}" in caplog.text
    assert not Path("sprung").exists()
    test_the_second_time_nothing_is_compiled(kept)


@pytest.mark.parametrize("queries", [QUERIES[1:], QUERIES[::-1], (*QUERIES, "rain"), ("snow", *QUERIES[1:])])
def test_other_topics_are_other_files(kept, queries):
    """A file under another's name does not pass for it either."""
    assert matched(topics_of(queries), kept.parent) == matched(topics_of(queries), kept.parent / "none")
    (other,) = [path for path in kept.parent.glob("topics-*") if path != kept]
    other.write_bytes(kept.read_bytes())
    assert matched(topics_of(queries), kept.parent) == matched(topics_of(queries), kept.parent / "none")


def test_where_nothing_can_be_written_all_goes_on(tmp_path, caplog):
    """It is said where, and why."""
    (tmp_path / "taken").write_text("a file where the folder should be")
    with caplog.at_level(logging.WARNING):
        assert matched(topics_of(QUERIES), tmp_path / "taken")[0][0] == "bridge"
    assert f"keeping compiled topics in {tmp_path / 'taken'}" in caplog.text


def test_processes_side_by_side(tmp_path):
    """Nobody reads half a file, and none is left half-written."""
    with ThreadPoolExecutor(8) as threads:
        tables = list(threads.map(lambda _: cached_table(topics_of(QUERIES), tmp_path), range(40)))
    assert len({tuple(table.slots.items()) for table in tables}) == 1
    assert len(list(tmp_path.iterdir())) == 1


def test_old_files_go(tmp_path):
    """The folder does not grow with every change of a topic."""
    for number in range(9):
        cached_table(topics_of([f"bridge{number}"]), tmp_path)
    assert len(list(tmp_path.iterdir())) == 4


def test_many_topics_go_by_way_of_the_users_cache(tmp_path, monkeypatch):
    """A detecting worker finds there what another has compiled; few topics leave nothing."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    matcher_of(topics_of(["bridge"]), "few")
    assert list(tmp_path.iterdir()) == []
    matcher_of(topics_of([f"bridge{number}" for number in range(1_000)]), "many")
    assert len(list((tmp_path / "tocsin").iterdir())) == 1
