"""What we are measured against: a FastAPI handler and a background task, four calls, nothing kept."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import uvicorn
from fastapi import FastAPI, Request

tasks: set[asyncio.Task[None]] = set()


def app(upstream: str) -> FastAPI:
    """The handler."""
    state: dict[str, aiohttp.ClientSession] = {}

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with aiohttp.ClientSession() as state["session"]:
            yield

    async def call(path: str, body: Any) -> Any:
        async with state["session"].post(upstream + path, json=body) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def flow(order: dict[str, Any]) -> None:
        number = order["id"]
        if not (await call(f"/validate/{number}", order["shipping_address"]))["valid"]:
            return
        supplier = "ali" if order["line_items"][0]["sku"].startswith("ALI") else "cj"
        if float(order["total_price"]) >= 500:
            return
        lines = [{"sku": line["sku"], "qty": line["quantity"]} for line in order["line_items"]]
        ship_to = order["shipping_address"]
        await call(
            f"/po/{number}", {"order_id": number, "supplier": supplier, "ship_to": ship_to, "lines": lines}
        )
        await call(f"/tag/{number}", {"tags": ["routed", supplier]})
        await call(f"/event/{number}", {"event": "Order Routed", "email": order["email"], "order": number})

    api = FastAPI(lifespan=lifespan)

    @api.post("/hook")
    async def hook(request: Request) -> dict[str, bool]:
        task = asyncio.create_task(flow(await request.json()))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        return {"ok": True}

    return api


if __name__ == "__main__":
    uvicorn.run(
        app(sys.argv[2]), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False
    )
