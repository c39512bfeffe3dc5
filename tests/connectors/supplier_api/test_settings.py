"""One connector for many suppliers: credentials, field names and signatures as each of them wants it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.supplier_api.settings import SupplierSettings
from hub.sdk import Answer, NotDone, Refused, Unauthorised, Unreadable, Unverified
from hub.sdk.commerce import StockQuestion
from tests.connectors.supplier_api.desk import ORDER, Desk

ACCEPTED = b'{"status": "accepted"}'


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [
        ({"type": "api-key", "key": "k-1", "header": "x-acme-key"}, "x-acme-key", "k-1"),
        ({"type": "bearer", "token": "t-1"}, "authorization", "Bearer t-1"),
        ({"type": "basic", "user": "u", "password": "p"}, "authorization", "Basic dTpw"),
    ],
)
async def test_the_credential_goes_where_the_supplier_wants_it(
    auth: dict[str, str], header: str, value: str
) -> None:
    desk = Desk(auth=auth)

    await desk.hear(200, ACCEPTED)

    assert desk.wire.sent[0].headers[header] == value


async def test_a_query_key_is_part_of_the_address() -> None:
    desk = Desk(auth={"type": "query-key", "key": "k 1", "parameter": "token"})

    await desk.hear(200, ACCEPTED)

    assert desk.wire.sent[0].url == "https://supplier.example/purchase-orders?token=k+1"


class Tokens:
    """A supplier that gives a new token each time it is asked, good for five minutes."""

    def __init__(self, desk: Desk) -> None:
        self.given = 0
        desk.wire.send = self.send  # type: ignore[method-assign]  # it stands where the wire stood
        self.seen: list[str] = []

    async def send(self, method: str, url: str, headers: Any, body: bytes | None, timeout: float) -> Answer:
        if url.endswith("/oauth/token"):
            self.given += 1
            return Answer(
                200, {}, json.dumps({"access_token": f"t-{self.given}", "expires_in": 300}).encode()
            )
        self.seen.append(headers["authorization"])
        return Answer(200, {}, ACCEPTED)


async def test_an_oauth_token_is_used_until_a_minute_before_it_expires() -> None:
    desk = Desk(auth={"type": "client-credentials", "client_id": "c", "client_secret": "s"})
    tokens = Tokens(desk)
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    for minutes in (0, 3, 5):
        desk.warehouse.now = lambda minutes=minutes: now + timedelta(minutes=minutes)  # type: ignore[misc]
        await desk.buy()

    assert tokens.seen == ["Bearer t-1", "Bearer t-1", "Bearer t-2"]


@pytest.mark.parametrize(
    ("status", "raised"), [(500, NotDone), (200, NotDone), (400, Unauthorised), (401, Unauthorised)]
)
async def test_without_a_token_nothing_was_bought_and_nothing_is_in_doubt(
    status: int, raised: type[Exception]
) -> None:
    desk = Desk(auth={"type": "client-credentials", "client_id": "c", "client_secret": "s"})

    with pytest.raises(raised):
        await desk.hear(status, b"<html>")


async def test_an_order_is_written_and_read_in_the_suppliers_own_names() -> None:
    desk = Desk(
        endpoints={
            "create": {"method": "PUT", "path": "/v3/orders"},
            "find": {"path": "/v3/orders?ref={reference}"},
        },
        fields={
            "order": {
                "reference": "order.ref",
                "ship_to": "order.delivery",
                "lines": "order.items",
                "order_number": "",
            },
            "line": {"supplier_sku": "product.code", "quantity": "qty"},
            "address": {"line1": "street", "postcode": "zip"},
            "answer": {"found": "orders.0", "id": "no", "status": "state.name", "reference": "ref"},
            "fixed": {"channel": "faros"},
        },
        statuses={"OPEN": "accepted", "GONE": "shipped"},
    )

    bought = await desk.hear(200, b'{"no": 77, "state": {"name": "OPEN"}}')
    desk.wire.without_acting = Answer(200, {}, b'{"orders": []}')
    nothing = await desk.supplier.find_purchase_order(ORDER, desk.call())
    desk.wire.without_acting = Answer(200, {}, b'{"orders": [{"no": 77, "state": {"name": "GONE"}}]}')
    found = await desk.supplier.find_purchase_order(ORDER, desk.call())
    desk.wire.without_acting = Answer(200, {}, b'{"result": "none"}')
    with pytest.raises(Unreadable):
        await desk.supplier.find_purchase_order(ORDER, desk.call())

    sent = json.loads(desk.wire.sent[0].body or b"")
    assert sent["channel"] == "faros"
    assert sent["order"]["ref"] == ORDER.reference
    assert sent["order"]["delivery"]["street"] == "1 Example Street"
    assert sent["order"]["items"][0]["product"] == {"code": "MUG-11"}
    assert "order_number" not in sent
    assert (bought.status, bought.supplier_reference) == ("accepted", "77")
    assert nothing is None
    assert found is not None and found.status == "shipped"
    assert "ref=main%3A1001%3Awarehouse%3A1" in desk.wire.sent[1].url


async def test_stock_may_be_asked_article_by_article() -> None:
    desk = Desk(
        endpoints={"stock": {"path": "/items/{sku}"}},
        fields={"stock": {"items": "", "available": "on_hand", "sku": "code"}},
    )
    answers = {"A": Answer(200, {}, b'{"code": "A", "on_hand": 2.9}'), "B": Answer(404, {}, b"")}

    async def send(method: str, url: str, headers: Any, body: bytes | None, timeout: float) -> Answer:
        return answers[url[-1]]

    desk.wire.send = send  # type: ignore[method-assign]  # it stands where the wire stood
    stock = await desk.supplier.get_stock(StockQuestion(skus=["A", "B"]), desk.call())

    assert [(level.sku, level.available) for level in stock.levels] == [("A", 2)]


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"auth": {"type": "bearer", "token": ""}},
        {"auth": {"type": "bearer", "token": "t"}, "effect": "checkable", "endpoints": {"find": None}},
        {"auth": {"type": "bearer", "token": "t"}, "effect": "idempotent"},
        {"auth": {"type": "bearer", "token": "t"}, "effect": "keyed", "key_header": "",
         "fields": {"order": {"reference": ""}}},
        {"auth": {"type": "bearer", "token": "t"}, "colour": "red"},
    ],
)  # fmt: skip
def test_settings_that_could_not_be_kept_are_rejected(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SupplierSettings.model_validate(wrong)


def test_a_length_of_time_is_written_as_people_say_it() -> None:
    settings = SupplierSettings.model_validate(
        {"auth": {"type": "bearer", "token": "t"}, "effect": {"kind": "keyed", "keyed_for": "7 days"}}
    )

    assert settings.effect.keyed_for == timedelta(days=7)


@pytest.mark.parametrize("scheme", ["hmac-sha256-hex", "hmac-sha256-base64"])
@pytest.mark.parametrize("timestamp_header", ["", "x-timestamp"])
async def test_a_delivery_is_proved_by_the_suppliers_own_scheme_and_either_secret(
    scheme: str, timestamp_header: str
) -> None:
    signature = {"scheme": scheme, "header": "x-sig", "prefix": "v1=", "timestamp_header": timestamp_header}
    desk = Desk(webhooks={"secrets": ["new", "old"], "signature": signature})
    inbox = desk.settings.webhooks
    assert inbox is not None
    body, long_ago = b'{"reference": "r"}', "1000000000"
    for secret in inbox.secrets:
        signed = inbox.signature.of(secret, body, long_ago)
        delivery = desk.warehouse.sign(body, headers={"x-sig": signed, "x-timestamp": long_ago})
        desk.supplier.verify(delivery)

    signed = inbox.signature.of(inbox.secrets[0], body, long_ago)
    forged = desk.warehouse.sign(body, headers={"x-sig": signed, "x-timestamp": "1000000001"})
    if timestamp_header:
        with pytest.raises(Unverified):
            desk.supplier.verify(forged)
    with pytest.raises(Unverified):
        desk.supplier.verify(desk.warehouse.sign(body, headers={"x-sig": "v1=nonsense-ü"}))


def test_a_supplier_without_a_secret_takes_no_deliveries() -> None:
    desk = Desk(webhooks=None)

    with pytest.raises(Unverified):
        desk.supplier.verify(desk.warehouse.sign(b"{}"))


async def test_a_refusal_may_not_be_put_in_doubt_by_a_strange_body() -> None:
    with pytest.raises(Refused):
        await Desk().hear(422, b'{"code": {"deep": 1}}')
