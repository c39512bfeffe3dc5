"""What the pages show of promises, suppliers, connections and flows, and how they learn that something changed."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from connectors.http.sandbox import EchoSandbox
from connectors.webhook.sandbox import SenderSandbox
from hub.store.configuration import ConnectionSpec
from hub.store.keys import add_key
from tests.acceptance.brand import Brand
from tests.api.conftest import TELL, order
from tests.api.test_trackings import bought
from tests.bench.crowd import seed
from tests.floor import MONDAY, Floor, flow, shop


@pytest.fixture
async def crowd(floor: Floor) -> Floor:
    async with floor.hub.database.connection() as connection:
        await seed(connection, 2_000, MONDAY)
    return floor


async def got(client: httpx.AsyncClient, path: str, **asked: Any) -> Any:
    answer = await client.get(path, params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_promises_are_counted_and_listed_by_when_they_are_due(
    crowd: Floor, viewer: httpx.AsyncClient
) -> None:
    summary = await got(viewer, "/clocks/summary", store="main")
    running = (await got(viewer, "/clocks", limit=200, store="main"))["items"]
    late = (await got(viewer, "/clocks", state="late"))["items"]

    assert summary["running"] == len(running) > 0
    assert [c["due_at"] for c in running] == sorted(c["due_at"] for c in running)
    assert {c["store"] for c in running} == {"main"}
    # Late once is not late now: only those count whose run goes on.
    rows = await crowd.rows(
        "select 1 from clocks c join runs r on r.id = c.run_id where c.state = 'late' and r.ended_at is null"
    )
    assert len(late) == len(rows) < len(await crowd.rows("select 1 from clocks where state = 'late'"))
    until = MONDAY + timedelta(hours=48)
    soon = (await got(viewer, "/clocks", limit=200, store="main", due_before=until.isoformat()))["items"]
    assert 0 < len(soon) < len(running) and all(c["due_at"] < until.isoformat() for c in soon)


async def test_a_page_learns_that_something_changed_and_that_nothing_did(
    floor: Floor, sender: SenderSandbox, viewer: httpx.AsyncClient, ops: httpx.AsyncClient
) -> None:
    first = await viewer.get("/changes")
    same = await viewer.get("/changes", headers={"if-none-match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")

    await order(floor, sender, 1007)
    moved = await viewer.get("/changes", headers={"if-none-match": first.headers["etag"]})
    assert moved.status_code == 200 and moved.json()["mark"] != first.json()["mark"]
    await ops.post("/connections/service/pause", json={"why": "Their stocktaking"})
    acted = await viewer.get("/changes", headers={"if-none-match": moved.headers["etag"]})
    assert acted.status_code == 200


async def test_the_audit_trail_is_for_admins_and_says_who_did_what(
    floor: Floor, ops: httpx.AsyncClient, admin: httpx.AsyncClient
) -> None:
    for why in ("one", "two", "three"):
        await ops.post("/connections/service/pause", json={"why": why})
    assert (await ops.get("/audit")).status_code == 403
    first = await got(admin, "/audit", limit=2)
    rest = await got(admin, "/audit", limit=2, before=first["next"])

    acts = [*first["items"], *rest["items"]]
    assert [(a["by"], a["what"], a["store"]) for a in acts] == [("the ops", "connection paused", "main")] * 3
    assert rest["next"] is None


async def test_a_connection_says_how_it_stands(
    floor: Floor, sender: SenderSandbox, viewer: httpx.AsyncClient, ops: httpx.AsyncClient
) -> None:
    await order(floor, sender, 1007)
    await ops.post("/connections/service/pause", json={"why": "Their stocktaking"})
    hooks, service = await got(viewer, "/connections")
    assert (hooks["health"], service["health"]) == ("ok", "paused")
    assert hooks["last_delivery_at"] is not None and hooks["unread_deliveries"] == 0
    assert service["budget"] is None

    earlier = floor.now - timedelta(minutes=6)
    await floor.rows("update deliveries set state = 'new', received_at = $1 returning id", earlier)
    await floor.rows(
        """insert into connection_budgets (connection_id, per_second, burst, in_flight, tokens, filled_at)
           values ('service', 2, 40, 4, 12, clock_timestamp()) returning 1"""
    )
    late, service = await got(viewer, "/connections")
    assert (service["budget"]["per_second"], service["budget"]["burst"]) == (2.0, 40.0)
    assert 12 <= service["budget"]["left"] <= 40
    assert (late["health"], late["unread_deliveries"], late["webhook_lag_seconds"]) == ("late", 1, 360.0)


async def test_a_flow_is_a_map_with_its_runs_on_it(
    floor: Floor, sender: SenderSandbox, service: EchoSandbox, viewer: httpx.AsyncClient
) -> None:
    service.lose_next_answer("/event")
    await order(floor, sender, 1007)

    drawn = await got(viewer, "/flows/tell/graph")
    assert (drawn["start"], drawn["trigger"]) == ("tell", "hooks.received")
    assert [(n["id"], n["kind"], n["here"], n["held"]) for n in drawn["nodes"]] == [("tell", "act", 1, 1)]
    assert [(e["source"], e["target"], e["label"]) for e in drawn["edges"]] == [("tell", "end", "done")]
    (held,) = (await got(viewer, "/flows/tell/held"))["items"]
    assert (held["node"], held["subject"], held["version"]) == ("tell", "#1007", 1)


async def test_two_versions_are_compared_by_text_and_by_step(floor: Floor, viewer: httpx.AsyncClient) -> None:
    text = TELL.replace("Order ${event.body.id} came", "Here is ${event.body.id}")
    text += "  - step: over\n    stop: Told\n"
    specs = [_spec(row) for row in await floor.rows("select * from connections order by id")]
    bound = flow(floor.hub.catalog, text, {"hooks": ["hooks"], "service": ["service"]})
    await floor.publish(shop([bound], *specs))

    diff = await got(viewer, "/flows/tell/diff", before=1, after=2)
    assert (diff["added"], diff["removed"], diff["changed"]) == (["over"], [], ["tell"])
    changed = {(x["op"], x["text"].strip()) for x in diff["lines"] if x["op"] != " "}
    assert ("-", "text: Order ${event.body.id} came") in changed and ("+", "- step: over") in changed
    assert (await viewer.get("/flows/tell/diff", params={"before": 1, "after": 9})).status_code == 404


def _spec(row: Any) -> ConnectionSpec:
    return ConnectionSpec(
        row["id"], row["store_id"], row["connector"], row["mode"], row["base_url"], row["settings"]
    )


async def test_an_order_says_where_it_is_and_what_its_customer_was_told_without_their_own_links(
    brand: Brand,
    desk: httpx.AsyncClient,
) -> None:
    (name,) = await bought(brand, 1)
    await brand.pass_by(minutes=5)

    where = await got(desk, f"/orders/{name}/where")
    by_flow = {run["flow"]: run for run in where}
    assert by_flow["filter"]["is_over"] and by_flow["filter"]["passed"][0] == "read-order"
    assert [t["state"] for t in by_flow["watch"]["tokens"]] == ["waiting"]
    told = await got(desk, f"/orders/{name}/messages")
    assert told[0]["notice"] == "order-confirmed" and told[0]["messages"]
    text = "".join(m["text"] for t in told for m in t["messages"])
    tokens = [r["token_hash"] for r in await brand.floor.rows("select token_hash from links")]
    assert name in text and tokens and "(a link of the customer's own)" in text
    assert "/track/" not in text and "/t/" not in text


async def test_a_supplier_says_how_old_its_figures_are_and_what_is_open(
    brand: Brand,
    desk: httpx.AsyncClient,
) -> None:
    await bought(brand, 1)
    first = {s["supplier"]: s for s in await got(desk, "/suppliers")}
    (busy,) = [s for s in first.values() if s["open_purchases"]]
    assert busy["articles"] > 0 and busy["unacknowledged"] <= 1 and busy["last_purchase_at"]
    assert not busy["is_stale"] and busy["quarantine"] == []

    await brand.floor.rows(
        "update stock_levels set as_of = $1 returning 1", brand.floor.now - timedelta(days=2)
    )
    again = {s["supplier"]: s for s in await got(desk, "/suppliers", store="main")}
    assert again[busy["supplier"]]["is_stale"]
    async with brand.floor.hub.database.connection() as connection:
        key = await add_key(connection, "nosy", "admin", brand.floor.now, ["elsewhere"])
    nosy = {"authorization": f"Bearer {key}"}
    for path in ("/suppliers", "/clocks", "/trackings/missing"):
        found = (await desk.get(path, headers=nosy)).json()
        assert (found if isinstance(found, list) else found["items"]) == [], path
    assert (await desk.get("/orders/1001/messages", headers=nosy)).status_code == 404
