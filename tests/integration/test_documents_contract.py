"""Documents in, exports out: what programs outside rely on, tried on documents made to be awkward."""

import csv
import io
import json
import os
import re
import shutil
from pathlib import Path

import pytest

from schemas.alerts import Alert, Judgement
from schemas.codec import decode
from schemas.failures import Failure

FOLDER = Path(__file__).resolve().parents[1] / "corpus" / "documents"
LINES = (FOLDER / "in" / "awkward.ndjson").read_text("utf-8").split("\n")[:-1]
BAD = {
    2: "Invalid JSON",
    4: "object",
    6: "url",
    8: "neither",
    10: "both",
    12: "author",
    14: "text",
    16: "observed_at",
    18: "Invalid JSON",
    20: "line 1",
}
"""What is said of each line that is no document."""
UNREADABLE = "https://courier.example/empty"
"""A document that holds no words."""
DOCUMENTS = {
    document["url"]: document
    for number, line in enumerate(LINES, 1)
    if number not in BAD and (document := json.loads(line))["url"] != UNREADABLE
}
EXPORTS = ("articles", "claims", "alerts", "failures")

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z").fullmatch
ID = re.compile("[0-9a-f]{32}").fullmatch
TOPIC = {"bridge", "traffic"}.__contains__
SPAN = {"text": str, "start": int, "end": int}
PRIOR = SPAN | {"id": ID, "url": str, "same": lambda same: 0 <= same <= 1}
FIRST = {"url": str, "published_at": (INSTANT, None), "observed_at": INSTANT}
ARTICLE = FIRST | {"id": ID, "title": (str, None), "publisher": (str, None)}
CLAIM = SPAN | {
    "id": ID,
    "speaker": (str, None),
    "mode": {"voice", "direct_quote", "indirect", "statement", "caption"}.__contains__,
    "hedged": bool,
    "negated": bool,
    "quantities": [SPAN | {"low": (float, None), "high": (float, None), "bound": str, "unit": str}],
}
FINDING = {
    "kind": {"new", "update", "conflict"}.__contains__,
    "claim": CLAIM,
    "prior": (PRIOR, None),
    "conflicts": [PRIOR],
    "origins": [str],
    "first": FIRST,
}
CONTRACT = {
    "claims": {
        "topic": TOPIC,
        "verdict": {"new", "update", "conflict", "repeat"}.__contains__,
        "story": ID,
        "claim": CLAIM,
        "prior": (PRIOR, None),
        "conflicts": [PRIOR],
        "article": ARTICLE,
        "origin": str,
        "first": FIRST,
    },
    "alerts": {
        "schema": "alert/1".__eq__,
        "id": ID,
        "topic": TOPIC,
        "article": ARTICLE,
        "findings": [FINDING],
        "matched": [str],
        "created_at": INSTANT,
        "config": ID,
    },
    "articles": ARTICLE
    | {
        "part": int,
        "text": str,
        "authors": [str],
        "language": (str, None),
        "copy_of": (ID, None),
        "mentions": [SPAN | {"entity": str}],
    },
    "failures": {"id": ID, "stage": str, "reason": str, "detail": str, "record": str, "failed_at": INSTANT},
}
"""The fields of each line: a type, a test, alternatives, a list of one shape, or fields of their own."""


def misfits(value, shape, path=""):
    """The paths of what does not have its shape."""
    match shape:
        case dict():
            missing = [f"{path}.{key}: missing" for key in shape if key not in value]
            return missing + [
                each
                for key, inner in shape.items()
                if key in value
                for each in misfits(value[key], inner, f"{path}.{key}")
            ]
        case [inner]:
            return [each for nth, one in enumerate(value) for each in misfits(one, inner, f"{path}[{nth}]")]
        case (inner, None):
            return [] if value is None else misfits(value, inner, path)
        case type():
            return [] if type(value) is shape else [f"{path}: {value!r}"]
    return [] if shape(value) else [f"{path}: {value!r}"]


