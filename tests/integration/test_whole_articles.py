"""How a stream's matches are put together before they are judged."""

from connectors.testing import a_claimed_article, a_match, a_tagged_article, an_article
from pipelines.transforms.judge import WholeArticles


def matches_of(number):
    """The matches of one article with three topics."""
    article = an_article(url=f"https://courier.example/{number}")
    claimed = a_claimed_article(tagged=a_tagged_article(article=article))
    return [a_match(topic=topic, article=claimed) for topic in ("bridge", "ferries", "veldar")]


def test_an_article_is_never_parted():
    """Whatever the size of a batch, all matches of an article are in the same one, and none is lost."""
    matches = [match for number in range(5) for match in matches_of(number)]
    for together in (1, 2, 4, 100):
        batching = WholeArticles(together)
        batching.start_bundle()
        batches = [batch for match in matches for batch in batching.process(match)]
        batches += [windowed.value for windowed in batching.finish_bundle()]
        assert [match for batch in batches for match in batch] == matches
        assert all(len(batch) % 3 == 0 for batch in batches)
        assert len(batches) == {1: 5, 2: 5, 4: 3, 100: 1}[together]
