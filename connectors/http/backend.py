"""The address policy, at the one place where connections are made.

A name is looked up once for each connection; every address it has is checked, and the connection goes to
an address that was checked. Whoever changes the name's addresses in between gains nothing. TLS and the
`Host` header still go by the name.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import httpcore

from connectors.http.addresses import Network, refusal
from connectors.http.resolver import Resolve
from schemas.errors import Rejected, Retriable
from schemas.failures import Reason

_ATTEMPT_S: Final = 5.0


class AddressGuard:
    """Looks up hosts and refuses those with an address that may not be connected to."""

    def __init__(self, allow: Sequence[Network], resolve: Resolve) -> None:
        self._allow = allow
        self._resolve = resolve

    async def addresses(self, host: str, port: int) -> Sequence[str]:
        """The host's addresses, all of them checked, the preferred first; never empty.

        A host with both good and bad addresses is refused: the bad ones are a mistake or an attack.

        Raises:
            Rejected: ADDRESS for an address that may not be connected to, MALFORMED for what is no name.
            Retriable: the name cannot be looked up now.
        """
        try:
            found = await self._resolve(host, port)
        except UnicodeError as error:
            raise Rejected(
                f"cannot look up {host!r}: it is not a host name", reason=Reason.MALFORMED
            ) from error
        except OSError as error:
            raise Retriable(f"cannot look up {host!r}: {error}", reason=Reason.UNREACHABLE) from error
        if not found:
            raise Retriable(f"cannot look up {host!r}: it has no address", reason=Reason.UNREACHABLE)
        for address in found:
            why = refusal(address, self._allow)
            if why is not None:
                raise Rejected(
                    f"will not connect to {host!r}: its address {address} is not public ({why})",
                    reason=Reason.ADDRESS,
                    hint="an own host can be let through with [http] allow",
                )
        return found


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects to addresses that the guard has checked, and to nothing else."""

    def __init__(self, guard: AddressGuard) -> None:
        self._guard = guard
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first of the host's addresses that answers."""
        *others, last = await self._guard.addresses(host, port)
        for address in others:
            # A dead address must leave time for the next one.
            attempt_s = _ATTEMPT_S if timeout is None else min(timeout, _ATTEMPT_S)
            try:
                return await self._network.connect_tcp(
                    address, port, attempt_s, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._network.connect_tcp(last, port, timeout, local_address, socket_options)
