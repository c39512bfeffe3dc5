"""An order shows which of its purchases its supplier was asked to send elsewhere, and what it said."""

import httpx

from tests.acceptance.brand import Brand


async def test_a_purchase_shows_the_truth_of_its_amendments(brand: Brand, desk: httpx.AsyncClient) -> None:
    await brand.publish(amended=("a",))
    brand.suppliers["a"].amends_at_once = False
    order = await brand.buy()
    brand.shop.change_order(order.id, shipping_address={"address1": "2 Other St"})
    await brand.tell(order, "orders/updated")
    await brand.floor.settle()

    reference = brand.purchase("a")["reference"]
    (purchase,) = (await desk.get("/orders/1001")).json()["purchases"]
    assert [(one["amendment"], one["state"]) for one in purchase["amendments"]] == [
        (f"{reference}~1", "requested")
    ]

    await brand.floor.deliver("a", brand.suppliers["a"].decide(f"{reference}~1", "refused", "It is packed."))
    await brand.floor.settle()
    (purchase,) = (await desk.get("/orders/1001")).json()["purchases"]
    (shown,) = purchase["amendments"]
    assert (shown["state"], shown["settled_at"] is None) == ("refused", False)
