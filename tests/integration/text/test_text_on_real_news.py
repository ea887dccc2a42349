"""Sentences, claims, speakers, entities and worth on labelled real news, against floors."""

import csv
import json
import re
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest
from real_data import data_set

from connectors.testing import an_article
from pipelines.text.claims import find_claims
from pipelines.text.entities import EntityTagger
from pipelines.text.sentences import split_sentences
from schemas.watch import Entity

ROOT = Path(__file__).resolve().parents[3]
FLOORS = tomllib.loads((ROOT / "tests/floors.toml").read_text("utf-8"))["text"]


def lines(path):
    """The records of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]


def overlap(one, other):
    """Whether two spans share at least half of the shorter."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared >= 0.5 * min(one[1] - one[0], other[1] - other[0])


def keeps(record_property, name, value, at_most=False):
    """Notes a figure and holds it to its floor, or its ceiling."""
    record_property(name, round(value, 3))
    assert value <= FLOORS[name] if at_most else value >= FLOORS[name], f"{name}: {value:.3f}"


@pytest.fixture(scope="module")
def stories():
    """For each story: its text, its labelled sentences, its claims."""
    found = []
    for path in sorted(data_set("claims-events").glob("*.labels.jsonl")):
        labels = defaultdict(list)
        for label in lines(path):
            labels[label["url"]].append(label)
        for document in lines(path.with_name(path.name.replace("labels.jsonl", "documents.ndjson"))):
            text = document["text"]
            tagged = EntityTagger([]).tag(an_article(text=text, title=None))
            found.append((text, labels[document["url"]], find_claims(tagged).claims))
    return found


def test_sentences_are_the_labelled_ones(stories, record_property):
    """Every labelled sentence is met, nearly all exactly."""
    met = exact = total = 0
    for text, labels, _ in stories:
        spans = split_sentences(text, "en")
        for label in labels:
            span = label["start"], label["end"]
            total += 1
            met += any(overlap(span, other) for other in spans)
            exact += span in spans
    keeps(record_property, "sentences met", met / total)
    keeps(record_property, "sentences exact", exact / total)


def test_claims_are_found_in_the_labelled_sentences(stories, record_property):
    """Sentences with claims give claims, the others mostly none."""
    hits = extra = missed = 0
    for _, labels, claims in stories:
        for label in labels:
            found = any(overlap((label["start"], label["end"]), (each.start, each.end)) for each in claims)
            hits += found and bool(label["claims"])
            extra += found and not label["claims"]
            missed += not found and bool(label["claims"])
    keeps(record_property, "claim precision", hits / (hits + extra))
    keeps(record_property, "claim recall", hits / (hits + missed))


def test_speakers_are_the_labelled_ones(stories, record_property):
    """A speaker is right when it shares a word with a labelled one; `unattributed` is neither."""
    right = named = labelled = 0
    for _, labels, claims in stories:
        for label in labels:
            wanted = {word for claim in label["claims"] for word in words(claim["speaker"])}
            labelled += bool(wanted) and all(claim["speaker"] for claim in label["claims"])
            for claim in claims:
                if (claim.start, claim.end) == (label["start"], label["end"]):
                    named += claim.speaker not in {None, "unattributed"}
                    right += bool(wanted & words(claim.speaker))
    keeps(record_property, "speaker precision", right / named)
    keeps(record_property, "speaker recall", right / labelled)


def words(name):
    """The telling words of a name."""
    return set(re.findall(r"[a-z]+", (name or "").lower())) - {"the", "a", "of", "and", "in"}


def test_a_closed_watch_list_is_found(record_property):
    """With every name that the labels use as an alias, nearly all mentions are found and few are wrong."""
    documents = lines(data_set("entities-newsfair") / "news-fair-v2-no-coref.dev.jsonl")
    names, forms = {}, defaultdict(set)
    for document in documents:
        for label in labelled_names(document):
            names[label["entity_id"]] = label["name"]
            forms[label["entity_id"]].add(document["text"][slice(*label["span"])])
    tagger = EntityTagger(
        [Entity(id=id_, name=names[id_], aliases=tuple(forms[id_]), not_=(), context=()) for id_ in names]
    )
    found = total = wrong = given = 0
    for document in documents:
        begin, stop = document["evaluation_span"]
        tagged = tagger.tag(an_article(text=document["text"], title=None))
        mentions = [each for each in tagged.mentions if begin <= each.start and each.end <= stop]
        labels = [label for label in labelled_names(document) if begin <= label["span"][0] < stop]
        total += len(labels)
        given += len(mentions)
        found += sum(any(same(label, mention) for mention in mentions) for label in labels)
        wrong += sum(not any(same(label, mention) for label in document["labels"]) for mention in mentions)
    keeps(record_property, "entity recall", found / total)
    keeps(record_property, "entities wrong at most", wrong / given, at_most=True)


def labelled_names(document):
    """The labels that name an entity: no dates, quantities, roles or references back."""
    return [
        label
        for label in document["labels"]
        if re.fullmatch(r"Q\d+", label["entity_id"])
        and "Q4164871" not in label["type"].split("|")
        and not label["coref"]
        and document["text"][label["span"][0]].isupper()
        and label["name"] != "Mr"
    ]


def same(label, mention):
    """Whether the mention is of the labelled entity and overlaps the label."""
    start, end = label["span"]
    return label["entity_id"] == mention.entity and start < mention.end and mention.start < end


def test_check_worthy_sentences_rank_high(record_property):
    """Mean average precision of worth over debates and speeches."""
    precisions = []
    for path in sorted((data_set("claims-ct19") / "training").glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if len(row) > 3]
        tagged = [EntityTagger([]).tag(an_article(text=row[2], title=None)) for row in rows]
        scores = [max((each.worth for each in find_claims(one).claims), default=0.0) for one in tagged]
        precisions.append(average_precision(scores, [int(row[3]) for row in rows]))
    keeps(record_property, "check-worthiness", sum(precisions) / len(precisions))


def average_precision(scores, relevant):
    """Mean of the precisions at each relevant row, best score first."""
    hits, total = 0, 0.0
    for rank, place in enumerate(sorted(range(len(scores)), key=lambda place: -scores[place]), start=1):
        hits += relevant[place]
        total += relevant[place] * hits / rank
    return total / max(1, sum(relevant))
