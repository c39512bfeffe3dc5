"""`make bench`: orders a second, times, and the ratio to a bare handler measured in the same run."""

import argparse
import asyncio
import json
import os
import socket
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from tests.bench import choice, pages
from tests.bench.load import Load, Sent, send
from tests.bench.system import System, answers, running, sign, start


async def main(wanted: argparse.Namespace) -> dict[str, Any]:
    """Run the whole bench and give its figures."""
    async with AsyncExitStack() as stack:
        upstream_port, bare_port, hub_port = free_ports(3)
        upstream = f"http://127.0.0.1:{upstream_port}"
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="faros-bench-")))
        await stack.enter_async_context(process("tests.bench.upstream", str(upstream_port)))
        await answers(f"{upstream}/_tally")
        bare_url = f"http://127.0.0.1:{bare_port}/hook"
        await stack.enter_async_context(process("tests.bench.bare", str(bare_port), upstream))
        await answers(bare_url.replace("hook", "none"))
        say(f"starting the hub with {wanted.workers} workers")
        system = await stack.enter_async_context(running(folder, hub_port, upstream, wanted.workers))
        await send(system.url, upstream, Load(300, 1_000_000), sign)
        await send(bare_url, upstream, Load(300, 1_000_000), unsigned)
        return await measure(wanted, system, bare_url, upstream)


async def measure(wanted: argparse.Namespace, system: System, bare_url: str, upstream: str) -> dict[str, Any]:
    """Rounds of hub and bare handler in turn, then the times at a steady rate, then a backlog."""
    ours: list[Sent] = []
    bare: list[Sent] = []
    cpu: dict[str, float] = dict.fromkeys(before := system.cpu_seconds(), 0.0)
    for turn in range(wanted.rounds):
        first = 10_000_000 * (turn + 1)
        load = Load(wanted.orders, first, wanted.concurrency)
        before = system.cpu_seconds()
        ours.append(await send(system.url, upstream, load, sign))
        cpu = {part: cpu[part] + used - before[part] for part, used in system.cpu_seconds().items()}
        bare.append(await send(bare_url, upstream, load, unsigned))
        say(
            f"round {turn + 1}: hub {ours[-1].orders_per_s:.0f} orders/s, bare {bare[-1].orders_per_s:.0f} orders/s"
        )
    steady = await send(system.url, upstream, Load(wanted.steady * 10, 900_000_000, rate=10), sign)
    backlog = await send(system.url, upstream, Load(wanted.backlog, 950_000_000, 512, wait=120), sign)
    done = sum(s.complete for s in [*ours, steady, backlog])
    wrong = sum(s.wrong for s in [*ours, steady, backlog])
    return {
        "orders_per_s": round(statistics.median(s.orders_per_s for s in ours), 1),
        "bare_orders_per_s": round(statistics.median(s.orders_per_s for s in bare), 1),
        "ratio_to_bare": round(
            statistics.median(o.orders_per_s / b.orders_per_s for o, b in zip(ours, bare, strict=True)), 3
        ),
        "ack_ms": steady.ack_ms,
        "hook_to_po_ms": steady.hook_to_po_ms,
        "calls_per_order": 4 if wrong == 0 else None,
        "orders": done,
        "orders_without_exactly_four_calls": wrong,
        "backlog": {"orders": backlog.complete, "orders_per_s": round(backlog.orders_per_s, 1)},
        "cpu_ms_per_order": {
            p: round(used * 1000 / sum(s.complete for s in ours), 2) for p, used in cpu.items()
        },
        "concurrency": wanted.concurrency,
        "workers": wanted.workers,
        "rss_mb": system.rss_mb(),
    }


@asynccontextmanager
async def process(module: str, *arguments: str) -> AsyncIterator[None]:
    """A process of the bench, ended with it."""
    running = await start("-m", module, *arguments)
    try:
        yield
    finally:
        running.terminate()
        await running.wait()


def unsigned(body: bytes) -> dict[str, str]:
    """The headers of an unsigned request: the bare handler checks nothing."""
    return {"content-type": "application/json"}


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def say(text: str) -> None:
    """Progress, on standard error."""
    print(text, file=sys.stderr, flush=True)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--orders", type=int, default=3000, help="orders in each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--concurrency", type=int, default=64, help="connections of the sender")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="worker processes")
    parser.add_argument("--steady", type=int, default=10, help="seconds at 10 orders a second, for the times")
    parser.add_argument(
        "--backlog", type=int, default=5000, help="orders sent faster than they can be worked"
    )
    parser.add_argument(
        "--pages", type=int, metavar="ORDERS", help="only what the dashboard asks for, over so many orders"
    )
    parser.add_argument(
        "--json", nargs="?", const="-", metavar="PATH", help="figures as JSON, to PATH or standard output"
    )
    return parser.parse_args()


def show(figures: dict[str, Any], to: str | None) -> None:
    """Figures for people, and as JSON where asked."""
    if to != "-":
        for name, value in figures.items():
            say(f"{name.replace('_', ' '):<36}{value}")
    text = json.dumps(figures, indent=2)
    if to == "-":
        print(text)
    elif to:
        Path(to).write_text(text + "\n")


if __name__ == "__main__":
    given = arguments()
    if given.pages:
        rows = asyncio.run(pages.measure(given.pages))
        say(pages.table(rows))
        if given.json:
            show({"pages": rows}, given.json)
    else:
        figures = asyncio.run(main(given)) | {"choice_ms_12_lines_8_suppliers": choice.measure()}
        if max(figures["choice_ms_12_lines_8_suppliers"].values()) > choice.MOST_MS:
            say(f"choosing suppliers takes more than {choice.MOST_MS} ms")
        show(figures, given.json)
