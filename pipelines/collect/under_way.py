"""Work that goes on side by side."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Generic, TypeVar

_Result = TypeVar("_Result")


class UnderWay(Generic[_Result]):
    """Work under way, whose results are taken as they come."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[_Result]] = set()
        self._ended: asyncio.Queue[asyncio.Task[_Result]] = asyncio.Queue()

    def start(self, work: Coroutine[Any, Any, _Result]) -> None:
        """The work goes on from now."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended.put_nowait)

    async def some(self, longest_s: float) -> list[_Result]:
        """The results of all that has ended, once something has; empty where nothing ends in time.

        Raises the first error among them, after which the other results are gone.
        """
        ended = []
        with suppress(TimeoutError):
            async with asyncio.timeout(longest_s):
                ended.append(await self._ended.get())
        while not self._ended.empty():
            ended.append(self._ended.get_nowait())
        self._tasks.difference_update(ended)
        for error in [task.exception() for task in ended]:
            if error is not None:
                raise error
        return [task.result() for task in ended]

    async def cut_short(self) -> None:
        """Nothing is under way any more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
