"""An order of the shop as the hub reads it, tags it, notes on it and finds it again."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from connectors.shopify import mapping
from connectors.shopify.connector import Shopify
from connectors.shopify.sandbox import ShopifySandbox
from connectors.shopify.wire import Assessment, Fact, RiskNode
from hub.sdk import NotDone, Refused, Unanswered, Unauthorised, Unreadable
from hub.sdk.commerce import AddNote, Address, ChangeAddress, Customer, Money, Order, OrderRef, TagOrder
from tests.connectors.shopify.conftest import NOW, MakeCall

SERUM = {"sku": "GLW-SERUM-30", "title": "Glow serum", "variant": "30 ml", "quantity": 2, "price": "24.00"}


async def read(shopify: Shopify, call: MakeCall, shop: ShopifySandbox, **fields: Any) -> Order:
    """What the hub reads of an order with these fields."""
    order = shop.add_order(**fields)
    return await shopify.get_order(OrderRef(id=str(order.id)), call())  # type: ignore[no-any-return]


async def test_an_order_is_read_whole(shopify: Shopify, shop: ShopifySandbox, call: MakeCall) -> None:
    order = await read(
        shopify,
        call,
        shop,
        id=9_007_199_254_740_993,
        name="#8492",
        email="ada@example.com",
        customer={"id": 7, "first_name": "Ada", "last_name": "Byron", "phone": "+12125550100"},
        shipping_address={"address2": "Apt 5B", "phone": "+12125550199"},
        lines=[SERUM | {"product_type": "Skin care", "properties": {"Engraving": "A.B."}}],
        tags=["vip"],
        note="Please ring twice.",
    )

    assert (order.id, order.number, order.channel) == ("9007199254740993", "8492", "shopify")
    assert (order.payment, order.total) == ("paid", Money(amount=Decimal("48.00"), currency="USD"))
    assert order.customer == Customer(
        id="7", first_name="Ada", last_name="Byron", email="ada@example.com", phone="+12125550100"
    )
    assert order.ship_to == Address(
        name="Ada Byron",
        line1="350 5th Ave",
        line2="Apt 5B",
        city="New York",
        region="NY",
        postcode="10118",
        country="US",
        phone="+12125550199",
    )
    [line] = order.lines
    assert (line.sku, line.variant, line.category, line.quantity) == ("GLW-SERUM-30", "30 ml", "Skin care", 2)
    assert line.unit_price == Money(amount=Decimal("24.00"), currency="USD")
    assert line.properties == {"Engraving": "A.B."}
    assert (order.tags, order.note, order.shipping_method) == (["vip"], "Please ring twice.", "Standard")
    assert (order.created_at, order.cancelled_at, order.is_test) == (NOW, None, False)


async def test_a_line_says_what_is_paid_for_what_is_left_of_it_without_tax(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    """In a shop whose prices hold the tax: three at 23.80, of which 3.80 is tax, and one was refunded."""
    three = SERUM | {"quantity": 3, "current_quantity": 2, "price": "23.80", "tax": "3.80"}
    [line] = (await read(shopify, call, shop, lines=[three])).lines

    assert line.unit_price == Money(amount=Decimal("23.80"), currency="USD")
    assert line.paid == Money(amount=Decimal("40.00"), currency="USD")


async def test_what_must_not_reach_a_supplier_can_be_told(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    refunded = SERUM | {"current_quantity": 0}
    shortened = SERUM | {"quantity": 5, "current_quantity": 1}
    card = {"sku": None, "title": "Gift card", "gift_card": True, "requires_shipping": False}
    order = await read(shopify, call, shop, lines=[refunded, shortened, card], test=True, cancelled_at=NOW)

    kept, gift = order.lines
    assert (kept.quantity, kept.needs_shipping, kept.is_gift_card) == (1, True, False)
    assert (gift.sku, gift.needs_shipping, gift.is_gift_card) == ("", False, True)
    assert (order.is_test, order.cancelled_at) == (True, NOW)


async def test_an_order_to_be_picked_up_goes_nowhere(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = await read(
        shopify, call, shop, shipping_address=None, shipping_method=None, customer=None, email=None
    )

    assert (order.ship_to, order.shipping_method, order.customer) == (None, "", Customer())


@pytest.mark.parametrize("lines", [50, 51, 150, 237])
async def test_an_order_of_many_lines_is_read_in_pages(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, lines: int
) -> None:
    order = await read(shopify, call, shop, lines=[{"sku": f"S-{n}"} for n in range(lines)])

    assert [line.sku for line in order.lines] == [f"S-{n}" for n in range(lines)]
    assert shop.requests == 1 + -(-max(lines - 50, 0) // 80)


async def test_an_order_that_changes_while_its_pages_are_read_is_read_again(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = shop.add_order(lines=[{"sku": f"S-{n}"} for n in range(60)])
    run = shopify.admin.run

    async def run_then_change(*arguments: Any, **options: Any) -> Any:
        answer = await run(*arguments, **options)
        shop.change_order(order.id, note="Changed.", updated_at=NOW + timedelta(seconds=shop.requests))
        return answer

    monkeypatch.setattr(shopify.admin, "run", run_then_change)

    with pytest.raises(NotDone, match="changed while it was being read"):
        await shopify.get_order(OrderRef(id=str(order.id)), call())


@pytest.mark.parametrize("order_id", ["1", "99999999999999999999", "#8492", "", "1 OR 1", "\uff11"])
async def test_an_order_the_shop_does_not_have_is_not_found(
    shopify: Shopify, call: MakeCall, order_id: str
) -> None:
    for action, wanted in (
        (shopify.get_order, OrderRef(id=order_id)),
        (shopify.get_fulfilment, OrderRef(id=order_id)),
        (shopify.add_tags, TagOrder(id=order_id, tags=["x"])),
        (shopify.add_note, AddNote(id=order_id, text="x")),
    ):
        with pytest.raises(Refused) as raised:
            await action(wanted, call())
        assert raised.value.code == "not-found"


@pytest.mark.parametrize(("wire", "ours"), mapping.PAYMENT.items())
async def test_every_payment_status_is_known(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, wire: str, ours: str
) -> None:
    assert (await read(shopify, call, shop, financial_status=wire)).payment == ours


async def test_a_word_nobody_knows_is_not_guessed_at(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    strange: list[dict[str, Any]] = [
        {"financial_status": "HALF_PAID"},
        {"recommendation": "ASK_A_FRIEND"},
        {"assessments": [{"level": "EXTREME"}]},
        {"assessments": [{"level": "LOW", "facts": [("MIXED", "Well.")]}]},
        {"shipping_address": {"country_code": None}},
    ]
    for fields in strange:
        with pytest.raises(Unreadable):
            await read(shopify, call, shop, **fields)


def risk(recommendation: str, *levels: str) -> tuple[str, str]:
    found = mapping.to_risk(
        RiskNode(recommendation=recommendation, assessments=[Assessment(risk_level=x) for x in levels])
    )
    assert found.score is None
    return found.advice, found.level


def test_the_gravest_assessment_counts_and_one_still_to_come_is_waited_for() -> None:
    assert risk("ACCEPT", "LOW") == ("accept", "low")
    assert risk("NONE") == ("none", "none")
    assert risk("NONE", "PENDING") == ("pending", "pending")
    assert risk("NONE", "PENDING", "LOW") == ("pending", "pending")
    assert risk("CANCEL", "LOW", "HIGH", "PENDING") == ("cancel", "high")
    assert risk("INVESTIGATE", "NONE", "MEDIUM") == ("investigate", "medium")


def test_what_speaks_against_an_order_is_said_first() -> None:
    facts = [
        Fact(description="Good street.", sentiment="POSITIVE"),
        Fact(description="Far away.", sentiment="NEGATIVE"),
    ]
    node = RiskNode(recommendation="ACCEPT", assessments=[Assessment(risk_level="LOW", facts=facts)])

    assert mapping.to_risk(node).facts == ["Far away.", "Good street."]


async def test_an_app_that_may_not_know_the_customer_reads_the_rest(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    shop.withheld = {
        "Order.email",
        "Order.phone",
        "Order.customer",
        "MailingAddress.phone",
        "LineItem.product",
    }

    order = await read(shopify, call, shop, name="#7")

    assert (order.number, order.customer, order.lines[0].category) == ("7", Customer(), "")
    assert order.ship_to is not None


@pytest.mark.parametrize(
    "field", ["Order.shippingAddress", "Order.risk", "Order.lineItems", "MailingAddress.zip"]
)
async def test_an_order_without_what_is_needed_to_send_it_is_not_taken(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, field: str
) -> None:
    shop.withheld = {field}

    with pytest.raises(Unauthorised, match=field.split(".")[-1]):
        await read(shopify, call, shop)


async def test_tags_are_added_to_those_there_are(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order(tags=["vip"])
    wanted = TagOrder(id=str(order.id), tags=["faros-assigned", "VIP"])

    shop.lose_next_answer()
    with pytest.raises(Unanswered):
        await shopify.add_tags(wanted, call())
    done = await shopify.add_tags(wanted, call())

    assert done.tags == ["faros-assigned", "vip"]
    assert shop.changes == 1


async def test_a_tag_too_long_for_shopify_is_rejected(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    with pytest.raises(Refused) as raised:
        await shopify.add_tags(TagOrder(id=str(shop.add_order().id), tags=["x" * 41]), call())

    assert raised.value.code == "rejected"


async def test_a_note_is_added_once_below_what_is_there(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order(note="Ring twice.")
    wanted = AddNote(id=str(order.id), text="Waits for an address.")

    for _ in range(2):
        await shopify.add_note(wanted, call())

    assert order.note == "Ring twice.\nWaits for an address."
    assert shop.changes == 1


async def test_a_corrected_address_is_written_to_the_order_and_writing_it_again_changes_nothing(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    before = await read(shopify, call, shop, shipping_address={"address2": None})
    corrected = Address(
        name="Ada Mary Byron", line1="350 5th Ave", line2="Apt 4B", city="New York", region="NY",
        postcode="10118", country="US",
    )  # fmt: skip

    await shopify.change_address(ChangeAddress(id=before.id, address=corrected), call())
    changes = shop.changes
    await shopify.change_address(ChangeAddress(id=before.id, address=corrected), call())

    assert (await shopify.get_order(OrderRef(id=before.id), call())).ship_to == corrected
    assert shop.changes == changes


@pytest.mark.parametrize(
    ("typed", "agrees", "accepts"),
    [(None, True, True), ("+15005550006", True, True), ("+15005550007", True, False), (None, False, False)],
)
async def test_a_yes_to_text_messages_is_to_the_accounts_own_number(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, typed: str | None, agrees: bool, accepts: bool
) -> None:
    customer = {"phone": "+15005550006", "accepts_sms": agrees}

    found = await read(shopify, call, shop, phone=typed, customer=customer)

    assert found.customer.accepts_sms is accepts
