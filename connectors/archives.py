"""Archives: places where pages of the past are kept, read poll by poll to their end."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from connectors.protocol import Poll


class Paged(Protocol):
    """Something that is read poll by poll, as a source is."""

    async def poll(self, cursor: str | None, observed_at: datetime) -> Poll:
        """What comes after the cursor; the same cursor again at the end."""
        ...


def polls(archive: Paged, cursor: str | None, read_at: datetime) -> Iterator[Poll]:
    """What the archive holds from the cursor on, poll by poll, to its end."""
    while True:
        poll = asyncio.run(archive.poll(cursor, read_at))
        if poll.cursor == cursor:
            return
        yield poll
        cursor = poll.cursor
