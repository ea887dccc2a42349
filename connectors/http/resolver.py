"""From a host name to addresses."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""From host and port to numeric addresses, the preferred first.

Raises `OSError` where the name cannot be looked up, `UnicodeError` where it is no name at all.
"""

_THREADS: Final = 16


class SystemResolver:
    """The operating system's resolver, which blocks, run in threads of its own.

    In the event loop's shared threads, slow look-ups would hold up everything else that runs there.
    """

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="resolver")

    async def resolve(self, host: str, port: int) -> tuple[str, ...]:
        """The host's addresses, without repeats. Numeric hosts in any spelling come back as addresses too."""
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, _look_up, host, port)
        return tuple(dict.fromkeys(found))

    def close(self) -> None:
        """Lets go of the threads; look-ups under way end in their own time."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _look_up(host: str, port: int) -> list[str]:
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
