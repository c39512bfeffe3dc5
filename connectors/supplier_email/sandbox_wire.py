"""Conversations line by line: what the double's two servers on this machine share."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

LONGEST = 65_536
"""Bytes of a line, and of what is kept of a client that writes faster than it is read."""


class Wire:
    """One connection of a client. Lines end in CRLF."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def line(self) -> bytes:
        """The next line without its end; raises EOFError once nothing more comes."""
        try:
            return (await self._reader.readuntil(b"\r\n"))[:-2]
        except asyncio.LimitOverrunError:
            raise EOFError("A line does not end.") from None

    async def say(self, *lines: bytes) -> None:
        """Send lines, whatever is in them."""
        self._writer.write(b"".join(line + b"\r\n" for line in lines))
        await self._writer.drain()

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


@asynccontextmanager
async def listening(talk: Callable[[Wire], Awaitable[None]]) -> AsyncIterator[int]:
    """A server on a free port of this machine, which talks with each client; gives the port."""
    open_wires: set[Wire] = set()

    async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = Wire(reader, writer)
        open_wires.add(wire)
        try:
            # A line that does not end, or a client that is gone: there is nobody to tell.
            with suppress(EOFError, ConnectionError):
                await talk(wire)
        finally:
            open_wires.discard(wire)
            wire.close()

    server = await asyncio.start_server(met, "127.0.0.1", 0, limit=LONGEST)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for wire in list(open_wires):
            wire.close()