@pytest.fixture(scope="module")
def ran(tocsin, tmp_path_factory):
    """The folder of one run over the documents; `run.txt` holds what it told."""
    folder = tmp_path_factory.mktemp("documents") / "desk"
    shutil.copytree(FOLDER, folder)
    wide = os.environ | {"COLUMNS": "200"}
    run = tocsin("run", "--once", "-c", folder / "tocsin.toml", env=wide)
    (folder / "run.txt").write_text(run.stderr, "utf-8")
    return folder


@pytest.fixture(scope="module")
def lines(ran, within):
    """The lines of each export, as records of JSON."""
    return {
        what: [json.loads(line) for line in export(within, ran, what).split("\n")[:-1]] for what in EXPORTS
    }


def export(within, folder, what, *words):
    """One export as it is written."""
    return within("export", what, "-c", folder / "tocsin.toml", *words).stdout


@pytest.mark.parametrize("what", EXPORTS)
def test_every_field_of_the_contract_is_there(lines, what):
    """Every line of an export holds every field that the contract names, of its type."""
    assert lines[what]
    assert [each for line in lines[what] for each in misfits(line, CONTRACT[what], what)] == []


@pytest.mark.parametrize(
    ("what", "record"), [("claims", Judgement), ("alerts", Alert), ("failures", Failure)]
)
def test_exports_are_what_their_schema_says(ran, within, what, record):
    """The strict codec reads every line of an export of records."""
    written = export(within, ran, what).split("\n")[:-1]
    assert all(isinstance(decode(line, record), record) for line in written)


def test_every_document_is_an_article_with_its_own_words(lines):
    """An article's text is its document's text to the character, and keeps what that tells of itself."""
    assert {article["url"] for article in lines["articles"]} == set(DOCUMENTS)
    for article in lines["articles"]:
        document = DOCUMENTS[article["url"]]
        if "text" in document:
            assert article["text"] == document["text"]
        assert article["title"] == document.get("title") or "html" in document
        assert article["publisher"] == (document.get("publisher") or "courier")
        assert article["observed_at"] == document["observed_at"]
        assert (article["published_at"] is None) == (document.get("published_at") is None)
        assert article["language"] == (document.get("language") or "en")


def test_html_is_read_without_its_chrome(lines):
    """Of a document of HTML the article is left, composed; its headline comes before the announced title."""
    by_url = {article["url"]: article for article in lines["articles"]}
    first, second = by_url["https://courier.example/5"], by_url["https://courier.example/6"]
    assert first["text"] == (
        "The Veldar bridge opened again on Friday, the council said in a statement.\n"
        "Caf\N{LATIN SMALL LETTER E WITH ACUTE} owners beside the old crossing had lost 40 percent of their "
        "sales & two had to close."
    )
    assert (first["title"], second["title"]) == ("Bridge open again", "As announced")
    assert (first["copy_of"], second["copy_of"]) == (None, first["id"])
    assert second["published_at"] == "2024-04-29T00:00:00.500000Z"


def test_every_span_is_exact(lines):
    """Claims, earlier claims, conflicts, mentions and quantities stand in their article where they say."""
    by_url = {article["url"]: article for article in lines["articles"]}
    texts = {article["id"]: article["text"] for article in lines["articles"]}
    spans = []
    for line in lines["claims"]:
        text, claim = texts[line["article"]["id"]], line["claim"]
        spans += [(text, each) for each in (claim, *claim["quantities"], *claim["dates"], *claim["mentions"])]
        priors = [*filter(None, [line["prior"]]), *line["conflicts"]]
        spans += [(by_url[prior["url"]]["text"], prior) for prior in priors]
    spans += [(article["text"], each) for article in lines["articles"] for each in article["mentions"]]
    assert len(spans) > 60
    for text, span in spans:
        assert text[span["start"] : span["end"]] == span["text"]


def test_a_name_is_found_in_any_spelling(lines):
    """The bridge is found in every document that names it, joiners and controls within or not."""
    named = {article["url"] for article in lines["articles"] if article["mentions"]}
    assert named == set(DOCUMENTS) - {"https://courier.example/8"}


