"""Store A cannot see store B: every route of the app is walked with everything that store B has."""

import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from connectors.http.sandbox import EchoSandbox
from connectors.webhook.sandbox import SenderSandbox
from hub.api import create_app
from hub.engine.publishing import Publication, StoreSpec
from hub.store.audit import note
from hub.store.configuration import ConnectionSpec
from hub.store.keys import Role, add_key
from tests.api.conftest import TELL
from tests.api.test_access import OPEN, routes
from tests.floor import Floor, flow, open_floor

MINE, THEIRS = "main", "zebra"
NOT_ABOUT_STORES = {
    "/cases/resolutions",
    "/openapi.json",
    "/catalog",
    "/flows/check",
    "/session",
    "/changes",
    "/reports",
}
"""What tells the same to everybody: what is installed, what a text means, who asks, whether anything changed. Many
cases at once are a test of their own."""
WHOLE_HUB = {"/metrics"}
"""What is about all stores at once: declined for whoever may not see them all."""

BODIES: dict[str, Any] = {
    "/cases/{id}/resolution": {"version": 1, "choice": "give-up"},
    "/cases/{id}/checklist/{item}": {"version": 1},
    "/cases/{id}/notes": {"text": "Nosy"},
    "/cases/{id}/owner": {"version": 1, "owner": "nosy"},
    "/connections/{id}/check": None,
    "/connections/{id}/look": None,
    "/connections/{id}/pause": {"why": "Nosy"},
    "/connections/{id}/resume": None,
    "/trackings": {"store": THEIRS, "text": "zebra-1,1Z999AA10000000000", "mark": "x"},
    "/trackings/preview": {"store": THEIRS, "text": "zebra-1,1Z999AA10000000000"},
    "/addresses/check": {"store": THEIRS, "address": {"line1": "1 Main St", "city": "Troy", "country": "US"}},
    "/flows/check": {"text": TELL},
    "/flows/{name}/simulation": {"text": TELL.replace("flow: tell", "flow: zebra-tell"), "store": THEIRS},
    "/flows/{name}/versions": {
        "text": TELL.replace("flow: tell", "flow: zebra-tell"),
        "store": THEIRS,
        "roles": {},
    },
}
"""A body for each route that takes one, which would be right if the caller might see store B."""


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Floor]:
    """Two stores, each with its own connections, flow, order, run and open case."""
    senders = {f"{store}-hooks": SenderSandbox() for store in (MINE, THEIRS)}
    services = {f"{store}-service": EchoSandbox(remembers_keys=False) for store in (MINE, THEIRS)}
    async with open_floor(database_url, {**senders, **services}) as floor:
        flows, connections = [], []
        for store in (MINE, THEIRS):
            hooks, service = f"{store}-hooks", f"{store}-service"
            text = TELL.replace("flow: tell", f"flow: {store}-tell")
            flows.append(flow(floor.hub.catalog, text, {"hooks": [hooks], "service": [service]}, store))
            connections.append(ConnectionSpec(hooks, store, "webhook", settings=senders[hooks].settings()))
            connections.append(
                ConnectionSpec(
                    service, store, "http", "live", "http://service.test", services[service].settings()
                )
            )
        await floor.publish(
            Publication((StoreSpec(MINE), StoreSpec(THEIRS)), tuple(connections), tuple(flows))
        )
        for store in (MINE, THEIRS):
            services[f"{store}-service"].lose_next_answer("/event")
            body = f'{{"id": "{store}-1", "name": "#{store}-1"}}'.encode()
            await floor.deliver(f"{store}-hooks", senders[f"{store}-hooks"].sign(body))
            await floor.settle()
            await order_of(floor, store)
            async with floor.hub.database.connection() as connection:
                await note(connection, "ada", "store looked at", {}, floor.now, store)
            await floor.rows(
                """insert into silences (id, store_id, kind, about, title, since, found_at, orders)
                   values (gen_random_uuid(), $1, 'webhooks', $2, $3, $4, $4, '[]') returning id""",
                store, f"{store}-hooks", f"{store} is silent", floor.now,
            )  # fmt: skip
            await charge_of(floor, store)
        yield floor


