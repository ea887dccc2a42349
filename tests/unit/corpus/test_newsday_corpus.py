"""The news day's labels, articles and lists agree with each other."""

import json
import tomllib
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from pipelines.cli.newsday.load import FOLDER, load_newsday

DAY = load_newsday()
PLACE = {(piece.outlet, piece.slug): place for place, piece in enumerate(DAY.pieces)}


def lines(name: str) -> list[dict]:
    return [json.loads(line) for line in (FOLDER / name).read_text("utf-8").splitlines()]


LABELS, CHROME, EXPECTED = lines("labels.jsonl"), lines("chrome.jsonl"), lines("expected.jsonl")
CASES = [case["id"] for case in tomllib.loads((FOLDER / "cases.toml").read_text("utf-8"))["cases"]]
CONFIG = tomllib.loads((FOLDER / "tocsin.toml").read_text("utf-8"))


def piece_of(line: dict):
    return DAY.piece(line["outlet"], line["slug"])


def first_tellings() -> dict[str, dict]:
    first: dict[str, dict] = {}
    for label in LABELS:
        if label["story"]:
            first.setdefault(label["story"], label)
    return first


def test_a_labelled_sentence_stands_once_in_its_article():
    """Labels find their sentence by its text, so it must be there and must not be ambiguous."""
    counts = {(x["slug"], x["sentence"]): "\n".join(piece_of(x).body).count(x["sentence"]) for x in LABELS}
    assert {key: count for key, count in counts.items() if count != 1} == {}


def test_labels_cover_the_body_of_every_labelled_article():
    """Once its labelled sentences are taken out of an article, nothing is left."""
    labelled = Counter((x["outlet"], x["slug"]) for x in LABELS)
    for outlet, slug in labelled:
        left = "\n".join(DAY.piece(outlet, slug).body)
        for label in LABELS:
            if (label["outlet"], label["slug"]) == (outlet, slug):
                left = left.replace(label["sentence"], "", 1)
        assert left.split() == [], (outlet, slug)


def test_labels_are_in_order_of_arrival():
    """A scorer may read the file from top to bottom and know what was heard before."""
    places = [PLACE[x["outlet"], x["slug"]] for x in LABELS]
    assert places == sorted(places)


def test_verdicts_follow_from_the_stories():
    """A story is told first by `new`, `update` or `conflict`, and only repeated after that."""
    told: set[str] = set()
    for label in LABELS:
        story, verdict = label["story"], label["verdict"]
        assert (story is None) == (verdict == "none"), label
        assert story is None or (verdict == "repeat") == (story in told), label
        assert bool(label["of"]) == (verdict in {"update", "conflict"}), label
        assert {label["of"], *label["also_conflicts"]} - {None} <= told, label
        told |= {story} - {None}


def test_no_verdict_depends_on_the_order_within_a_round():
    """Feeds of one round may be read in any order, so a label leans on earlier rounds or its own article."""
    first = first_tellings()
    for label in LABELS:
        leans_on = {label["of"], *label["also_conflicts"], label["story"]} - {None}
        for earlier in (first[story] for story in leans_on):
            same_article = (earlier["outlet"], earlier["slug"]) == (label["outlet"], label["slug"])
            assert same_article or piece_of(earlier).appears_at < piece_of(label).appears_at, label


def test_every_hard_case_has_an_example_and_no_other_case_is_named():
    """The list of hard cases is `cases.toml`; each is shown, and each one shown is listed."""
    shown = {x["case"] for x in (*LABELS, *CHROME)} - {None}
    assert shown == set(CASES)


def test_cases_without_a_claim_are_labelled_none():
    """Satire, questions, hypotheticals and forecasts assert nothing."""
    silent = {"satire", "question", "hypothetical", "forecast"}
    assert {x["verdict"] for x in LABELS if x["case"] in silent} == {"none"}


def test_eight_outlets_carry_the_release():
    """The release is the movement's own page and seven more at least; only the altered copy differs."""
    outlets = {x["outlet"] for x in LABELS if x["case"] in {"copies", "copy-cut", "copy-altered"}}
    altered = [x["verdict"] for x in LABELS if x["case"] == "copy-altered"]
    assert len(outlets | {"pufd-press"}) >= 8
    assert altered == ["conflict"]


