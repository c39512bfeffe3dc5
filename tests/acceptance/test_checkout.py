"""An address looked at before the order and after it: the same verdict, quickly, and nothing of it in any log."""

import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from hub.api.addresses import A_MINUTE
from hub.cli.front import open_front
from hub.store.keys import add_key
from tests.acceptance.brand import Brand, Terms
from tests.acceptance.visitors import browsing

CHECK = "/addresses/check"
GOOD = {
    "name": "Ada Sample", "line1": "417 Montgomery Street", "city": "San Francisco", "region": "CA",
    "postcode": "94104", "country": "US",
}  # fmt: skip
NOWHERE = GOOD | {"line1": "1 Nowhere Lane"}
BEACON = GOOD | {"line1": "245 Beacon Street", "city": "Boston", "region": "MA", "postcode": "02116"}


@pytest.fixture
async def checkout(brand: Brand) -> AsyncIterator[httpx.AsyncClient]:
    """The shop's checkout, with a key of its own."""
    async with brand.floor.hub.database.connection() as connection:
        key = await add_key(connection, "checkout", "viewer", brand.floor.now)
    async with browsing(open_front(brand.floor.hub)) as client:
        client.headers["authorization"] = f"Bearer {key}"
        yield client


async def asked(checkout: httpx.AsyncClient, address: dict[str, Any], store: str = "main") -> httpx.Response:
    return await checkout.post(CHECK, json={"store": store, "address": address})


@pytest.mark.row("S1-100")
@pytest.mark.parametrize(
    ("address", "verdict", "may_ship"),
    [
        (GOOD, "deliverable", True),
        (NOWHERE, "undeliverable", False),
        (BEACON, "missing_secondary", False),
    ],
)
async def test_the_checkout_learns_in_time_what_the_paid_order_would_meet(
    brand: Brand, checkout: httpx.AsyncClient, address: dict[str, Any], verdict: str, may_ship: bool
) -> None:
    spans = []
    for _ in range(40):
        began = time.monotonic()
        answer = (await asked(checkout, address)).raise_for_status().json()
        spans.append(time.monotonic() - began)
        assert (answer["verdict"], answer["may_ship"]) == (verdict, may_ship)
    assert sorted(spans)[37] < 1, "of twenty, nineteen within a second"
    assert await brand.floor.effects() == [], "nothing is kept"

    names = {"line1": "address1", "region": "province_code", "postcode": "zip"}
    ship_to = {names.get(k, k): v for k, v in address.items() if k != "country"}
    order = await brand.buy(shipping_address=ship_to)
    shown = (await checkout.get(f"/orders/{order.name.lstrip('#')}")).raise_for_status().json()
    (told,) = (m for m in shown["timeline"] if m["what"].startswith("address checked"))
    assert (told["what"], told["stage"]) == (f"address checked: {verdict}", "F")
    assert bool(brand.bought()) is may_ship


async def test_a_service_that_is_away_or_paused_does_not_keep_a_customer_from_buying(
    brand: Brand, checkout: httpx.AsyncClient
) -> None:
    brand.verifier.lose_next_answer()
    answer = (await asked(checkout, NOWHERE)).raise_for_status().json()
    assert (answer["verdict"], answer["may_ship"]) == ("unverifiable", True)
    assert (await asked(checkout, NOWHERE)).json()["verdict"] == "undeliverable", "it is back"
    await brand.pause("address-1")
    await brand.floor.hub.refresh()
    answer = (await asked(checkout, NOWHERE)).json()
    assert (answer["verdict"], answer["may_ship"]) == ("unverifiable", True)


@pytest.mark.parametrize("terms", [Terms(policies="{unverifiable: hold}")])
async def test_what_cannot_be_told_is_judged_by_the_stores_policy(
    brand: Brand, checkout: httpx.AsyncClient
) -> None:
    await brand.pause("address-1")
    await brand.floor.hub.refresh()
    assert (await asked(checkout, GOOD)).json()["may_ship"] is False


async def test_strangers_other_stores_and_the_impatient_are_turned_away_and_no_log_or_error_holds_an_address(
    brand: Brand, checkout: httpx.AsyncClient, capfd: pytest.CaptureFixture[str]
) -> None:
    stranger = await checkout.post(
        CHECK, json={"store": "main", "address": GOOD}, headers={"authorization": ""}
    )
    assert stranger.status_code == 401
    assert (await asked(checkout, GOOD, "elsewhere")).status_code == 404
    wrong = await asked(checkout, NOWHERE | {"country": "Nowhereland"})
    assert (wrong.status_code, wrong.json()["fields"][0]["field"]) == (422, "body.address.country")
    before = brand.verifier.requests
    answers = [await asked(checkout, NOWHERE) for _ in range(A_MINUTE)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused and all(0 < int(answer.headers["retry-after"]) <= 61 for answer in refused)
    assert brand.verifier.requests - before == len(answers) - len(refused)
    written = "".join(capfd.readouterr()) + wrong.text + refused[0].text
    assert "Nowhere Lane" not in written and "Ada Sample" not in written and "94104" not in written