async def charge_of(floor: Floor, store: str) -> None:
    """A charge for what was never bought."""
    (row,) = await floor.rows(
        """insert into invoices (id, store_id, supplier, number, currency, digest, received_at)
           values (gen_random_uuid(), $1, $2, 'R-1', 'USD', '', $3) returning id""",
        store, f"{store}-service", floor.now,
    )  # fmt: skip
    await floor.rows(
        """insert into invoice_lines (id, store_id, invoice_id, position, reference, supplier_reference, sku, articles,
             shipping, fees, received_at)
           values (gen_random_uuid(), $1, $2, 1, $1, '', '', 5, 0, 0, $3) returning id""",
        store, row["id"], floor.now,
    )  # fmt: skip


async def order_of(floor: Floor, store: str) -> None:
    """An order that is about the store's run and case."""
    (row,) = await floor.rows(
        """insert into orders (id, store_id, source, channel_id, number, is_address_good, created_at, recorded_at)
           values (gen_random_uuid(), $1, $2, $1, $3, false, $4, $4) returning id""",
        store, f"{store}-hooks", f"#{store}-1", floor.now,
    )  # fmt: skip
    await floor.rows("update runs set order_id = $1 where store_id = $2 returning id", row["id"], store)
    await floor.rows("update cases set order_id = $1 where store_id = $2 returning id", row["id"], store)


@pytest.fixture
async def door(town: Floor) -> AsyncIterator[FastAPI]:
    app = create_app(town.hub)
    async with app.router.lifespan_context(app):
        yield app


async def caller(town: Floor, door: FastAPI, role: Role, stores: list[str] | None) -> httpx.AsyncClient:
    async with town.hub.database.connection() as connection:
        key = await add_key(connection, "nosy", role, town.now, stores)
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(door),
        base_url="https://hub.example",
        headers={"authorization": f"Bearer {key}"},
    )


async def ids_of(town: Floor, store: str) -> dict[str, list[str]]:
    """Everything of a store that can stand in an address."""
    tables = ("cases", "runs", "orders", "effects")
    rows = [r for t in tables for r in await town.rows(f"select id from {t} where store_id = $1", store)]
    return {
        "id": [f"{store}-hooks", f"{store}-service", *(str(r["id"]) for r in rows)],
        "number": [f"{store}-1"],
        "name": [f"{store}-tell"],
        "store": [store],
        "item": ["carrier"],
    }


QUERIES = {"/flows/{name}/diff": "?before=1&after=1"}
"""What must be asked for besides."""
EMPTY_HERE = {"/trackings/missing", "/orders/{number}/messages", "/suppliers", "/clocks", "/clocks/summary"}
"""What neither store has anything of here; that they look at the caller's stores is proved by their own tests."""
NAMES = {"/reports/{name}": "failure-points"}
"""What stands in place of the name where it is not a flow's: the same in every store."""


def addresses(path: str, ids: dict[str, list[str]]) -> list[str]:
    """The path with every id of its kind filled in."""
    if path in NAMES:
        return [path.format(name=NAMES[path])]
    names = re.findall(r"\{(\w+)\}", path)
    found = [path]
    for name in names:
        found = [at.replace(f"{{{name}}}", id) for at in found for id in ids[name]]
    return found


def about_stores(door: FastAPI) -> list[tuple[str, str]]:
    left_out = OPEN | NOT_ABOUT_STORES | WHOLE_HUB
    return sorted((m, p) for m, p in routes(door) if p not in left_out and m != "HEAD")


async def seen(
    town: Floor, client: httpx.AsyncClient, method: str, path: str, store: str
) -> list[httpx.Response]:
    """The answers of one route to everything of a store, each asked with and without the store's name."""
    asked = [*addresses(path, await ids_of(town, store))]
    if method == "GET":
        asked = [at + QUERIES.get(path, "?") for at in asked]
        asked += [f"{at}&store={store}" for at in asked]
    return [await client.request(method, at, json=BODIES.get(path)) for at in asked]


