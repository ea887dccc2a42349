"""The page store: content under the hash of what is stored, in any place that fsspec knows."""

import pytest

from connectors.kafka.store import PageStore
from schemas.errors import ConfigError, Rejected, Retriable

BODY = b'{"schema":"page/1"}' * 500


@pytest.fixture(params=["file", "memory"])
def url(request, tmp_path):
    """A folder, and a place in memory."""
    return f"file://{tmp_path}/pages" if request.param == "file" else f"memory://{tmp_path}"


def test_what_is_put_is_got(url):
    """By whoever opens the store, compressed on its way."""
    name = PageStore(url).put(BODY)
    assert PageStore(url).get(name) == BODY
    assert len(name) == 64


def test_the_same_body_is_stored_once(tmp_path):
    """A second time nothing is written, and nothing half-written is left."""
    store = PageStore(f"file://{tmp_path}")
    name = store.put(BODY)
    (file,) = tmp_path.glob("*/*")
    changed_at = file.stat().st_mtime_ns
    assert store.put(BODY) == name
    assert [path.stat().st_mtime_ns for path in tmp_path.glob("*/*")] == [changed_at]
    assert file.stat().st_size < len(BODY) / 10


@pytest.mark.parametrize("name", ["0" * 64, "", "../../etc/passwd", "A" * 64, "0" * 63])
def test_what_is_not_there_is_refused(url, name):
    """Nobody has put it, or it is no name at all."""
    with pytest.raises(Rejected):
        PageStore(url).get(name)


@pytest.mark.parametrize("content", [b"", b"other", BODY])
def test_a_body_that_was_changed_is_refused(tmp_path, content):
    """Cut short, replaced, or unpacked: its name gives it away."""
    store = PageStore(f"file://{tmp_path}")
    name = store.put(BODY)
    (file,) = tmp_path.glob("*/*")
    file.write_bytes(content)
    with pytest.raises(Rejected, match="content was changed"):
        store.get(name)


def test_a_place_that_cannot_be_used_may_heal(tmp_path):
    """A disk that is not mounted: told, with the place and the reason."""
    (tmp_path / "pages").write_text("a file where the folder should be", "utf-8")
    store = PageStore(f"file://{tmp_path}/pages")
    with pytest.raises(Retriable, match=r"writing .* in file:"):
        store.put(BODY)
    with pytest.raises(Retriable, match=r"reading .* in file:"):
        store.get("0" * 64)


def test_a_url_that_leads_nowhere_is_a_fault_of_the_configuration():
    """Nobody knows the scheme."""
    with pytest.raises(ConfigError, match="opening the page store"):
        PageStore("nope://pages")
