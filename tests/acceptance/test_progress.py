"""How far suppliers are: what they say is kept, under their own number, whatever order it is said in."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from hub.cli.front import open_front
from hub.store.keys import add_key
from tests.acceptance.brand import Brand
from tests.acceptance.test_parcels import FIRST
from tests.acceptance.visitors import browsing


@pytest.fixture
async def people(brand: Brand) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody of the shop's, before the hub's API."""
    async with brand.floor.hub.database.connection() as connection:
        key = await add_key(connection, "ada", "viewer", brand.floor.now)
    async with browsing(open_front(brand.floor.hub)) as client:
        client.headers["authorization"] = f"Bearer {key}"
        yield client


async def shown(people: httpx.AsyncClient, number: str = "1001") -> Any:
    """An order's whole story."""
    return (await people.get(f"/orders/{number}")).raise_for_status().json()


@pytest.mark.row("S1-157")
async def test_a_supplier_that_begins_makes_the_purchase_in_production_and_the_customer_hears_of_it_once(
    brand: Brand, people: httpx.AsyncClient
) -> None:
    brand.suppliers["a"].late_accept = True
    await brand.buy()
    await brand.pass_by(minutes=5)
    (purchase,) = (await shown(people))["purchases"]
    assert (purchase["status"], brand.heard()) == ("requested", {})
    early = brand.suppliers["a"].say(purchase["reference"], "accepted")
    await brand.pass_by(hours=1)
    for _ in range(2):
        await brand.supplier_says("a", "in_production")
        await brand.pass_by(minutes=1)
    await brand.floor.deliver("a", early)
    await brand.pass_by(minutes=1)
    (purchase,) = (await shown(people))["purchases"]
    assert purchase["status"] == "in_production", "what was said before does not take it back"
    assert brand.heard() == {"Fulfilment Started": 1}
    await brand.ships(FIRST)
    (purchase,) = (await shown(people))["purchases"]
    assert purchase["status"] == "shipped"


@pytest.mark.row("S2-013")
@pytest.mark.parametrize("is_late", [False, True], ids=["at once", "later"])
async def test_the_suppliers_own_number_is_kept_found_and_told(
    brand: Brand, people: httpx.AsyncClient, is_late: bool
) -> None:
    brand.suppliers["a"].late_accept = is_late
    brand.suppliers["a"].numbered = "" if is_late else "SO-99{}"
    await brand.buy()
    await brand.buy("RING-02")
    if is_late:
        reference = brand.purchase("a")["reference"]
        assert (await shown(people))["purchases"][0]["supplier_reference"] == ""
        await brand.floor.deliver("a", brand.suppliers["a"].say(reference, "accepted", id="SO-991"))
        await brand.floor.settle()
    order = await shown(people)
    assert [p["supplier_reference"] for p in order["purchases"]] == ["SO-991"]
    found = (await people.get("/orders", params={"q": "so-991"})).raise_for_status().json()
    assert [one["number"] for one in found["items"]] == ["1001"]
    moments = [m["detail"] for m in order["timeline"] if m["about"] == "purchase"]
    assert moments and all("SO-991" in detail for detail in moments)
