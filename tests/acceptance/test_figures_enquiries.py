"""Where is my order? What customers ask the desk is counted, linked to the order, and to what was wrong with it."""

from collections.abc import Iterable

import pytest

from tests.acceptance.brand import Brand
from tests.acceptance.figures_desk import named, of, report, value
from tests.acceptance.test_parcel_news import asks_for
from tests.acceptance.test_parcels import FIRST, SECOND, THIRD
from tests.acceptance.test_waiting import BEACON


async def kept(brand: Brand) -> list[tuple[str | None, str, str]]:
    """The tickets as they are kept: the order, the topic and the gap, in the order in which they came."""
    rows = await brand.floor.rows(
        """select o.number, e.topic, e.gap from enquiries e left join orders o on o.id = e.order_id
           order by e.received_at, e.ticket_id::bigint"""
    )
    return [tuple(row) for row in rows]


async def tickets(brand: Brand, subjects: Iterable[str]) -> None:
    """Strangers write to the desk, all in the same minute."""
    for number, subject in enumerate(subjects):
        told = brand.desk.customer_writes(f"stranger{number}@example.com", subject)
        await brand.floor.deliver("desk-1", told)
    await brand.floor.settle()


@pytest.mark.row("S2-066")
async def test_a_ticket_is_linked_to_its_order_and_to_what_was_wrong_with_it(brand: Brand) -> None:
    hidden = await brand.buy()
    await brand.pause("shop-1")
    await brand.supplier_says("a", "shipped", {"tracking_number": FIRST, "carrier": "UPS"})
    await asks_for(brand, hidden)
    await brand.resume("shop-1")
    await brand.pass_by(minutes=2)
    held = await brand.buy(shipping_address=BEACON)
    await asks_for(brand, held)
    await asks_for(brand, hidden, "Has my order shipped?")
    await asks_for(brand, hidden, "Where is my order #9999?")
    await asks_for(brand, hidden, "A question about my necklace")
    told = brand.desk.customer_writes("stranger@example.com", "Where is my package?")
    await brand.floor.deliver("desk-1", told)
    await brand.floor.settle()

    wismo = "where-is-my-order"
    assert await kept(brand) == [
        ("1001", wismo, "tracking-gap"),
        ("1002", wismo, "address"),
        ("1001", wismo, "under-way"),
        ("1001", wismo, "under-way"),
        ("1001", "other", "under-way"),
        (None, wismo, "unknown-order"),
    ]


@pytest.mark.row("S1-068", "S1-071")
async def test_tickets_are_tagged_with_their_cause_and_ranked_by_it_and_their_cost_is_a_range(
    brand: Brand,
) -> None:
    brand.floor.unrationed()
    hidden = [await brand.buy() for _ in range(2)]
    await brand.pause("shop-1")
    for place, number in enumerate((FIRST, SECOND)):
        parcel = {"tracking_number": number, "carrier": "UPS"}
        await brand.supplier_says("a", "shipped", parcel, place=place)
    for order in (*hidden, *hidden, hidden[0], hidden[1]):
        await asks_for(brand, order)
    await brand.resume("shop-1")
    held = await brand.buy(shipping_address=BEACON)
    for _ in range(3):
        await asks_for(brand, held)
    shown = await brand.buy()
    await brand.ships(THIRD)
    await asks_for(brand, shown)

    figures = await report(brand, "enquiries")
    ranked = named(figures, "wismo_by_cause")
    assert [(f["labels"]["cause"], f["value"], f["of"]) for f in ranked] == [
        ("tracking-gap", 6, 10),
        ("address", 3, 10),
        ("under-way", 1, 10),
    ]
    tags = [tag["name"] for ticket in brand.desk.tickets.values() for tag in ticket["tags"]]
    assert (tags.count("faros-tracking-gap"), tags.count("faros-address")) == (6, 3)
    assert [value(figures, f"wismo_cost_{end}") for end in ("least", "most")] == [50, 220]
    assert {f["currency"] for f in figures if f["unit"] == "money"} == {"USD"}


@pytest.mark.row("S1-069")
@pytest.mark.parametrize(("asking", "band"), [(29, "low"), (35, "normal"), (45, "high"), (52, "peak")])
async def test_the_share_of_those_who_ask_where_it_is_has_its_band(
    brand: Brand, asking: int, band: str
) -> None:
    others = ["Can I return a ring?"] * (100 - asking)
    await tickets(brand, ["Where is my package?"] * asking + others)

    figures = await report(brand, "enquiries")
    assert (value(figures, "wismo_share"), of(figures, "wismo_share")) == (asking, 100)
    assert (value(figures, "enquiries"), value(figures, "wismo")) == (100, asking)
    assert named(figures, "wismo_share")[0]["band"]["name"] == band


async def test_where_no_desk_was_ever_heard_nothing_is_nought(brand: Brand) -> None:
    await brand.buy()
    figures = await report(brand, "enquiries")
    assert {f["value"] for f in figures} == {None}
    assert all("desk" in f["unknown"] or "ticket" in f["unknown"] for f in figures)
