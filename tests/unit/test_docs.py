"""What the pages and the code point at exists."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "tests/corpus").rglob("README.md")]
CODE = [
    path
    for folder in ("schemas", "connectors", "pipelines", "tests/corpus")
    for pattern in ("*.py", "*.toml")
    for path in (ROOT / folder).rglob(pattern)
]


def test_links_lead_somewhere():
    """Every relative link of a page leads to a file or folder."""
    dead = [
        f"{page.relative_to(ROOT)}: {link}"
        for page in PAGES
        for link in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8"))
        if "://" not in link and not (page.parent / link).exists()
    ]
    assert dead == []


def test_pages_that_the_program_names_exist():
    """A hint or a comment that sends a reader to a page sends them to one that is there."""
    dead = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in CODE
        for name in re.findall(r"docs/[\w/-]+\.md", path.read_text("utf-8"))
        if not (ROOT / name).exists()
    ]
    assert dead == []


def test_every_page_can_be_found():
    """The index of the documentation lists every page."""
    index = (ROOT / "docs/README.md").read_text("utf-8")
    listed = {(ROOT / "docs" / link).resolve() for link in re.findall(r"\]\(([^)#\s]+)", index)}
    pages = {path.resolve() for path in (ROOT / "docs").rglob("*.md")} - {(ROOT / "docs/README.md").resolve()}
    assert {path.relative_to(ROOT).as_posix() for path in pages - listed} == set()
