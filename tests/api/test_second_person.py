"""Four eyes: above the store's limit a refund is made once two people have chosen it, and the first is told so."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from connectors.shopify.sandbox import ShopifySandbox
from hub.api import create_app
from hub.engine.publishing import StoreSpec
from hub.fulfilment.policies import Policies
from hub.sdk.commerce import Money
from hub.store.configuration import ConnectionSpec
from hub.store.keys import add_key
from tests.floor import Floor, flow, open_floor, shop

ASK = """
format: 1
flow: ask
title: Ask about every order

uses:
  shop: sales-channel

trigger:
  event: shop.order_paid
  key: ${event.order_id}

steps:
  - step: read
    do: shop.get_order
    with:
      id: ${event.order_id}
    as: order
  - step: record
    do: orders.record
    with:
      order: ${order}
  - step: what-now
    hold:
      case: what-now
      title: What shall become of order ${order.number}?
      choices:
        refund: Give the money back
        keep: Leave it
    as: said
  - step: is-refund
    if: said.choice == "refund"
    then:
      - step: give-back
        do: shop.refund_order
        with:
          id: ${order.id}
          reference: faros-${order.id}
        on_refused:
          otherwise:
            - step: refused
              stop: The shop refused
  - step: over
    stop: It is settled
"""

Come = Callable[[str], Awaitable[httpx.AsyncClient]]


@pytest.fixture
def channel() -> ShopifySandbox:
    return ShopifySandbox()


@pytest.fixture
async def house(database_url: str, channel: ShopifySandbox) -> AsyncIterator[Floor]:
    async with open_floor(database_url, {"shop": channel}) as floor:
        yield floor


@pytest.fixture
async def come(house: Floor) -> AsyncIterator[Come]:
    """Somebody of ops, by name."""
    app = create_app(house.hub)
    async with AsyncExitStack() as stack, app.router.lifespan_context(app):

        async def come(name: str) -> httpx.AsyncClient:
            async with house.hub.database.connection() as connection:
                key = await add_key(connection, name, "ops", house.now)
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(app),
                base_url="https://hub.example",
                headers={"authorization": f"Bearer {key}"},
            )
            return await stack.enter_async_context(client)

        yield come


async def ask(house: Floor, channel: ShopifySandbox, limit: Money | None) -> Any:
    """An order is asked about in a store with this limit; gives its total."""
    bound = flow(house.hub.catalog, ASK, {"shop": ["shop"]})
    at = ConnectionSpec("shop", "main", "shopify", settings=channel.settings())
    store = StoreSpec("main", policies=Policies(second_person_above=limit))
    await house.publish(shop([bound], at, store=store))
    order = channel.add_order(created_at=house.now - timedelta(minutes=1))
    await house.deliver("shop", channel.order_paid_webhook(order.id))
    await house.settle()
    (row,) = await house.rows("select total, currency from orders")
    return row


async def decide(client: httpx.AsyncClient, choice: str, note: str = "") -> httpx.Response:
    (case,) = (await client.get("/cases")).json()["items"]
    said = {"version": case["version"], "choice": choice, "note": note}
    return await client.post(f"/cases/{case['id']}/resolution", json=said)


async def refunds(house: Floor) -> int:
    return len(await house.effects("refund_order"))


def usd(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="USD")


async def test_above_the_limit_a_refund_waits_for_a_second_person_and_the_first_is_told(
    house: Floor, channel: ShopifySandbox, come: Come
) -> None:
    await ask(house, channel, usd("1.00"))
    ada, bob = await come("ada"), await come("bob")

    first = await decide(ada, "refund", "She asked for it")
    await house.settle()
    assert (first.status_code, first.json()["state"]) == (202, "open")
    assert (first.json()["proposed"]["choice"], first.json()["proposed"]["by"]) == ("refund", "ada")
    assert await refunds(house) == 0

    again = await decide(ada, "refund")
    assert (again.status_code, again.json()["type"]) == (409, "urn:faros:second-person-needed")
    assert "second person" in again.json()["detail"]

    second = await decide(bob, "refund")
    await house.settle()
    assert (second.status_code, second.json()["state"], second.json()["proposed"]) == (200, "resolved", None)
    assert await refunds(house) == 1
    trail = await house.rows("""select "by", what, detail from audit order by id""")
    assert [(r["by"], r["what"]) for r in trail] == [
        ("ada", "case decision proposed"),
        ("bob", "case resolved"),
    ]
    assert trail[-1]["detail"]["proposed_by"] == "ada"


async def test_whoever_did_not_see_the_proposal_does_not_confirm_it_by_accident(
    house: Floor, channel: ShopifySandbox, come: Come
) -> None:
    await ask(house, channel, usd("1.00"))
    ada, bob = await come("ada"), await come("bob")
    (seen,) = (await bob.get("/cases")).json()["items"]
    await decide(ada, "refund")

    late = await bob.post(
        f"/cases/{seen['id']}/resolution", json={"version": seen["version"], "choice": "refund"}
    )

    assert (late.status_code, late.json()["type"]) == (409, "urn:faros:case-changed")
    assert late.json()["detail"] == "ada chose refund; a second person must choose the same."
    await house.settle()
    assert await refunds(house) == 0


async def test_another_choice_of_the_second_person_settles_it_where_no_money_leaves(
    house: Floor, channel: ShopifySandbox, come: Come
) -> None:
    await ask(house, channel, usd("1.00"))
    ada, bob = await come("ada"), await come("bob")
    await decide(ada, "refund")

    other = await decide(bob, "keep")
    await house.settle()
    assert other.json()["choice"] == "keep" and await refunds(house) == 0
    assert await house.rows("select * from case_proposals") == []


@pytest.mark.parametrize("limit", [None, usd("100000.00")])
async def test_up_to_the_limit_and_without_one_a_single_person_decides(
    house: Floor, channel: ShopifySandbox, come: Come, limit: Money | None
) -> None:
    await ask(house, channel, limit)
    answer = await decide(await come("ada"), "refund")
    await house.settle()

    assert answer.status_code == 200 and await refunds(house) == 1


async def test_the_limit_itself_is_not_above_it(house: Floor, channel: ShopifySandbox, come: Come) -> None:
    total = await ask(house, channel, None)
    exact = Money(amount=total["total"], currency=total["currency"])
    await ask_again(house, channel, exact)

    assert (await decide(await come("ada"), "refund")).status_code == 200


async def ask_again(house: Floor, channel: ShopifySandbox, limit: Money) -> None:
    """The same store with another limit; the case stays as it is."""
    bound = flow(house.hub.catalog, ASK, {"shop": ["shop"]})
    at = ConnectionSpec("shop", "main", "shopify", settings=channel.settings())
    await house.publish(
        shop([bound], at, store=StoreSpec("main", policies=Policies(second_person_above=limit)))
    )


async def test_an_amount_in_another_currency_is_not_known_to_be_small(
    house: Floor, channel: ShopifySandbox, come: Come
) -> None:
    await ask(house, channel, Money(amount=Decimal("100000"), currency="JPY"))
    ada = await come("ada")
    (case,) = (await ada.get("/cases")).json()["items"]
    ahead = (await ada.get(f"/cases/{case['id']}/consequences")).json()

    assert {a["choice"]: (a["is_money"], a["needs_second"]) for a in ahead} == {
        "refund": (True, True), "keep": (False, False),
    }  # fmt: skip
    assert (await ada.get(f"/cases/{case['id']}")).json()["needs_second"] == ["refund"]
    assert (await decide(ada, "refund")).status_code == 202
