"""One deadline over several steps, with the waiting between them left out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Budget:
    """Seconds that all the network traffic of one fetch may take together."""

    def __init__(self, total_s: float) -> None:
        self._left_s = total_s

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Charges what happens inside to the budget.

        Raises:
            TimeoutError: the budget is spent.
        """
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            async with asyncio.timeout(self._left_s):
                yield
        finally:
            self._left_s -= loop.time() - started
