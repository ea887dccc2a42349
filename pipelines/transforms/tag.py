"""Articles to tagged articles."""

from collections.abc import Callable
from functools import lru_cache, partial

import apache_beam as beam
from apache_beam.transforms.error_handling import ErrorHandler

from pipelines.text.entities import EntityTagger
from pipelines.transforms.fallible import Emitted, FallibleEach
from schemas.articles import Article, TaggedArticle
from schemas.watch import Entity


class TagEntities(beam.PTransform):
    """Each article with the entities that its text names."""

    def __init__(self, entities: tuple[Entity, ...], errors: ErrorHandler) -> None:
        super().__init__()
        self._open = partial(_open, entities)
        self._errors = errors

    def expand(self, articles: beam.PCollection[Article]) -> beam.PCollection[TaggedArticle]:
        """The tagged articles."""
        return articles | FallibleEach("tag", self._open, self._errors, TaggedArticle)


# Two: after a reload the old one may still be asked for, and it is large.
@lru_cache(maxsize=2)
def tagger_of(entities: tuple[Entity, ...]) -> EntityTagger:
    """The tagger of these entities, made once in each process."""
    return EntityTagger(entities)


def _open(entities: tuple[Entity, ...]) -> Callable[[Article], Emitted]:
    tagger = tagger_of(entities)
    return lambda article: Emitted((tagger.tag(article),))