def test_the_digest_holds_six_posts_with_their_own_dates():
    """The six posts of the digest page bear six dates."""
    (digest,) = [piece for piece in DAY.pieces if piece.kind == "digest"]
    assert len({post.published_at.date() for post in digest.posts}) == 6


def test_the_back_dated_page_claims_to_be_earlier_than_the_one_it_copies():
    """The thief's own clock is before the scoop, and its arrival after it."""
    copy = next(piece_of(x) for x in LABELS if x["case"] == "back-dated")
    scoop = piece_of(first_tellings()["report-valve"])
    assert copy.published_at < scoop.published_at < scoop.appears_at < copy.appears_at


def test_chrome_is_on_the_page_and_not_in_the_article():
    """Teasers, comments and related headlines are shown, and are no part of the body."""
    for line in CHROME:
        piece = piece_of(line)
        shown = {*piece.teaser.values(), *piece.related, *(remark["text"] for remark in piece.comments)}
        assert line["text"] in shown, line
        assert line["text"] not in "\n".join(piece.body), line


def test_the_main_topic_expects_an_alert_exactly_where_an_article_brings_news():
    """`expected.jsonl` covers every page for the main topic and agrees with the labels."""
    news = {(x["outlet"], x["slug"]) for x in LABELS if x["verdict"] in {"new", "update", "conflict"}}
    main = {(x["outlet"], x["slug"]): x["alert"] for x in EXPECTED if x["topic"] == "sennet-fire"}
    assert main == {key: key in news for key in PLACE}


def test_expected_and_labelled_topics_and_articles_exist():
    """Every line names a configured topic and an article; a shadow topic expects no alert."""
    topics = {topic["id"]: topic.get("stage", "live") for topic in CONFIG["topics"]}
    assert {x["topic"] for x in (*LABELS, *EXPECTED)} == set(topics)
    assert {(x["outlet"], x["slug"]) for x in (*LABELS, *EXPECTED)} == set(PLACE)
    assert not any(x["alert"] for x in EXPECTED if topics[x["topic"]] == "shadow")


def test_every_outlet_is_a_publisher_and_a_source():
    """The desk's configuration watches each outlet's feed under the outlet's own name."""
    ids = [outlet.id for outlet in DAY.outlets]
    assert [publisher["id"] for publisher in CONFIG["publishers"]] == ids
    assert [source["url"] for source in CONFIG["sources"]] == [
        f"http://127.0.0.1:{{port}}/{id_}/feed.xml" for id_ in ids
    ]


def test_the_affair_takes_twelve_to_sixteen_rounds_within_four_days():
    """The demo lives through every round, so there are not too many, and they are in order."""
    assert 12 <= len(DAY.rounds) <= 16
    assert list(DAY.rounds) == sorted(set(DAY.rounds))
    assert DAY.rounds[-1] - DAY.rounds[0] < timedelta(days=4)


def test_a_page_appears_after_it_was_published():
    """No feed shows a page before its own date, and all instants are aware."""
    for piece in DAY.pieces:
        assert piece.appears_at.tzinfo is not None
        assert piece.published_at is None or piece.published_at < piece.appears_at, piece.slug
        assert all(post.published_at < piece.appears_at for post in piece.posts), piece.slug


def test_an_article_file_is_named_after_its_round_outlet_and_slug():
    """Files sort by arrival and are found by what the labels call them."""
    wanted = {f"{DAY.rounds.index(p.appears_at) + 1:02}-{p.outlet}-{p.slug}.md" for p in DAY.pieces}
    assert {path.name for path in (FOLDER / "articles").iterdir()} == wanted


@pytest.mark.parametrize("outlet", [outlet.id for outlet in DAY.outlets])
def test_every_outlet_publishes_something(outlet):
    """An outlet without a page would be a template that nobody tries."""
    assert any(piece.outlet == outlet for piece in DAY.pieces)


def test_before_the_first_round_nothing_is_there():
    """The site is empty before the affair, page and feed alike."""
    before = datetime(2026, 3, 1, tzinfo=UTC)
    assert b"<item>" not in DAY.respond("/sarpress/feed.xml", before).body
    assert DAY.respond("/sarpress/torvel-blast", before).status == 404
