"""Which paragraphs stand under pictures."""

import pytest

from connectors.testing import an_article
from pipelines.text.captions import find_captions
from pipelines.text.claims import find_claims
from pipelines.text.entities import EntityTagger
from schemas.claims import Mode

CAPTIONS = [
    "Pictured: the bridge after it fell on Monday.",
    "FILE - In this May 23, 2031 file photo, Edda Volm speaks in Torvel.",
    "Edda Volm, left, speaks to firemen in Torvel on Monday. Photo: Ida Brem",
    "Edda Volm speaks to firemen in Torvel. REUTERS/Ida Brem",
    "Firemen carry a stretcher from the hall. (AP Photo/Ida Brem)",
    "A woman waits outside the hall on Sunday. Photograph: Ida Brem/Courier",
    "The hall burned for nine hours. Picture by Ida Brem",
    "Edda Volm (pictured) has led the brigade since 2019.",
    "The wreck of the hall in an image released by the brigade. Image credit: Orle Fire Brigade",
    "Firemen are seen here in front of the hall on Monday.",
    "The hall in Torvel burned down. Ida Brem / Getty Images",
    "In this photo released by the brigade, firemen enter the hall.",
]
NONE = [
    "The photo was taken on Monday, the brigade said.",
    "Edda Volm pictured a town without its hall.",
    "A photograph by the brigade shows two men at the valve.",
    "The company filed a suit on Monday.",
    "AP and Reuters reported that nine people had died.",
    "He told Reuters that the hall was empty.",
    "The image of the ministry suffered.",
    "File a complaint within nine days, the court said.",
    "The ratio of debt/GDP rose to 90 percent.",
    "The credit was repaid in May.",
    "Photographs of the dead were shown in court.",
    "Police are seen as slow in this town.",
]


@pytest.mark.parametrize("text", CAPTIONS)
def test_a_paragraph_that_says_so_or_ends_in_a_credit_is_a_caption(text):
    """Whatever stands around it, all of the paragraph and nothing else."""
    before, after = "The hall burned down.\n", "\nNobody was hurt."
    assert find_captions(before + text + after) == ((len(before), len(before) + len(text)),)


@pytest.mark.parametrize("text", NONE)
def test_pictures_that_are_written_about_are_no_captions(text):
    """Words for pictures, agencies and credits stand in reports too."""
    assert find_captions(text) == ()


def test_what_a_caption_states_is_claimed_by_a_caption():
    """Its sentences are claims of that mode, and the credit is none."""
    text = "Nine firemen enter the hall in Torvel. Photo: Ida Brem\nThe hall burned down on Monday."
    claims = find_claims(EntityTagger([]).tag(an_article(text=text))).claims
    assert [(claim.mode, claim.text[:4]) for claim in claims] == [
        (Mode.CAPTION, "Nine"),
        (Mode.VOICE, "The "),
    ]
