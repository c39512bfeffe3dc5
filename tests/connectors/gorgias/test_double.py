"""The double refuses what Gorgias refuses, and can be asked by people and other processes."""

from typing import Any

import pytest

from hub.sdk.messages import TicketRef
from tests.connectors.gorgias.desk import Desk

MESSAGE: dict[str, Any] = {
    "channel": "internal-note",
    "via": "api",
    "from_agent": True,
    "public": False,
    "sender": {"email": "agent@brand.example"},
    "body_text": "Hello.",
}


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in MESSAGE.items() if key != name}


@pytest.mark.parametrize(
    ("ticket", "field"),
    [
        ({}, "messages"),
        ({"messages": []}, "messages"),
        ({"messages": [without("sender")]}, "messages"),
        ({"messages": [without("via")]}, "messages"),
        ({"messages": [without("from_agent")]}, "messages"),
        ({"messages": [MESSAGE | {"from_agent": "yes"}]}, "messages"),
        ({"messages": [MESSAGE | {"channel": "pigeon"}]}, "messages"),
        ({"messages": [MESSAGE | {"via": "shopify"}]}, "messages"),
        ({"messages": [MESSAGE], "status": "parked"}, "status"),
        ({"messages": [MESSAGE], "priority": "urgent"}, "priority"),
        ({"messages": [MESSAGE], "external_id": "x" * 256}, "external_id"),
        ({"messages": [MESSAGE], "tags": ["vip"]}, "tags"),
        ({"messages": [MESSAGE], "customer": {"name": "Ada"}}, "customer"),
        ({"messages": [MESSAGE], "colour": "red"}, "colour"),
        ([], "_schema"),
    ],
)
async def test_what_is_no_ticket_is_refused_with_the_name_of_the_field(ticket: Any, field: str) -> None:
    desk = Desk()
    await desk.gorgias.probe(desk.call())

    answer = await desk.http().post("/api/tickets", json=ticket, headers=desk.headers())

    assert answer.status_code == 400
    assert field in answer.json()["error"]["data"]
    assert desk.sandbox.changes == 0


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", "/api/tickets/1", {"status": "parked"}, 400),
        ("PUT", "/api/tickets/404", {"status": "closed"}, 404),
        ("POST", "/api/tickets/1/tags", {"tags": ["vip"]}, 400),
        ("POST", "/api/tickets/1/messages", {"channel": "email"}, 400),
        ("GET", "/api/tickets?limit=101", None, 400),
        ("GET", "/api/tickets?page=2", None, 400),
        ("GET", "/api/tickets/404/messages", None, 404),
    ],
)
async def test_nonsense_is_refused(method: str, path: str, body: Any, status: int) -> None:
    desk = Desk()
    await desk.gorgias.probe(desk.call())

    answer = await desk.http().request(method, path, json=body, headers=desk.headers())

    assert answer.status_code == status
    assert desk.sandbox.changes == 0


async def test_what_is_not_json_is_refused() -> None:
    desk = Desk()
    await desk.gorgias.probe(desk.call())

    unnamed = await desk.http().post("/api/tickets", content=b"{}", headers=desk.headers())
    broken = await desk.http().post(
        "/api/tickets", content=b"{", headers={**desk.headers(), "content-type": "application/json"}
    )

    assert (unnamed.status_code, broken.status_code) == (400, 400)


async def test_another_process_sees_the_tickets_and_can_play_a_customer() -> None:
    desk = Desk()
    ticket = await desk.open()
    await desk.gorgias.close_ticket(TicketRef(id=ticket.id), desk.call())

    wrote = (
        await desk.http().post("/_sandbox/tickets", json={"email": "bo@example.com", "subject": "Hi"})
    ).json()
    seen = (await desk.http().get("/_sandbox/tickets")).json()
    state = (await desk.http().get("/_sandbox/state")).json()

    assert [t["status"] for t in seen] == ["open", "closed", "open"]
    assert seen[1]["messages"][0]["body_text"].startswith("Order 8492.")
    assert '"ticket_id":"3"' in wrote["body"]
    assert state == {"tickets": {"open": 2, "closed": 1}, "messages": 3, "tags": 2, "mails": 0}