def test_every_bad_line_is_one_failure(lines):
    """Each line that is no document is one failure that names the line and its fault and keeps it whole."""
    read = [failure for failure in lines["failures"] if failure["stage"] == "read"]
    found = {int(re.search(r" line (\d+):", failure["detail"])[1]): failure for failure in read}
    assert len(read) == len(found)
    assert set(found) == set(BAD)
    for number, failure in found.items():
        assert failure["reason"] == "malformed"
        assert BAD[number] in failure["detail"].partition(f"line {number}:")[2]
        assert failure["record"] == LINES[number - 1] + "\n"
    (unreadable,) = (failure for failure in lines["failures"] if failure["stage"] == "extract")
    assert (unreadable["reason"], unreadable["url"]) == ("empty", UNREADABLE)


def test_every_record_is_accounted_for(ran, lines):
    """In the table at the end of a run, what enters a stage leaves it, and what comes out enters the next."""
    rows = re.findall(
        r"│ ([a-z]+) +│([^│]+)│([^│]+)│([^│]+)│([^│]+)│([^│]+)│ +yes │", (ran / "run.txt").read_text()
    )
    table = {stage: [int(count.split(":")[0]) for count in counts] for stage, *counts in rows}
    assert list(table) == ["read", "extract", "tag", "save", "match", "claim", "judge", "publish"]
    assert all(into == out + dropped + failed for into, out, dropped, failed, _ in table.values())
    flow = list(table.values())
    assert [one[4] for one in flow[:-1]] == [one[0] for one in flow[1:]]
    assert table["read"][0] == len(LINES)
    assert sum(one[3] for one in flow) == len(lines["failures"])
    assert table["judge"][4] == len(lines["alerts"]) == len((ran / "alerts.ndjson").read_bytes().splitlines())


@pytest.mark.parametrize("what", EXPORTS)
def test_csv_is_safe_to_open(ran, lines, within, what):
    """CSV has a row a line, the same texts, and no cell that a spreadsheet takes for a formula."""
    header, *rows = csv.reader(io.StringIO(export(within, ran, what, "--format", "csv"), newline=""))
    assert len(rows) == len(lines[what])
    assert {len(row) for row in rows} == {len(header)}
    assert [cell for row in rows for cell in row if cell.lstrip()[:1] in set("=+-@＝＋－＠")] == []
    if what == "articles":
        texts = [row[header.index("text")] for row in rows]
        assert texts == [line["text"] for line in lines[what]]


def test_topic_cuts_an_export(ran, lines, within):
    """`--topic` leaves the lines of one topic, and those articles that it heard claims of."""
    for what in ("claims", "alerts"):
        mine = [line for line in lines[what] if line["topic"] == "traffic"]
        assert export(within, ran, what, "--topic", "traffic") == ndjson(mine) != ""
    heard = {line["article"]["id"] for line in lines["claims"] if line["topic"] == "traffic"}
    mine = [line for line in lines["articles"] if line["id"] in heard]
    assert export(within, ran, "articles", "--topic", "traffic") == ndjson(mine) != ""


@pytest.mark.parametrize(
    ("since", "first"),
    [
        ("2024-05-02", "2024-05-02T00"),
        ("2024-05-02T08:00:00Z", "2024-05-02T08"),
        ("2024-05-02T10:00:00+02:00", "2024-05-02T08"),
        ("2024-05-02T08:00:01", "2024-05-02T09"),
        ("2034-05-02", "2034"),
    ],
)
def test_since_cuts_an_export(ran, lines, within, since, first):
    """`--since` leaves what was observed from a day, or an instant of any zone, on."""
    for what, at in [("claims", "article"), ("alerts", "article"), ("articles", None)]:
        late = [line for line in lines[what] if (line[at] if at else line)["observed_at"] >= first]
        assert export(within, ran, what, "--since", since) == ndjson(late)


def ndjson(lines):
    """The lines as an export writes them."""
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def test_running_again_changes_nothing(ran, tocsin, within):
    """A second run over the same documents leaves every byte of every export and of the alerts sent."""
    before = [export(within, ran, what) for what in EXPORTS]
    sent = (ran / "alerts.ndjson").read_bytes()
    tocsin("run", "--once", "-c", ran / "tocsin.toml")
    assert [export(within, ran, what) for what in EXPORTS] == before
    assert (ran / "alerts.ndjson").read_bytes() == sent
