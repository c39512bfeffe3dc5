"""Buying from a supplier with an API: once, in its own words, and never on a guess."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors.supplier_api.connector import SupplierApi
from connectors.supplier_api.sandbox import example_order
from connectors.supplier_api.settings import Signed, SupplierSettings
from hub.sdk import Checkable, Keyed, NotDone, Refused, Unanswered, Unauthorised, Unreadable, Unsafe
from hub.sdk.commerce import StockQuestion
from tests.connectors.supplier_api.desk import ORDER, Desk


async def test_an_order_carries_its_reference_in_header_and_body() -> None:
    desk = Desk()

    bought = await desk.buy()

    sent = desk.wire.sent[0]
    assert sent.headers["idempotency-key"] == ORDER.reference
    assert json.loads(sent.body or b"")["reference"] == ORDER.reference
    assert (bought.status, bought.supplier_reference) == ("accepted", "S-000001")


async def test_a_lost_answer_does_not_buy_twice_from_a_supplier_that_knows_the_key() -> None:
    desk = Desk("keyed")
    desk.warehouse.lose_next_answer()
    with pytest.raises(Unanswered):
        await desk.buy()

    await desk.buy()

    assert desk.warehouse.bought() == {ORDER.reference: 1}


async def test_a_supplier_without_keys_really_buys_a_repeat_twice() -> None:
    desk = Desk("unsafe")

    await desk.buy()
    await desk.buy()

    assert desk.warehouse.unsettled()["bought_twice"] == [ORDER.reference]


async def test_the_warehouse_writes_an_order_down_before_it_answers(tmp_path: Path) -> None:
    desk = Desk()
    desk.warehouse.ledger = tmp_path / "orders.jsonl"
    desk.warehouse.lose_next_answer()

    with pytest.raises(Unanswered):
        await desk.buy()

    lines = desk.warehouse.ledger.read_text().splitlines()
    assert [json.loads(line)["reference"] for line in lines] == [ORDER.reference]


async def test_a_duplicate_that_can_be_looked_up_is_a_success() -> None:
    desk = Desk()
    desk.warehouse.refuses_repeats = True
    first = await desk.buy()

    assert await desk.buy() == first
    assert len(desk.warehouse.orders) == 1


async def test_a_duplicate_that_cannot_be_found_stays_in_doubt() -> None:
    with pytest.raises(Unanswered, match="does not find it"):
        desk = Desk()
        answers = iter([409, 404])
        desk.wire.instead = lambda answer: type(answer)(next(answers), {}, b"{}")
        await desk.buy()
    with pytest.raises(Unanswered, match="cannot be looked up"):
        await Desk("unsafe").hear(409)


async def test_an_order_that_was_rejected_meanwhile_is_not_found_as_bought() -> None:
    desk = Desk()
    desk.warehouse.refuses_repeats = True
    await desk.buy()
    desk.warehouse.orders[0]["status"] = "rejected"

    with pytest.raises(Refused, match="rejected"):
        await desk.supplier.find_purchase_order(ORDER, desk.call())
    with pytest.raises(Refused, match="rejected"):
        await desk.buy()


async def test_selling_out_is_a_refusal_and_leaves_the_shelf_as_it_was() -> None:
    desk = Desk()

    with pytest.raises(Refused) as refused:
        await desk.buy(example_order(quantity=1001))

    assert refused.value.code == "out-of-stock"
    assert desk.warehouse.stock["MUG-11"] == 1000


async def test_stock_runs_down_with_every_order() -> None:
    desk = Desk()

    await desk.buy()

    stock = await desk.supplier.get_stock(StockQuestion(skus=["MUG-11", "NO-SUCH"]), desk.call())
    assert [(level.sku, level.available) for level in stock.levels] == [("MUG-11", 998)]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"status": "rejected"}', "rejected"),
        (b'{"status": "rejected", "code": "out_of_stock"}', "out-of-stock"),
    ],
)
async def test_a_success_whose_body_says_rejected_is_a_rejection(body: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        await Desk().hear(200, body)

    assert refused.value.code == code


async def test_refusals_are_read_by_status_and_code_as_the_merchant_wrote_them() -> None:
    rules = [
        {"status": 410, "means": "out-of-stock"},
        {"status": 400, "code": "E7", "means": "address-invalid"},
    ]
    said = [
        (410, b"", "out-of-stock"),
        (400, b'{"code": "E7"}', "address-invalid"),
        (400, b"{}", "rejected"),
    ]
    for status, body, code in said:
        with pytest.raises(Refused) as refused:
            await Desk(refusals=rules).hear(status, body)
        assert refused.value.code == code


async def test_a_supplier_that_decides_later_has_only_received_the_order() -> None:
    desk = Desk()
    desk.warehouse.late_accept = True

    assert (await desk.buy()).status == "requested"
    assert (await Desk().hear(202)).status == "requested"


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
async def test_a_server_error_leaves_open_whether_it_was_bought(status: int) -> None:
    with pytest.raises(Unanswered):
        await Desk().hear(status)


async def test_a_supplier_that_asks_us_to_slow_down_says_for_how_long() -> None:
    desk = Desk()
    desk.warehouse.refuse("429")

    with pytest.raises(NotDone) as later:
        await desk.buy()

    assert later.value.retry_after == 2
    assert desk.warehouse.orders == []


@pytest.mark.parametrize("body", [b'{"status": "teleported"}', b"{}", b"<html>", b'{"status": {}}'])
async def test_an_answer_that_is_not_understood_is_in_doubt_and_not_guessed_at(body: bytes) -> None:
    with pytest.raises(Unreadable):
        await Desk().hear(200, body)


async def test_an_answer_about_another_order_is_not_taken_for_ours() -> None:
    with pytest.raises(Unreadable, match="another order"):
        await Desk().hear(200, b'{"reference": "other", "status": "accepted"}')


async def test_a_wrong_credential_pauses_the_connection() -> None:
    desk = Desk(auth={"type": "bearer", "token": "wrong"})

    with pytest.raises(Unauthorised):
        await desk.buy()


@pytest.mark.row("S1-037")
async def test_a_webhook_supplier_gets_a_signed_post_and_any_2xx_acknowledges_it() -> None:
    desk = Desk(
        "unsafe",
        endpoints={"create": {"method": "POST", "path": "/hooks/orders"}, "find": None},
        fields={"answer": {"status": ""}},
        sign_requests={"secret": "shared", "signature": {"header": "x-hub-signature", "prefix": "sha256="}},
    )

    acknowledged = await desk.hear(204)

    sent, signed = desk.wire.sent[0], desk.settings.sign_requests
    assert isinstance(signed, Signed)
    assert sent.url == "https://supplier.example/hooks/orders"
    assert sent.headers["x-hub-signature"] == signed.signature.of(signed.secret, sent.body or b"")
    assert json.loads(sent.body or b"")["lines"][0]["sku"] == "MUG-11"
    assert acknowledged.status == "requested"


async def test_an_api_supplier_is_bought_from_found_again_and_heard_shipping() -> None:
    desk = Desk()
    assert SupplierApi.level == 3

    await desk.buy()
    delivery = desk.warehouse.ship(ORDER.reference, "1Z999", "UPS")
    desk.supplier.verify(delivery)
    shipped = desk.supplier.purchase_order_changed(delivery)
    found = await desk.supplier.find_purchase_order(ORDER, desk.call())

    assert (shipped.reference, shipped.status) == (ORDER.reference, "shipped")
    assert [p.tracking_number for p in shipped.parcels] == ["1Z999"]
    assert found is not None and found.status == "shipped"


def test_the_kind_is_what_the_merchant_says_and_unsafe_when_nobody_does() -> None:
    silent = {"auth": {"type": "bearer", "token": "t"}}
    for effect, kind in ((None, Unsafe), ("keyed", Keyed), ("checkable", Checkable)):
        settings = SupplierSettings.model_validate(silent | ({"effect": effect} if effect else {}))
        supplier = SupplierApi(settings, Desk().supplier._client)
        assert isinstance(supplier.declared_effect({}), kind)
        assert isinstance(supplier.declared_effect({"effect": "unsafe"}), Unsafe)


WHERE: dict[str, Any] = {"reference": "r", "ship_to": {"line1": "1", "city": "c", "country": "US"}}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "malformed"),
        ({}, 422, "missing_field"),
        (WHERE, 422, "missing_field"),
        ({**WHERE, "lines": [{"sku": "MUG-11", "quantity": 0}]}, 422, "zero_quantity"),
        ({**WHERE, "lines": [{"sku": "NO-SUCH", "quantity": 1}]}, 422, "unknown_sku"),
    ],
)
async def test_the_warehouse_refuses_what_a_real_one_would(body: Any, status: int, code: str) -> None:
    desk = Desk()
    headers = {"authorization": "Bearer sandbox-token"}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    answer = await desk.supplier.http(desk.call()).post("/purchase-orders", content=content, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert desk.warehouse.orders == []


async def test_another_process_can_read_and_stock_the_warehouse() -> None:
    desk = Desk()
    await desk.buy()
    outside = httpx.AsyncClient(transport=httpx.ASGITransport(desk.warehouse), base_url="http://warehouse")

    orders = (await outside.get("/_sandbox/orders")).json()
    await outside.post("/_sandbox/behaviour", json={"stock": {"MUG-11": 1}})

    assert [order["reference"] for order in orders] == [ORDER.reference]
    assert desk.warehouse.stock["MUG-11"] == 1
