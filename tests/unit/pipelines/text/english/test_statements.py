"""Which sentences state something."""

import pytest

from pipelines.text.english.statements import is_statement
from pipelines.text.words import words_of


@pytest.mark.parametrize(
    "sentence",
    [
        "The bridge was closed on Monday.",
        "Fire at Torvel bridge",
        "Five dead in Torvel",
        "About 180 people moved in.",
        "“We found two of the three.”",
        "I was stopped by an officer.",
        "We counted around 1,500 people.",
        "He asked whether the dam was safe.",
        "If the dam breaks, the valley will be flooded.",
        "Read the will aloud, the judge told the family.",
        "The judge had advice for anyone who deals with the prisoner in the future:",
    ],
)
def test_statements_are_kept(sentence):
    """Events, numbers, headlines, quotations and conditions can be checked."""
    assert is_statement(sentence, words_of(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "Is the bridge closed?",
        '"Is the bridge closed?" asked Volm.',
        "Posted: Apr 02, 2009 11:06 PM CEST",
        "Last Updated: Monday, 28 November 2005, 02:24 GMT",
        "Tuesday 28 April 2009",
        "TORVEL, April 28",
        "By Ida Brem",
        "By IDA BREM and Jonas Orle",
        "About Vantol Gas",
        "Reactions",
        "Power cut",
        "Some known inmates:",
        "He was asked and replied:",
        "Read more about the bridge here",
        "Subscribe to our newsletter for daily news",
        "Follow @courier on social media",
        "For more information, visit our page.",
        "More from the Courier: the bridge in pictures",
        "Photo: Ida Brem / Courier",
        "Reporting by Ida Brem; editing by Jonas Orle",
        "© 2019 The Courier. All rights reserved.",
        "Ida Brem can be reached at 555-1234 or brem at courier.example.",
        "This article was first published in the Courier.",
        "I was shocked.",
        "We are angry and tired.",
        "That's why I'm out here.",
        "What a night it was!",
        "Had they stayed, they would be among the dead.",
        "Should the court agree, he could leave.",
        "Suppose that nobody came.",
        "12:45",
        "",
    ],
)
def test_what_states_nothing_is_left_out(sentence):
    """Questions, date lines, page furniture, lead-ins, suppositions and bare feelings cannot be checked."""
    assert not is_statement(sentence, words_of(sentence))
