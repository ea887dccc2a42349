"""How well pages with several articles are split, against floors."""

import tomllib
from pathlib import Path

import pytest
from labelled_pages import FOLDER, labelled_pages, measure

from pipelines.text.extract import extract_articles
from pipelines.text.publishers import PublisherTable

FLOORS = tomllib.loads((Path(__file__).parents[2] / "floors.toml").read_text("utf-8"))["pages"]
NOBODY = PublisherTable(())


@pytest.mark.parametrize(("name", "folder"), [("", FOLDER), ("aside ", FOLDER / "aside")])
def test_pages_are_split_as_labelled(name, folder, record_property):
    """Each measure of the corpus reaches its floor, on the pages for tuning and on those kept aside."""
    measures, faults = measure(labelled_pages(folder), lambda page: extract_articles(page, NOBODY))
    if not name:
        print("\n".join(faults))
    for key, value in measures.items():
        record_property(f"{name}{key}", round(value, 4))
        print(f"{name}{key}: {value:.4f}")
        floor = FLOORS[name + key]
        assert value <= floor if key.endswith("at most") else value >= floor, f"{name}{key}: {value:.4f}"
