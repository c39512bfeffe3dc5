"""Asking a supplier to change an order: its yes is a yes, and anything less is not taken for one."""

import json
from typing import Any

import pytest

from hub.sdk import Answer, NotDone, PurchaseOrderChanged, Refused, Unanswered, Unreadable
from hub.sdk.amendments import Amendment, AmendmentRef, AmendPurchase
from hub.sdk.commerce import Address, PurchaseLine
from tests.connectors.supplier_api.desk import ORDER, Desk

HOME = Address(name="Ada", line1="2 Other St", city="New York", region="NY", postcode="10001", country="US")
THIS = AmendPurchase(reference=ORDER.reference, amendment=f"{ORDER.reference}~1", ship_to=HOME)


async def ask(desk: Desk, wanted: AmendPurchase = THIS) -> Amendment:
    found: Amendment = await desk.supplier.amend_purchase_order(wanted, desk.call(wanted.amendment))
    return found


async def look(desk: Desk) -> Amendment:
    asked = AmendmentRef(reference=THIS.reference, amendment=THIS.amendment)
    found: Amendment = await desk.supplier.get_amendment(asked, desk.call())
    return found


async def hear(status: int, said: dict[str, Any] | None, **settings: Any) -> Amendment:
    """What is made of this answer to the wish."""
    desk = Desk(**settings)
    desk.wire.without_acting = Answer(status, {}, json.dumps(said).encode() if said is not None else b"")
    return await ask(desk)


async def test_a_supplier_that_sends_it_elsewhere_says_so() -> None:
    desk = Desk()
    await desk.buy()

    assert (await ask(desk)).state == "amended"
    assert desk.wire.sent[-1].url.endswith("/purchase-orders/main%3A1001%3Awarehouse%3A1/amendments")
    (order,) = desk.warehouse.orders
    assert (order["ship_to"]["line1"], order["ship_to"]["name"]) == ("2 Other St", "Ada")


async def test_fewer_may_be_wanted_and_more_may_not() -> None:
    desk = Desk()
    await desk.buy()
    fewer = PurchaseLine(line_id="1", sku="MUG", supplier_sku="MUG-11", quantity=1)
    wanted = AmendPurchase(reference=THIS.reference, amendment="less", lines=[fewer])

    assert (await ask(desk, wanted)).state == "amended"
    assert [line["quantity"] for line in desk.warehouse.orders[0]["lines"]] == [1]
    more = wanted.model_copy(
        update={"amendment": "more", "lines": [fewer.model_copy(update={"quantity": 3})]}
    )
    with pytest.raises(Refused) as raised:
        await ask(desk, more)
    assert (raised.value.code, desk.warehouse.changes) == ("rejected", 2)


async def test_a_supplier_that_only_takes_the_wish_has_changed_nothing_until_it_says_so() -> None:
    desk = Desk()
    desk.warehouse.amends_at_once = False
    await desk.buy()

    first, before = await ask(desk), await look(desk)
    delivery = desk.warehouse.decide(THIS.amendment, "accepted")
    after = await look(desk)

    assert [first.state, before.state, after.state] == ["requested", "requested", "amended"]
    news = desk.supplier.purchase_order_changed(delivery)
    assert isinstance(news, PurchaseOrderChanged) and news.status == "accepted"
    assert (news.reference, news.amendment, news.amended) == (THIS.reference, THIS.amendment, "amended")


async def test_a_no_that_comes_later_is_no_yes_and_another_event() -> None:
    desk = Desk()
    desk.warehouse.amends_at_once = False
    await desk.buy()
    await ask(desk)

    yes = desk.supplier.purchase_order_changed(desk.warehouse.decide(THIS.amendment, "accepted"))
    no = desk.supplier.purchase_order_changed(
        desk.warehouse.decide(THIS.amendment, "refused", "It is packed.")
    )
    assert (no.amended, no.amended_because, no.key() == yes.key()) == ("refused", "It is packed.", False)
    assert (await look(desk)).state == "refused"


@pytest.mark.parametrize(
    ("status", "said"), [(202, None), (204, None), (200, {"ok": True}), (200, {"status": "accepted"})]
)
async def test_an_answer_that_is_no_clear_yes_means_that_it_was_told(status: int, said: Any) -> None:
    assert (await hear(status, said)).state == "requested"


@pytest.mark.parametrize(
    ("status", "said", "code"),
    [
        (200, {"amendment": {"id": THIS.amendment, "state": "refused", "reason": "Packed."}}, "rejected"),
        (409, {"code": "gone", "reason": "It is on the truck."}, "too-late"),
        (404, {}, "not-found"),
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


@pytest.mark.parametrize(
    "said",
    [
        {"amendment": {"id": THIS.amendment, "state": "maybe"}},
        {"amendment": {"state": "accepted"}},
        {"amendment": {"id": "another", "state": "accepted"}},
        {"reference": "main:1002:warehouse:1", "amendment": {"id": THIS.amendment, "state": "accepted"}},
    ],
)
async def test_a_word_nobody_has_mapped_and_another_wishs_answer_are_no_yes(said: Any) -> None:
    with pytest.raises(Unreadable):
        await hear(200, said)


async def test_a_supplier_that_asks_to_slow_down_has_done_nothing() -> None:
    with pytest.raises(NotDone):
        await hear(429, {})


async def test_a_supplier_without_such_an_address_refuses_and_hears_nothing() -> None:
    desk = Desk(endpoints={})

    with pytest.raises(Refused) as raised:
        await ask(desk)

    assert (raised.value.code, desk.warehouse.requests) == ("rejected", 0)
    with pytest.raises(Refused) as raised:
        await look(desk)
    assert (raised.value.code, desk.warehouse.requests) == ("cannot-say", 0)


async def test_a_supplier_in_its_own_words_is_asked_at_its_own_address() -> None:
    settings = {
        "endpoints": {"amend": {"method": "PUT", "path": "/v2/orders/{reference}/address"}},
        "fields": {"answer": {"amendment_state": "change", "amendment_id": "wish"}, "amend": {"id": "wish"}},
        "amendments": {"DONE": "amended", "QUEUED": "requested"},
    }

    assert (await hear(200, {"change": "DONE", "wish": THIS.amendment}, **settings)).state == "amended"
    assert (await hear(200, {"change": "QUEUED", "wish": THIS.amendment}, **settings)).state == "requested"


def test_a_wish_that_changes_nothing_is_none() -> None:
    with pytest.raises(ValueError, match="changes the address or the quantity"):
        AmendPurchase(reference="1001-1-abc", amendment="1001-1-abc~1")