async def test_no_route_shows_or_does_anything_of_another_store(town: Floor, door: FastAPI) -> None:
    marks = [THEIRS, *(id for ids in (await ids_of(town, THEIRS)).values() for id in ids if id != "carrier")]
    before = await traces(town)
    told: dict[str, list[int]] = {}
    async with await caller(town, door, "admin", [MINE]) as nosy:
        for method, path in about_stores(door):
            answers = await seen(town, nosy, method, path, THEIRS)
            told[f"{method} {path}"] = [a.status_code for a in answers]
            for answer in answers:
                body = answer.text
                assert not [mark for mark in marks if mark in body], (method, str(answer.url), body)
                is_theirs = "{" in path and path not in NAMES
                assert answer.status_code in ((404, 422) if is_theirs else (200, 404, 422)), (
                    method,
                    str(answer.url),
                )

    assert len(told) >= 15
    # Every route was reached: none was declined for a mistake in what the test sends.
    assert {at: s for at, s in told.items() if not {200, 404} & set(s)} == {}
    assert await traces(town) == before


async def test_the_same_walk_by_somebody_who_may_see_both_stores_finds_them(
    town: Floor, door: FastAPI
) -> None:
    blind = []
    async with await caller(town, door, "admin", None) as boss:
        for path in sorted({p for m, p in about_stores(door) if m == "GET"} - EMPTY_HERE):
            answers = await seen(town, boss, "GET", path, THEIRS)
            # What is named in the address need not be named in the answer.
            if not any(a.status_code == 200 and ("{" in path or THEIRS in a.text) for a in answers):
                blind.append(path)

    assert blind == []


async def test_whoever_may_see_one_store_sees_all_of_it(town: Floor, door: FastAPI) -> None:
    async with await caller(town, door, "viewer", [MINE]) as mine:
        runs = (await mine.get("/runs")).json()["items"]
        cases = (await mine.get("/cases", params={"store": MINE})).json()["items"]
        orders = (await mine.get("/orders")).json()["items"]
        connections = (await mine.get("/connections")).json()

    assert [r["store"] for r in runs] == [MINE] and [c["store"] for c in cases] == [MINE]
    assert [o["number"] for o in orders] == ["#main-1"]
    assert [c["id"] for c in connections] == ["main-hooks", "main-service"]


async def test_figures_of_the_whole_hub_are_for_those_who_may_see_it(town: Floor, door: FastAPI) -> None:
    async with (
        await caller(town, door, "admin", [MINE]) as mine,
        await caller(town, door, "viewer", None) as boss,
    ):
        assert [(await mine.get(path)).status_code for path in sorted(WHOLE_HUB)] == [403] * len(WHOLE_HUB)
        assert [(await boss.get(path)).status_code for path in sorted(WHOLE_HUB)] == [200] * len(WHOLE_HUB)


async def test_of_many_cases_at_once_those_of_another_store_are_none(town: Floor, door: FastAPI) -> None:
    before = await traces(town)
    ids = [str(r["id"]) for r in await town.rows("select id from cases order by store_id")]
    wanted = {"choice": "give-up", "cases": [{"id": id, "version": 1} for id in ids]}
    async with await caller(town, door, "ops", [MINE]) as nosy:
        told = (await nosy.post("/cases/resolutions", json=wanted)).json()

    assert [o["outcome"] for o in told["outcomes"]] == ["resolved", "no-such-case"]
    assert (await traces(town))[0] == before[0]


async def traces(town: Floor) -> tuple[list[Any], list[Any], list[Any]]:
    """What would be different had anything been done to store B."""
    cases: list[tuple[UUID, str, int, str]] = [
        (r["id"], r["state"], r["version"], r["owner"])
        for r in await town.rows("select * from cases where store_id = $1 order by id", THEIRS)
    ]
    connections = [
        (r["id"], r["paused_at"]) for r in await town.rows("select * from connections order by id")
    ]
    audit = [r["what"] for r in await town.rows("select what from audit order by id")]
    versions = [r["id"] for r in await town.rows("select id from flow_versions order by id")]
    return cases, connections, [*audit, *versions]
