"""Real stored queries over real texts: nothing missed, nothing extra."""

import gzip
import json
import re
import unicodedata

from real_data import data_set

from connectors.testing import a_tagged_article, an_article
from pipelines.topics.matcher import TopicMatcher
from schemas.watch import Topic


def words_of(text):
    """The words of a text, lower case, without accents."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return set(re.findall(r"\w+", "".join(each for each in decomposed if not unicodedata.combining(each))))


def brute_force(queries, texts):
    """The pairs of query and document where the text has every word of the query."""
    terms = {term for query in queries for term in query}
    stems = tuple(term[:-1] for term in terms if term.endswith("*"))
    fulfilled = {
        word: terms & {word, *(f"{stem}*" for stem in stems if word.startswith(stem))}
        for word in set().union(*map(words_of, texts))
    }
    found = set()
    for document, text in enumerate(texts):
        held = set().union(*(fulfilled[word] for word in words_of(text)))
        found |= {(number, document) for number, query in enumerate(queries) if held.issuperset(query)}
    return found


def test_stored_queries_match_as_brute_force_does():
    """A thousand conjunctions of words and stems, each against each of the documents."""
    folder = data_set("queries-luwak")
    lines = (folder / "queries.txt").read_text("utf-8").splitlines()
    queries = [[term.removeprefix("+") for term in line.split()] for line in lines]
    with gzip.open(folder / "documents.jsonl.gz", "rt", encoding="utf-8") as documents:
        texts = [json.loads(line)["text"] for line in documents]
    topics = [
        Topic(
            id=str(number),
            query=" ".join(f'"{term}"' for term in query),
            languages=(),
            memory="main",
            findings=(),
            worth=0.0,
            live=True,
        )
        for number, query in enumerate(queries)
    ]
    matcher = TopicMatcher(topics, config="digest")
    assert not matcher.errors
    found = {
        (int(topic), document)
        for document, text in enumerate(texts)
        for topic in matcher.matched(tagged(text))
    }
    expected = brute_force(queries, texts)
    assert len(expected) > 3_000
    assert found == expected


def tagged(text):
    """An article of this text, without title and mentions."""
    article = an_article(text=text, title=None, id="a", page="p")
    return a_tagged_article(article=article, mentions=(), title_entities=())
