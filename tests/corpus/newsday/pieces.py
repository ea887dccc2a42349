"""What the news day consists of: outlets and the pieces that they publish. Pure: text in, records out."""

import tomllib
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

_FENCE = "+++\n"
_POST = "## "


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """An invented outlet: how it calls itself and how its pages and its feed are made."""

    id: str
    """First segment of its paths; also its publisher id in `tocsin.toml`."""
    name: str
    """As its pages print it."""
    motto: str
    """Under its name."""
    template: str
    """Name of its page template; editions of one newsroom share one."""
    feed: str
    """`rss` or `atom`."""
    sections: tuple[str, ...]
    """Its navigation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One dated part of a page that holds several."""

    title: str
    """Headline; empty in a live report."""
    published_at: datetime
    """As printed above it."""
    paragraphs: tuple[str, ...]
    """Plain text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One page of one outlet. What is not body is chrome: it never belongs to the article."""

    outlet: str
    """Outlet id."""
    slug: str
    """Last segment of its path; unique within the outlet."""
    title: str
    """Headline."""
    appears_at: datetime
    """When the outlet's feed first shows it."""
    published_at: datetime | None
    """The publisher's clock; None where the page names no date."""
    kind: str = "article"
    """`article`, `digest` (several articles), `live` (one, in timed entries), `wall`, `empty` or `junk`."""
    author: str = ""
    """As in the byline."""
    section: str = "News"
    """Where the outlet files it."""
    summary: str = ""
    """What the feed says of it; the first paragraph where empty."""
    dateline: str = ""
    """Printed before the first paragraph: a town, or a town and an agency."""
    credit: str = ""
    """Outlet id that an aggregator names as the source."""
    tags: tuple[str, ...] = ()
    """Tag cloud."""
    teaser: dict[str, str] = field(default_factory=dict)
    """`title` and `text` of another story, shown inside the body."""
    related: tuple[str, ...] = ()
    """Headlines under the body."""
    comments: tuple[dict[str, str], ...] = ()
    """`name` and `text` of readers' remarks."""
    paragraphs: tuple[str, ...] = ()
    """The body, plain text."""
    posts: tuple[Post, ...] = ()
    """The body of a digest or a live report."""

    @property
    def body(self) -> tuple[str, ...]:
        """All paragraphs, those of the posts included."""
        return self.paragraphs + tuple(text for post in self.posts for text in post.paragraphs)

    @property
    def lead(self) -> str:
        """What the feed says of it."""
        return self.summary or (self.body[0] if self.body else self.title)


def parse_outlets(text: str) -> tuple[Outlet, ...]:
    """The outlets of `outlets.toml`, in its order."""
    tables = tomllib.loads(text)["outlets"]
    return tuple(Outlet(**_with_tuples(table)) for table in tables)


def parse_piece(text: str) -> Piece:
    """The piece in one article file: TOML between two `+++` lines, then the paragraphs.

    A line `## INSTANT TITLE` starts a post.
    """
    _, front, body = text.split(_FENCE, 2)
    fields = _with_tuples(tomllib.loads(front))
    blocks = [" ".join(block.split("\n")) for block in body.strip().split("\n\n") if block]
    first_post = next((i for i, block in enumerate(blocks) if block.startswith(_POST)), len(blocks))
    fields.setdefault("published_at", None)
    return Piece(**fields, paragraphs=tuple(blocks[:first_post]), posts=_posts(blocks[first_post:]))


def _posts(blocks: list[str]) -> tuple[Post, ...]:
    posts: list[Post] = []
    starts = [i for i, block in enumerate(blocks) if block.startswith(_POST)]
    for start, end in pairwise([*starts, len(blocks)]):
        instant, _, title = blocks[start].removeprefix(_POST).partition(" ")
        posts.append(
            Post(
                title=title,
                published_at=datetime.fromisoformat(instant),
                paragraphs=tuple(blocks[start + 1 : end]),
            )
        )
    return tuple(posts)


def _with_tuples(table: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
