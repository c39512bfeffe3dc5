"""How promises were kept, as orders at the brand's make them: by stage, by supplier and by carrier."""

from tests.acceptance.brand import Brand
from tests.acceptance.figures_desk import named, of, report, value
from tests.acceptance.test_parcels import FIRST, SECOND


async def test_a_promise_whose_time_ran_out_is_counted_for_its_stage_and_its_supplier(brand: Brand) -> None:
    assert value(await report(brand, "promises"), "on_time") is None, "none has run out yet"
    brand.suppliers["a"].late_accept = True
    await brand.buy()
    await brand.floor.let_pass(hours=2)
    await brand.supplier_says("a", "accepted")
    await brand.ships(FIRST)
    await brand.scanned(FIRST, "Delivered")
    await brand.buy("CUFF-03")
    await brand.pass_by(days=10)

    figures = await report(brand, "promises")
    # Both of a's promises were kept: it acknowledged and shipped. c acknowledged, and never shipped anything.
    assert (value(figures, "on_time_by_supplier", supplier="a"), of(figures, "on_time_by_supplier", supplier="a")) == (
        100, 2,
    )  # fmt: skip
    assert (value(figures, "on_time_by_supplier", supplier="c"), of(figures, "on_time_by_supplier", supplier="c")) == (
        0, 1,
    )  # fmt: skip
    assert [f["labels"] for f in named(figures, "on_time_by_stage")] == [{"stage": "Observe"}]
    assert (value(figures, "on_time"), of(figures, "on_time")) == (value(figures, "on_time_by_stage"), 3)


async def test_a_parcel_that_stood_still_was_not_carried_on_time(brand: Brand) -> None:
    await brand.buy()
    await brand.ships(FIRST)
    await brand.scanned(FIRST, "InTransit")
    await brand.scanned(FIRST, "Delivered")
    await brand.buy()
    await brand.ships(SECOND)
    await brand.scanned(SECOND, "InTransit")
    assert of(await report(brand, "promises"), "on_time_by_carrier", carrier="UPS") == 1, "one still travels"
    await brand.pass_by(hours=73)
    await brand.scanned(SECOND, "Delivered")

    figures = await report(brand, "promises")
    assert (value(figures, "on_time_by_carrier", carrier="UPS"), of(figures, "on_time_by_carrier", carrier="UPS")) == (
        50, 2,
    )  # fmt: skip
