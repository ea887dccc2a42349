"""A short, repeatable part of what tests/soak/pages.py does for as long as one likes."""

import random
import runpy
import time
from pathlib import Path

SOAK = runpy.run_path(str(Path(__file__).resolve().parents[2] / "soak/pages.py"))
MUTATIONS = 150
SECONDS = 5
"""Far above what such a page takes (20 ms)."""


def a_page_of_everything():
    """The bytes of a page with one of each thing that news pages hold."""
    paragraphs = "".join(
        f"<p class='text'>Day {day}: the <a href='/b'>Veldar bridge</a> carried {day}00 cars &amp; vans.</p>"
        for day in range(30)
    )
    return (
        "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>Bridge | Courier</title>"
        "<meta property='og:title' content='Bridge'><script type='application/ld+json'>"
        '{"@type": "NewsArticle", "headline": "Bridge", "datePublished": "2024-05-01T06:00:00Z"}</script>'
        "</head><body><nav><ul><li><a href='/'>Home</a></li></ul></nav><article><h1>Bridge</h1>"
        f"<figure><img src='b.jpg'><figcaption>Café</figcaption></figure>{paragraphs}"
        "<blockquote>“Closed”</blockquote><table><tr><td>1</td></tr></table></article></body></html>"
    ).encode()


def test_no_mutation_crashes_or_hangs():
    """Every mutated page is read or refused, in time."""
    chance = random.Random(7)
    body = a_page_of_everything()
    assert SOAK["is_read"](body)
    for _ in range(MUTATIONS):
        started = time.perf_counter()
        SOAK["is_read"](SOAK["mutated"](body, chance))
        assert time.perf_counter() - started < SECONDS
