"""Health and figures: a hub that is well says so, and one that is stuck cannot hide it."""

import httpx
import pytest

from connectors.http.sandbox import EchoSandbox
from connectors.webhook.sandbox import SenderSandbox
from tests.api.conftest import order
from tests.api.test_webhooks import close_database, open_database
from tests.floor import Floor


async def test_a_hub_at_work_is_well(
    floor: Floor, sender: SenderSandbox, service: EchoSandbox, stranger: httpx.AsyncClient
) -> None:
    service.lose_next_answer("/event")
    await order(floor, sender, 1)
    await order(floor, sender, 2)

    answer = await stranger.get("/health")

    shown = answer.json()
    assert (answer.status_code, shown["stuck_runs"], shown["workers"], shown["database"]) == (200, 0, 1, True)
    assert shown["publication"] == shown["serving"] == 1


@pytest.mark.parametrize("loss", ["case", "due moment"])
async def test_a_run_that_nothing_will_ever_move_is_reported(
    floor: Floor, sender: SenderSandbox, service: EchoSandbox, stranger: httpx.AsyncClient, loss: str
) -> None:
    service.lose_next_answer("/event")
    await order(floor, sender, 1007)
    assert (await stranger.get("/health")).status_code == 200

    if loss == "case":
        await floor.rows("update cases set state = 'resolved' returning id")
    else:
        await floor.rows(
            "update tokens set state = 'ready', case_id = null, effect_id = null, due_at = null returning id"
        )
        await floor.rows("update runs set due_at = null returning id")

    answer = await stranger.get("/health")
    assert (answer.status_code, answer.json()["status"], answer.json()["stuck_runs"]) == (503, "failing", 1)


async def test_a_run_in_a_living_workers_hands_is_not_stuck(
    floor: Floor, sender: SenderSandbox, service: EchoSandbox, stranger: httpx.AsyncClient
) -> None:
    service.lose_next_answer("/event")
    await order(floor, sender, 1007)
    await floor.rows("update cases set state = 'resolved' returning id")

    await floor.rows("update runs set lease_owner = 'worker-1' returning id")
    assert (await stranger.get("/health")).json()["stuck_runs"] == 0

    await floor.rows("update workers set alive_until = now() - interval '1 second' returning id")
    assert (await stranger.get("/health")).json()["stuck_runs"] == 1


async def test_without_workers_the_hub_fails_but_its_door_is_open(
    floor: Floor, stranger: httpx.AsyncClient
) -> None:
    await floor.rows("delete from workers returning id")

    answer = await stranger.get("/health")
    assert (answer.status_code, answer.json()["workers"]) == (503, 0)
    assert (await stranger.get("/health/door")).status_code == 200


async def test_without_its_database_the_hub_fails_and_says_no_more(
    floor: Floor, stranger: httpx.AsyncClient, viewer: httpx.AsyncClient, database_url: str
) -> None:
    await close_database(database_url)

    whole, door, runs = [
        await c.get(p) for c, p in ((stranger, "/health"), (stranger, "/health/door"), (viewer, "/runs"))
    ]

    assert (whole.status_code, whole.json()["database"]) == (503, False)
    assert (door.status_code, door.json()) == (503, {"is_open": False})
    assert (runs.status_code, runs.json()["type"]) == (503, "urn:faros:database-away")
    await open_database(database_url)
    assert (await viewer.get("/runs")).status_code == 200


async def test_a_connection_that_lacks_its_secret_degrades_the_hub(
    floor: Floor, stranger: httpx.AsyncClient
) -> None:
    floor.hub.source.broken["late"] = "The environment variable X is not set."

    shown = await stranger.get("/health")
    assert (shown.status_code, shown.json()["status"], shown.json()["broken_connections"]) == (
        200,
        "degraded",
        1,
    )
    assert b"variable X" not in shown.content


async def test_the_figures_tell_how_the_work_stands(
    floor: Floor, sender: SenderSandbox, service: EchoSandbox, viewer: httpx.AsyncClient
) -> None:
    service.lose_next_answer("/event")
    await order(floor, sender, 1)
    await order(floor, sender, 2)
    await floor.deliver("hooks", sender.sign(b'{"id": 3}'))
    await floor.rows(
        "update deliveries set received_at = received_at - interval '90 s' where state = 'new' returning id"
    )
    body = b'{"id": 4}'
    await viewer.post("/webhooks/hooks", content=body, headers=dict(sender.sign(body).headers))

    lines = (await viewer.get("/metrics")).text.splitlines()

    for line in (
        'faros_deliveries{state="new"} 2.0',
        'faros_runs{state="open"} 1.0',
        'faros_runs{state="ended"} 1.0',
        'faros_effects{state="confirmed"} 1.0',
        'faros_effects{state="in-doubt"} 1.0',
        'faros_open_cases{kind="effect-in-doubt"} 1.0',
        "faros_oldest_unread_delivery_seconds 90.0",
        "faros_workers 1.0",
        "faros_stuck_runs 0.0",
        'faros_webhook_seconds_count{status="202"} 1.0',
    ):
        assert line in lines
