"""At the peak of the year no order that stands still is forgotten."""

from tests.acceptance.brand import Brand
from tests.acceptance.test_waiting import BEACON
from tests.acceptance.test_watchers import covered, minutes_pass


def street(number: int) -> dict[str, str]:
    """Nobody's second order: each goes to a house of its own."""
    return {"address1": f"{number} Main Street"}


async def test_every_order_that_is_unassigned_for_half_an_hour_has_somebody_asked_about_it(
    brand: Brand,
) -> None:
    await brand.buy(name="#2001", shipping_address=BEACON)
    brand.suppliers["b"].stock["BR2"] = 3
    await brand.buy("RING-02", name="#2002", shipping_address=street(2))
    brand.suppliers["c"].stock["CC3"] = 0
    await brand.buy("CUFF-03", name="#2003", shipping_address=street(3))
    await brand.pause("a")
    for number in range(4, 24):
        await brand.buy(name=f"#{2000 + number}", shipping_address=street(number))
    await minutes_pass(brand, 30)
    unassigned = {
        row["number"]
        for row in await brand.floor.rows(
            """select distinct e.subject as number from events e where e.name = 'order_paid' and not exists (
                 select 1 from orders o join purchases p on p.order_id = o.id
                 where o.number = e.subject and p.state = 'confirmed')"""
        )
    }
    assert len(unassigned) == 23
    assert unassigned <= await covered(brand), "every one of them"
    assert len(await brand.floor.open_cases()) == 4, "and those of one cause are one question"
