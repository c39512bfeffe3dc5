"""Who writes to customers: Klaviyo, Postscript, the shop itself; in the order that the merchant says."""

from datetime import UTC, datetime

import pytest

from connectors.postscript.sandbox import PostscriptSandbox
from tests.acceptance.brand import Brand, Terms
from tests.acceptance.mail_server import revise
from tests.acceptance.test_parcels import FIRST

NOON = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
"""Noon in New York, when text messages may be sent."""
NUMBER = "+12125550123"
TEXTS = "  texts-1: {connector: postscript, mode: sandbox, store: main, base_url: 'http://texts-1.test'}"


async def with_texts(brand: Brand, messengers: str) -> PostscriptSandbox:
    """The brand also has Postscript, whose subscriber the customer is; `messengers` are asked in this order."""
    texts = PostscriptSandbox()
    texts.now = brand.floor.hub.clock.now
    texts.subscribe(NUMBER)
    brand.floor.sandboxes["texts-1"] = texts
    await revise(
        brand,
        ("connections:\n", f"connections:\n{TEXTS}\n"),
        ("messages: [messages-1]", f"messages: [{messengers}]"),
    )
    return texts


async def confirmed(brand: Brand) -> tuple[int, int]:
    """A customer with a telephone buys at noon; how often Klaviyo was given the mail, and how often the text."""
    await brand.floor.let_pass(seconds=(NOON - brand.floor.now).total_seconds())
    await brand.buy(customer={"phone": NUMBER, "accepts_sms": True})
    await brand.pass_by(minutes=5)
    names = [event["metric"]["data"]["attributes"]["name"] for event in brand.messages.events]
    return names.count("Order Confirmed"), names.count("Order Confirmed SMS")


@pytest.mark.row("S1-132")
@pytest.mark.parametrize(
    ("order", "given", "texts"),
    [("texts-1, messages-1", (1, 0), 1), ("messages-1, texts-1", (1, 1), 0)],
    ids=["Postscript first", "Klaviyo first"],
)
async def test_mail_and_text_go_by_the_first_sender_in_the_merchants_order_that_can(
    brand: Brand, order: str, given: tuple[int, int], texts: int
) -> None:
    postscript = await with_texts(brand, order)
    assert await confirmed(brand) == given, "Postscript sends no mails, so Klaviyo does"
    assert len(postscript.messages) == texts
    assert all("1001" in message["body"] for message in postscript.messages)


@pytest.mark.row("S1-132")
async def test_a_text_that_the_first_sender_refuses_goes_by_the_next_and_by_no_third(brand: Brand) -> None:
    postscript = await with_texts(brand, "texts-1, messages-1")
    postscript.subscribe(NUMBER, transactional=False)
    assert await confirmed(brand) == (1, 1)
    assert postscript.messages == []
    rows = await brand.floor.rows("select state, reason from notices")
    assert [(row["state"], row["reason"]) for row in rows] == [("sent", "")]


@pytest.mark.row("S1-132")
@pytest.mark.parametrize("terms", [Terms(policies="{channel_sends: [tracking-added]}")])
async def test_what_the_shop_mails_by_itself_no_other_sender_does(brand: Brand) -> None:
    postscript = await with_texts(brand, "texts-1, messages-1")
    order = await brand.buy(customer={"phone": NUMBER, "accepts_sms": True})
    await brand.pass_by(hours=9)
    await brand.ships(FIRST)
    (parcel,) = brand.shop.state.parcels_of(order.id)
    assert (parcel.mails, brand.heard("Order Confirmed SMS")["Tracking Added"]) == (1, 0)
    assert not any(FIRST in message["body"] for message in postscript.messages)
