"""Topics and aliases that change while the job runs."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

TOCSIN = Path(sys.executable).with_name("tocsin")
MAIN = """
[tocsin]
topics = ["topics/*.toml"]

[[sources]]
name = "shelf"
kind = "file"
path = "in/*.ndjson"
every = "1s"

[[subscriptions]]
topics = ["*"]
sink = "desk"

[sinks.desk]
kind = "file"
path = "alerts.ndjson"

[metrics]
port = 0
"""
BRIDGE = '[[topics]]\nid = "bridge"\nquery = "entity:veldar OR lorries"\n'
ENTITY = '[[entities]]\nid = "veldar"\nname = "Veldar Bridge"\naliases = {aliases}\n'
COUNCIL = '[[topics]]\nid = "council"\nquery = "council"\nstage = "{stage}"\n'
BROKEN = '[[topics]]\nid = "broken"\nquery = "council AND (bridge"\n'

CRACKS = "The Veldar Bridge closed on Monday after 12 cracks were found in its pillars."
TOLL = "The council of Orle raised the toll of the Old Crossing to 14 crowns on Friday."
TOLL_AGAIN = "The toll of the Old Crossing was raised to 14 crowns on Friday by the council of Orle."
FERRY = "The council of Orle bought three ferries for the lake on Thursday."
LORRIES = "Some 200 lorries were turned back at the border on Sunday, police said."


@pytest.fixture
def desk(tmp_path):
    """A configuration with one topic, and a folder for documents."""
    for folder in ("topics", "in"):
        (tmp_path / folder).mkdir()
    (tmp_path / "tocsin.toml").write_text(MAIN)
    (tmp_path / "topics/desk.toml").write_text(BRIDGE + ENTITY.format(aliases="[]"))
    return tmp_path


def publish(desk, number, text):
    """One more document, written elsewhere and renamed."""
    document = {"url": f"https://courier{number}.example/{number}", "text": text, "title": None}
    (desk / "aside").write_text(json.dumps(document) + "\n")
    (desk / "aside").rename(desk / f"in/{number}.ndjson")


def alerts_after(job, delivered, count):
    """Topic, text and digest of each alert, when so many have come."""
    job.until(lambda: len(delivered()) >= count)
    return [(each["topic"], each["findings"][0]["claim"]["text"], each["config"]) for each in delivered()]


def reload(job, desk, *parts):
    """Writes the topics anew; returns the digest that the job then tells."""
    before = len(job.said)
    (desk / "topics/desk.toml").write_text("".join(parts))
    told = re.compile(r"was reloaded: .*digest (\w+)")
    job.until(lambda: told.search("".join(job.said[before:])))
    return told.search("".join(job.said[before:]))[1]


def judged(desk, topic):
    """The texts of the claims that the topic has heard."""
    exported = [TOCSIN, "export", "claims", "-c", desk / "tocsin.toml", "--topic", topic]
    ran = subprocess.run(exported, capture_output=True, text=True, check=True)
    return [json.loads(line)["claim"]["text"] for line in ran.stdout.splitlines()]


def test_topics_change_while_the_job_runs(start, desk, delivered):
    """New topics and aliases count at once, shadow stays silent, a bad topic and a bad file are told."""
    publish(desk, 1, CRACKS)
    job = start(desk / "tocsin.toml")
    ((topic, text, first),) = alerts_after(job, delivered, 1)
    assert (topic, text) == ("bridge", CRACKS)

    known = ENTITY.format(aliases='["Old Crossing"]')
    second = reload(job, desk, BRIDGE, known, COUNCIL.format(stage="shadow"), BROKEN)
    assert re.search(r'ERROR.*topic "broken": cannot read the query at column 20: expected a \)', job.text)
    assert "hint: the parenthesis at column 13 is not closed" in job.text
    publish(desk, 2, TOLL)
    assert alerts_after(job, delivered, 2)[1:] == [("bridge", TOLL, second)]
    job.until(lambda: judged(desk, "council") == [TOLL])

    third = reload(job, desk, BRIDGE, known, COUNCIL.format(stage="live"), BROKEN)
    publish(desk, 3, TOLL_AGAIN)
    publish(desk, 4, FERRY)
    assert alerts_after(job, delivered, 3)[2:] == [("council", FERRY, third)]
    assert len({first, second, third}) == 3
    assert job.text.count('topic "broken"') == 1

    (desk / "topics/desk.toml").write_text("[[topics]\n")
    job.until(lambda: "the one before stays" in job.text)
    publish(desk, 5, LORRIES)
    assert alerts_after(job, delivered, 4)[3:] == [("bridge", LORRIES, third)]
    assert job.text.count("the one before stays") == 1
    builds = re.findall(r'^tocsin_build_info\{config="(\w+)"', job.get("/metrics")[2], re.MULTILINE)
    assert builds == [third]
    assert job.end()[0] == 0
    assert [each["topic"] for each in delivered()] == ["bridge", "bridge", "council", "bridge"]


def test_a_worker_alone_takes_in_topics(start, desk):
    """`tocsin detect` as well; what needs a restart is named; who judges nothing tells the new digest too."""
    job, other = (start(desk / "tocsin.toml", role) for role in ("detect", "publish"))
    job.get("/healthz")
    other.get("/healthz")
    (desk / "tocsin.toml").write_text(MAIN + '[http]\ncontact = "desk@example.org"\n')
    job.until(lambda: "changed, and taken in at the next start: http" in job.text)
    digest = reload(job, desk, COUNCIL.format(stage="live"))
    other.until(lambda: f'tocsin_build_info{{config="{digest}"' in other.get("/metrics")[2])
    publish(desk, 1, FERRY)
    subprocess.run([TOCSIN, "collect", "--once", "-c", desk / "tocsin.toml"], check=True, capture_output=True)
    job.until(lambda: judged(desk, "council") == [FERRY])
