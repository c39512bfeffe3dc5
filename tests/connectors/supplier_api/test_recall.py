"""Asking a supplier to stop an order: its yes is a yes, and anything less is not taken for one."""

import json
from typing import Any

import pytest

from hub.sdk import Answer, NotDone, Refused, Unanswered, Unreadable
from hub.sdk.commerce import PurchaseOrderRef, Recall
from tests.connectors.supplier_api.desk import ORDER, Desk

THIS = PurchaseOrderRef(reference=ORDER.reference)


async def ask(desk: Desk) -> Recall:
    found: Recall = await desk.supplier.cancel_purchase_order(THIS, desk.call())
    return found


async def hear(status: int, said: dict[str, Any] | None, **settings: Any) -> Recall:
    """What is made of this answer to the question."""
    desk = Desk(**settings)
    desk.wire.without_acting = Answer(status, {}, json.dumps(said).encode() if said is not None else b"")
    return await ask(desk)


async def test_a_supplier_that_stops_it_says_so() -> None:
    desk = Desk()
    await desk.buy()

    assert (await ask(desk)).state == "cancelled"
    assert desk.wire.sent[-1].url.endswith("/purchase-orders/main%3A1001%3Awarehouse%3A1/cancel")
    assert desk.warehouse.unsettled()["to_stop"] == [ORDER.reference]


async def test_a_supplier_that_only_takes_the_wish_has_not_stopped_it() -> None:
    desk = Desk()
    desk.warehouse.stops_at_once = False
    await desk.buy()

    first, again = await ask(desk), await ask(desk)
    desk.warehouse.say(ORDER.reference, "cancelled")
    last = await ask(desk)

    assert [first.state, again.state, last.state] == ["requested", "requested", "cancelled"]
    assert desk.warehouse.changes == 2, "bought once, and asked to stop it once"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (202, None),
        (204, None),
        (200, {"ok": True}),
        (200, {"status": "accepted"}),
        (200, {"status": "in_production"}),
    ],
)
async def test_an_answer_that_is_no_clear_yes_means_that_it_was_told(status: int, said: Any) -> None:
    assert (await hear(status, said)).state == "requested"


@pytest.mark.parametrize("word", ["cancelled", "rejected"])
async def test_what_the_supplier_does_not_send_is_stopped(word: str) -> None:
    assert (await hear(200, {"status": word})).state == "cancelled"


@pytest.mark.parametrize(
    ("status", "said", "code"),
    [
        (200, {"status": "shipped"}, "too-late"),
        (409, {"code": "gone", "reason": "It is on the truck."}, "too-late"),
        (404, {}, "not-found"),
        (410, {}, "not-found"),
        (400, {}, "rejected"),
        (422, {"reason": "We never do."}, "rejected"),
    ],
)
async def test_a_no_is_told_apart_from_a_too_late(status: int, said: Any, code: str) -> None:
    with pytest.raises(Refused) as raised:
        await hear(status, said)

    assert raised.value.code == code


@pytest.mark.parametrize("status", [408, 500, 503])
async def test_whether_it_was_told_is_not_known_without_an_answer(status: int) -> None:
    with pytest.raises(Unanswered):
        await hear(status, {})


async def test_a_word_nobody_has_mapped_and_another_orders_answer_are_no_yes() -> None:
    with pytest.raises(Unreadable):
        await hear(200, {"status": "stopping"})
    with pytest.raises(Unreadable):
        await hear(200, {"status": "cancelled", "reference": "main:1002:warehouse:1"})


async def test_a_supplier_that_asks_to_slow_down_is_asked_again() -> None:
    with pytest.raises(NotDone):
        await hear(429, {})


async def test_a_supplier_without_such_an_address_refuses_and_hears_nothing() -> None:
    desk = Desk(endpoints={"cancel": None})

    with pytest.raises(Refused) as raised:
        await ask(desk)

    assert (raised.value.code, desk.warehouse.requests) == ("rejected", 0)


async def test_a_supplier_in_its_own_words_is_asked_at_its_own_address() -> None:
    settings = {
        "endpoints": {"cancel": {"method": "DELETE", "path": "/v2/orders/{reference}"}},
        "fields": {"answer": {"status": "state"}},
        "statuses": {"VOID": "cancelled", "STOPPING": "requested"},
    }

    assert (await hear(200, {"state": "VOID"}, **settings)).state == "cancelled"
    assert (await hear(200, {"state": "STOPPING"}, **settings)).state == "requested"
