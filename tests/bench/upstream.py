"""The services on the other side: one process, answers any POST with small JSON at once, and counts calls by order."""

import asyncio
import sys
import time

import httptools
import orjson
import uvloop

ANSWERS = {
    "validate": b'{"valid":true,"score":0.97,"country":"US"}',
    "po": b'{"ok":true,"po_number":"PO-1","status":"accepted"}',
    "tag": b'{"ok":true,"tags":["routed"]}',
    "event": b'{"ok":true}',
}
KINDS = list(ANSWERS)


class Tally:
    """Calls by order and kind, and the moment (epoch seconds) of each order's purchase and of the last call of all."""

    def __init__(self) -> None:
        self.calls: dict[str, list[int]] = {}
        self.bought: dict[str, float] = {}
        self.complete = 0
        self.last = 0.0

    def count(self, kind: str, order: str) -> None:
        """One call."""
        counts = self.calls.setdefault(order, [0, 0, 0, 0])
        was_complete = all(counts)
        counts[KINDS.index(kind)] += 1
        now = time.time()
        if kind == "po":
            self.bought.setdefault(order, now)
        if all(counts) and not was_complete:
            self.complete += 1
        self.last = now


class Upstream(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, no framework: it must not be what is measured."""

    tally = Tally()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.parser = httptools.HttpRequestParser(self)

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self.path = url.decode().split("?")[0]

    def on_message_complete(self) -> None:
        parts = self.path.split("/")
        if parts[1] == "_tally":
            tally = Upstream.tally
            body = orjson.dumps({"complete": tally.complete, "last": tally.last, "orders": len(tally.calls)})
        elif parts[1] == "_dump":
            body = orjson.dumps({"calls": Upstream.tally.calls, "bought": Upstream.tally.bought})
        elif parts[1] == "_reset":
            Upstream.tally, body = Tally(), b"{}"
        else:
            Upstream.tally.count(parts[1], parts[2])
            body = ANSWERS[parts[1]]
        head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
        self.transport.write(head + body)  # type: ignore[attr-defined]  # a write transport


async def serve(port: int) -> None:
    """Answer until killed."""
    server = await asyncio.get_running_loop().create_server(Upstream, "127.0.0.1", port, backlog=4096)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
