"""The news day over HTTP, and its pages through the text extraction that Tocsin uses."""

import json
from collections import defaultdict

import httpx
import pytest
import trafilatura
from pipelines.cli.newsday.load import FOLDER, load_newsday
from pipelines.cli.newsday.serve import NewsDayServer

DAY = load_newsday()


def by_article(name: str, key: str) -> dict[tuple[str, str], list[str]]:
    texts = defaultdict(list)
    for line in map(json.loads, (FOLDER / name).read_text("utf-8").splitlines()):
        texts[line["outlet"], line["slug"]].append(line[key])
    return texts


SENTENCES, CHROME = by_article("labels.jsonl", "sentence"), by_article("chrome.jsonl", "text")


@pytest.mark.parametrize("key", SENTENCES, ids="-".join)
def test_the_extracted_text_holds_every_labelled_sentence_and_no_chrome(key):
    """A careful reader of the page sees the article, whole and alone."""
    page = DAY.respond("/{}/{}".format(*key), DAY.rounds[-1]).body.decode()
    text = trafilatura.extract(page, include_comments=False)
    assert [sentence for sentence in SENTENCES[key] if sentence not in text] == []
    assert [chrome for chrome in CHROME[key] if chrome in text] == []
    assert all(chrome in page.replace("&#39;", "'") for chrome in CHROME[key])


def test_the_server_shows_the_day_as_of_its_instant_and_validates():
    """A feed is 304 until something new appears, and the links in it can be followed."""
    with NewsDayServer() as server, httpx.Client(trust_env=False) as client:
        feed = f"http://127.0.0.1:{server.port}/sarpress/feed.xml"
        first = client.get(feed)
        seen = {"If-None-Match": first.headers["ETag"]}
        assert (first.status_code, client.get(feed, headers=seen).status_code) == (200, 304)
        server.at = DAY.rounds[1]
        second = client.get(feed, headers=seen)
        page = f"http://127.0.0.1:{server.port}/sarpress/torvel-blast"
        assert second.status_code == 200
        assert page in second.text
        assert client.get(page).status_code == 200
        assert server.requests == [
            ("/sarpress/feed.xml", 200),
            ("/sarpress/feed.xml", 304),
            ("/sarpress/feed.xml", 200),
            ("/sarpress/torvel-blast", 200),
        ]
