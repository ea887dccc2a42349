"""Which names of read articles a person may want to watch: frequent, and more so near a topic. Pure logic.

Frequency near the topic is weighed against the rest of the articles by the log-likelihood ratio (Dunning,
"Accurate methods for the statistics of surprise and coincidence", 1993), where there is a rest.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from typing import Final

from pipelines.text.likeness import SAME_NAME, likeness
from pipelines.text.spelling import latin, sound_key
from pipelines.text.unknown import NameFinder
from schemas.articles import TaggedArticle
from schemas.watch import Entity

_ONE_NAME: Final = 0.9
"""Likeness of two spellings of one name: sounds, order and initials may differ, letters not."""
_ACRONYM: Final = re.compile(r"\(([A-ZÀ-Þ]{2,6})\)")
_SMALL: Final = frozenset("a al and de e for of the".split())


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name that nobody watches yet."""

    name: str
    """The form used most."""
    aliases: tuple[str, ...]
    """Other forms, most used first; no bare surnames, which follow the full name anyway."""
    articles: int
    """Articles of the topic that use it."""
    elsewhere: int
    """Other articles that use it."""
    like: str | None
    """Id of a watched entity whose name is much like it; it may be another spelling."""


@dataclass(slots=True)
class _Group:
    forms: Counter[str] = field(default_factory=Counter)
    near: set[str] = field(default_factory=set)
    far: set[str] = field(default_factory=set)


class NameCount:
    """The unwatched names of articles, counted one article at a time."""

    def __init__(self, finder: NameFinder, entities: Sequence[Entity]) -> None:
        self._finder = finder
        self._entities = entities
        self._groups: dict[str, _Group] = defaultdict(_Group)
        self._articles = Counter[bool]()

    def add(self, tagged: TaggedArticle, *, near: bool) -> None:
        """Counts the article's names; `near` tells whether it is about the topic."""
        self._articles[near] += 1
        for name, forms in _names_of(tagged, self._finder).items():
            group = self._groups[name]
            group.forms.update(forms)
            (group.near if near else group.far).add(tagged.article.id)

    def suggestions(self, at_least: int) -> list[Suggestion]:
        """The names that `at_least` articles of the topic use, the most telling first."""
        found = [group for group in _merged(self._groups) if len(group.near) >= at_least]
        found.sort(key=lambda group: (-self._telling(group), -len(group.near), min(group.forms)))
        return [self._suggestion(group) for group in found]

    def _telling(self, group: _Group) -> float:
        """How much more often than elsewhere the name is used near the topic; below 0 where less often."""
        near, far = len(group.near), len(group.far)
        nears, fars = self._articles[True], self._articles[False]
        if not fars:
            return near
        expected_near = nears * (near + far) / (nears + fars)
        expected_far = fars * (near + far) / (nears + fars)
        ratio = 2 * (near * log(near / expected_near) + (far * log(far / expected_far) if far else 0))
        return ratio if near > expected_near else -ratio

    def _suggestion(self, group: _Group) -> Suggestion:
        name, *aliases = (
            form for form, _ in sorted(group.forms.items(), key=lambda each: (-each[1], each[0]))
        )
        if " " not in name and (full := next((alias for alias in aliases if " " in alias), None)):
            name, aliases = full, [name, *aliases]
        aliases = [alias for alias in aliases if latin(alias) != latin(name)]
        alike = ((likeness(name, entity.name), entity.id) for entity in self._entities)
        score, like = max(alike, default=(0.0, ""))
        return Suggestion(
            name, tuple(aliases), len(group.near), len(group.far), like if score >= SAME_NAME else None
        )


def _names_of(tagged: TaggedArticle, finder: NameFinder) -> Mapping[str, Counter[str]]:
    """The forms of each name that no mention covers, by its first full form in the article."""
    text = tagged.article.text
    taken = [(mention.start, mention.end) for mention in tagged.mentions]
    spans = [
        span
        for span in finder.names(text)
        if not any(start < span.end and span.start < end for start, end in taken)
    ]
    forms = Counter(text[span.start : span.end] for span in spans)
    acronyms = {
        found[1]: text[span.start : span.end]
        for span in spans
        if (found := _ACRONYM.match(text, span.end + 1)) and _spells(found[1], text[span.start : span.end])
    }
    by_last = {form.split()[-1]: form for form in reversed(forms) if " " in form}
    names: dict[str, Counter[str]] = defaultdict(Counter)
    for form, times in forms.items():
        if " " not in form and form in by_last:
            names[by_last[form]].update({by_last[form]: times})
        else:
            names[acronyms.get(form, form)].update({form: times})
    return names


def _spells(acronym: str, name: str) -> bool:
    """Whether the acronym is made of the first letters of the name's words, small words or not."""
    words = name.replace("-", " ").split()
    return acronym.lower() in {
        "".join(word[0] for word in words).lower(),
        "".join(word[0] for word in words if word.lower() not in _SMALL).lower(),
    }


def _merged(groups: Mapping[str, _Group]) -> Iterable[_Group]:
    """Groups of one name in several spellings put together; only names that share a word are compared."""
    heads: list[tuple[str, _Group]] = []
    filed: dict[str, list[int]] = defaultdict(list)
    for name, group in sorted(groups.items(), key=lambda each: (-len(each[1].near), each[0])):
        keys = {sound_key(latin(word)) for word in name.split()} - {""}
        tried = sorted({place for key in keys for place in filed[key]})
        same = next((at for at in tried if _one_name(heads[at][0], name)), None)
        if same is None:
            for key in keys:
                filed[key].append(len(heads))
            heads.append((name, _Group(Counter(group.forms), set(group.near), set(group.far))))
        else:
            head = heads[same][1]
            head.forms.update(group.forms)
            head.near |= group.near
            head.far |= group.far
    return [group for _, group in heads]


def _one_name(one: str, other: str) -> bool:
    return latin(one) == latin(other) or (" " in other and likeness(one, other) >= _ONE_NAME)
