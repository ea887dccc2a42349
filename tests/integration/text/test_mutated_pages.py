"""Short, repeatable parts of what tests/soak does with hostile pages for as long as one likes."""

import random
import runpy
import subprocess
import sys
import time
from pathlib import Path

from real_data import data_set

FOLDER = Path(__file__).resolve().parents[2] / "soak"
SOAK = runpy.run_path(str(FOLDER / "pages.py"))
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
    assert SOAK["end_of"](body) == "read"
    for _ in range(MUTATIONS):
        started = time.process_time()
        SOAK["end_of"](SOAK["mutated"](body, chance))
        assert time.process_time() - started < SECONDS


def test_a_thousand_mutations_of_real_pages():
    """The same with real pages, in a process of their own: a crash of the parser in C is seen too."""
    command = [sys.executable, FOLDER / "pages.py", data_set("pages-fundus-fixtures"), "--mutations", "1000"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=550)
    print(ran.stdout)
    assert ran.returncode == 0, ran.stderr
    assert "read" in ran.stdout


def test_the_fuzzer_starts():
    """What `make fuzz` runs goes through real pages, and ends by itself."""
    command = [sys.executable, FOLDER / "fuzz.py", data_set("pages-fundus-fixtures"), "--minutes", "0.1"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert "Done " in ran.stderr
