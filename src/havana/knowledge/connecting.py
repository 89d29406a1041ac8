"""Connections of the HTTP client to addresses that have been checked.

The client says a name, and here it becomes an address. TLS is still spoken with the name, so that a certificate has to
be for it.
"""

from collections.abc import Iterable

import httpx2
from httpcore2 import (
    SOCKET_OPTION,
    AnyIOBackend,
    AsyncConnectionPool,
    AsyncNetworkBackend,
    AsyncNetworkStream,
    ConnectError,
    ConnectTimeout,
)

from havana.knowledge.pages import Rules, Unreachable


def transport(rules: Rules) -> httpx2.AsyncHTTPTransport:
    return _Transport(rules)


class _Transport(httpx2.AsyncHTTPTransport):
    """The client's own, over connections of ours; it takes no other way to say so."""

    def __init__(self, rules: Rules) -> None:
        context = rules.tls or httpx2.create_ssl_context()
        self._pool = AsyncConnectionPool(ssl_context=context, network_backend=_Checking(rules))


class _Checking(AsyncNetworkBackend):
    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._sockets = AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the client's interface
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        failed: Exception | None = None
        for address in await self._addresses(host, port):
            try:
                return await self._sockets.connect_tcp(address, port, timeout, local_address, socket_options)
            except (ConnectError, ConnectTimeout) as error:
                failed = error
        raise failed or Unreachable(f"the name {host} is not known")

    async def _addresses(self, host: str, port: int) -> list[str]:
        """All of them, if all may be connected to: who may choose among them is not known."""
        try:
            found = await self._rules.resolve(host, port)
        except (OSError, UnicodeError):
            raise Unreachable(f"the name {host} is not known") from None
        for address in found:
            if not self._rules.allowed(address):
                raise Unreachable(f"{host} is at {address}, which is not a public address")
        return found

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - the client's interface
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        del path, timeout, socket_options
        raise Unreachable("pages are not read from sockets")
