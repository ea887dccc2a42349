"""An alert in words: complete, short, and harmless to a terminal."""

from dataclasses import replace
from unicodedata import category

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.sinks.rendering import plain, render_alert
from connectors.testing import a_claim, a_difference, a_finding, a_first, a_prior, an_alert, an_article_ref
from schemas.alerts import Verdict
from schemas.claims import Mode


def test_an_alert_shows_its_evidence() -> None:
    """Sentence, speaker, what differs, earlier claims with link and both clocks, first and origins."""
    earlier = a_prior(differs=(a_difference(),), speaker="the mayor")
    against = a_prior(
        text="It is open.", differs=(a_difference(kind="polarity", before=None, after="denied"),)
    )
    claim = a_claim(speaker="the council", mode=Mode.INDIRECT, hedged=True, negated=True)
    finding = a_finding(
        kind=Verdict.CONFLICT,
        claim=claim,
        prior=earlier,
        conflicts=(earlier, against),
        origins=("herald", "courier"),
        first=a_first(url="https://herald.example/closed", publisher="herald"),
    )
    assert render_alert(an_alert(findings=(finding, a_finding()))).splitlines() == [
        "[veldar] Veldar bridge closed",
        "  courier, published 2024-05-02 08:00Z, seen 2024-05-02 12:00Z",
        "  https://courier.example/bridge",
        "  CONFLICT “The Veldar bridge closed on Monday.”",
        "    said by the council, in reported speech, as uncertain, denied",
        "    earlier (90% alike): “The Veldar bridge has been closed since Monday.”",
        "      the mayor in herald, published 2024-05-02 08:00Z, seen 2024-05-02 08:00Z, "
        "https://herald.example/closed",
        "      differs: quantity 2,900 → 3,400",
        "    against (90% alike): “It is open.”",
        "      herald, published 2024-05-02 08:00Z, seen 2024-05-02 08:00Z, https://herald.example/closed",
        "      differs: polarity not said → denied",
        "    first: herald, published 2024-05-02 08:00Z, seen 2024-05-02 12:00Z, https://herald.example/closed",
        f"    origins: 2 (herald, courier) · claim {claim.id[:10]}",
        "  NEW “The Veldar bridge closed on Monday.”",
        "    said in the article's own voice",
        f"    origins: 1 (courier) · claim {a_claim().id[:10]}",
        "  matched: bridge",
    ]


def test_what_is_not_known_is_not_invented() -> None:
    """Without title, publisher, publisher's clock and terms, the alert says so or leaves the line out."""
    article = an_article_ref(title=None, publisher=None, published_at=None)
    first = a_first(publisher=None, published_at=None)
    shown = render_alert(an_alert(article=article, findings=(a_finding(first=first),), matched=()))
    assert shown.splitlines()[:2] == [
        "[veldar] https://courier.example/bridge",
        "  unknown publisher, seen 2024-05-02 12:00Z",
    ]
    assert "said in the article's own voice" in shown
    assert "None" not in shown
    assert "matched" not in shown


def test_an_unsure_speaker_is_told_as_unsure() -> None:
    """Where it is not clear who speaks, the alert does not name anybody."""
    shown = render_alert(an_alert(findings=(a_finding(claim=a_claim(speaker="unattributed")),)))
    assert "said by somebody not named clearly\n" in shown


def test_a_long_alert_is_cut_and_says_so() -> None:
    """Many findings, conflicts and origins are counted, not listed, so that the alert stays readable."""
    many = a_finding(origins=tuple(f"origin-{n}" for n in range(20)), conflicts=(a_prior(),) * 9)
    shown = render_alert(an_alert(findings=(many,) * 13))
    assert shown.count("NEW “") == 10
    assert "  and 3 more findings\n" in shown
    assert "origins: 20 (origin-0, " in shown
    assert "origin-7 and 12 more)" in shown
    assert shown.count("against (") == 3 * 10


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("red \x1b[31mtext\x1b[0m", "red text"),
        ("link \x1b]8;;https://evil.example\x1b\\here\x1b]8;;\x07.", "link here."),
        ("\x1b]0;title\x07done", "done"),
        ("\x1b\x1b[31m[31mnested", "[31mnested"),
        ("\x9b31mtext", "31mtext"),
        ("un\x1b]closed text", "un]closed text"),
        ("one\r\ntwo\tthree\x0bfour\x85five\u2028six", "one two three four five six"),
        ("nul\x00 bell\x07 del\x7f back\x08", "nul bell del back"),
        ("right\u202eto\u202c \u2066left\u2069", "rightto left"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("half\ud800", "half\ufffd"),
        ("x" * 601, "x" * 599 + "…"),
        ("x" * 600, "x" * 600),
    ],
)
def test_plain_text_is_what_it_looks_like(hostile: str, shown: str) -> None:
    """Terminal commands, line breaks and direction overrides go; joiners and long words stay readable."""
    assert plain(hostile) == shown


@settings(max_examples=60)
@given(
    text=st.text(
        alphabet=st.characters() | st.sampled_from("\x1b\x9b[]\x07;31m\n\r\u202e\ud800"), max_size=80
    )
)
def test_no_text_can_add_a_line_or_a_command(text: str) -> None:
    """Whatever stands in an alert, it has its own lines only, and no control character."""
    finding = a_finding(
        kind=Verdict.UPDATE,
        claim=a_claim(text=text, speaker=text),
        prior=a_prior(text=text, url=text, publisher=text, differs=(a_difference(before=text, after=text),)),
        origins=(text,),
        first=a_first(url=f"{text}#first", publisher=text),
    )
    article = an_article_ref(title=text or None, publisher=text, url=text)
    alert = an_alert(topic=text, article=article, findings=(finding,), matched=(text,))
    tame = replace(finding, claim=a_claim(speaker="x"), prior=a_prior(differs=(a_difference(),)))
    lines = render_alert(alert).split("\n")
    assert len(lines) == len(render_alert(an_alert(findings=(tame,))).split("\n"))
    assert not {"Cc", "Cs", "Zl", "Zp"} & {category(char) for char in "".join(lines)}
    assert not set("\u202e\u2066") & set("".join(lines))
