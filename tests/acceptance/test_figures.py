"""Figures of exceptions, as a week at the brand's makes them: what was held, what it would have cost, how it ended."""

from decimal import Decimal

import pytest

from connectors.shopify.sandbox_state import OrderSeed
from tests.acceptance.brand import Brand, Terms
from tests.acceptance.figures_desk import named, of, reader, report, value
from tests.acceptance.shelves import sell_out
from tests.acceptance.test_parcel_news import asks_for
from tests.acceptance.test_parcels import FIRST, SECOND, THIRD
from tests.acceptance.test_stalled import left, pass_until_after, worry
from tests.acceptance.test_waiting import BEACON

COSTS = "{initial_shipping: 8, return_processing: 5, reshipping: 8, churn: 0.3, lifetime_value: 89}"
PRICED = Terms(policies=f"{{safety_threshold: 5, costs: {COSTS}}}")
LOST = "Undeliverable: shipped, returned, shipped again."


class TestHeldOrders:
    """Six addresses without their apartment, and two orders of a shelf that is nearly bare."""

    @pytest.fixture
    def terms(self) -> Terms:
        return PRICED

    @pytest.mark.row("S1-017", "S1-066", "S1-105")
    async def test_each_says_what_would_have_gone_wrong_and_what_that_costs(self, brand: Brand) -> None:
        for _ in range(6):
            await brand.buy(shipping_address=BEACON)
        brand.suppliers["c"].stock["CC3"] = 4
        for _ in range(2):
            await brand.buy("CUFF-03")

        async with reader(brand) as client:
            cases = (await client.get("/cases")).json()["items"]
            again = (await client.get(f"/cases/{cases[0]['id']}")).json()
        assert sorted((case["cause"], case["risk"]) for case in cases) == [
            *[("address", LOST)] * 6,
            *[("stock-unconfirmed", "Oversold: sold, and then not there to be shipped.")] * 2,
        ]
        assert again in cases
        (priced, unpriced) = (
            [c for c in cases if (c["cause"] == "address") is wanted] for wanted in (True, False)
        )
        parts = {"initial_shipping": "8", "return_processing": "5", "reshipping": "8", "churn": "26.70"}
        at_risk = {"total": "47.70", "currency": "USD", "parts": parts}
        assert [case["cost_at_risk"] for case in priced] == [at_risk] * 6
        assert [case["cost_at_risk"] for case in unpriced] == [None, None], "nobody said what that costs"

        figures = await report(brand, "avoided")
        assert value(figures, "bad_addresses_stopped") == 6
        assert (value(figures, "cost_avoided"), of(figures, "cost_avoided")) == (126, 6)
        assert named(figures, "cost_avoided")[0]["currency"] == "USD"
        assert [box.orders for box in brand.suppliers.values()] == [[], [], []]


async def test_what_was_avoided_is_unknown_where_the_store_has_not_said_what_things_cost(
    brand: Brand,
) -> None:
    await brand.buy(shipping_address=BEACON)
    figures = await report(brand, "avoided")
    assert (value(figures, "bad_addresses_stopped"), value(figures, "cost_avoided")) == (1, None)
    assert "initial_shipping" in named(figures, "cost_avoided")[0]["unknown"]


class TestCancelled:
    """Nobody has the cuffs, and the store cancels rather than asks."""

    @pytest.fixture
    def terms(self) -> Terms:
        return Terms(policies="{safety_threshold: 5, oos: cancel_now}")

    @pytest.mark.row("S1-016")
    async def test_forced_cancellations_are_counted_by_cause_and_name_the_supplier(
        self, brand: Brand
    ) -> None:
        sell_out(brand, "CC3")
        for _ in range(2):
            forced = await brand.buy("CUFF-03")
            assert forced.cancelled_at is not None
            await brand.tell(forced, "orders/cancelled")
        await brand.buy()
        wished = await brand.buy()
        await brand.cancel(wished)
        await brand.floor.settle()

        figures = await report(brand, "cancellations")
        assert [(f["labels"], f["value"], f["of"]) for f in figures] == [
            ({"cause": "out-of-stock", "supplier": "c"}, 2, 4),
            ({"cause": "asked-for"}, 1, 4),
        ]


@pytest.mark.row("S1-005")
async def test_how_exceptions_ended_is_counted_by_root_cause(brand: Brand) -> None:
    await left(brand, email="ada@example.com")
    await pass_until_after(brand, hours=72, minutes=1)
    await brand.floor.resolve(await worry(brand), "refund")
    await left_as(brand, SECOND)
    await pass_until_after(brand, hours=72, minutes=1)
    await brand.floor.resolve(await worry(brand), "reship")
    await is_lost_as_well(brand, "1Z999AA10123456784")
    disputed = await left_as(brand, THIRD)
    await brand.scanned(THIRD, "Delivered")
    await asks_for(brand, disputed)
    (case,) = [c for c in await brand.floor.open_cases() if c["kind"] == "delivered-disputed"]
    await brand.floor.resolve(case, "chargeback")

    figures = await report(brand, "outcomes")
    closed = {
        (f["labels"]["cause"], f["labels"]["outcome"]): f["value"]
        for f in named(figures, "exceptions_closed")
    }
    assert closed == {
        ("stalled", "refunded"): 1,
        ("stalled", "reshipped"): 1,
        ("disputed-delivery", "chargeback"): 1,
    }
    assert {f["of"] for f in figures} == {3}


async def left_as(brand: Brand, number: str) -> OrderSeed:
    """Another order whose parcel has left under this number."""
    order = await brand.buy()
    await brand.pass_by(minutes=5)
    await brand.ships(number)
    return order


async def is_lost_as_well(brand: Brand, number: str) -> None:
    """The replacement leaves, and never arrives: nothing but a parcel sent again is left of it."""
    await brand.ships(number)
    await brand.scanned(number, "Exception", subtag="Exception_013")
    await brand.pass_by(minutes=5)


@pytest.mark.row("S1-122")
async def test_each_step_is_told_before_its_customer_asks_and_one_told_after_is_not_proactive(
    brand: Brand,
) -> None:
    first = await brand.buy()
    await brand.ships(FIRST)
    for tag in ("InTransit", "OutForDelivery", "Delivered"):
        await brand.pass_by(hours=1)
        await brand.scanned(FIRST, tag)
        await brand.pass_by(minutes=1)
    told = sum(brand.heard().values()) + 1
    assert value(await report(brand, "before-customers"), "proactive_ratio") is None, (
        "nobody hears customers yet"
    )
    await asks_for(brand, first)

    figures = await report(brand, "before-customers")
    assert (value(figures, "proactive_ratio"), of(figures, "proactive_ratio")) == (100, told)

    second = await brand.buy()
    await brand.ships(SECOND)
    await asks_for(brand, second)
    await brand.scanned(SECOND, "InTransit")
    await brand.pass_by(minutes=2)
    figures = await report(brand, "before-customers")
    assert of(figures, "proactive_ratio") == told + 3
    assert value(figures, "proactive_ratio") == round(100 * (told + 2) / (told + 3), 1)


@pytest.mark.row("S1-013")
async def test_the_minutes_between_leaving_and_showing_are_measured_for_each_supplier(brand: Brand) -> None:
    await brand.floor.let_pass(hours=5, minutes=30)
    await brand.buy()
    assert brand.floor.now.strftime("%H:%M") == "14:30"
    await brand.pause("shop-1")
    await brand.supplier_says("a", "shipped", {"tracking_number": FIRST, "carrier": "UPS"})
    figures = await report(brand, "tracking-gap")
    assert value(figures, "tracking_gap_minutes", supplier="a", quantile="p50") is None
    assert value(figures, "parcels_not_shown", supplier="a") == 1
    await brand.floor.let_pass(minutes=4)
    await brand.resume("shop-1")
    await brand.pass_by(minutes=1)

    figures = await report(brand, "tracking-gap")
    for quantile in ("p50", "p95"):
        assert value(figures, "tracking_gap_minutes", supplier="a", quantile=quantile) == 4
        assert of(figures, "tracking_gap_minutes", supplier="a", quantile=quantile) == 1
    assert value(figures, "parcels_not_shown", supplier="a") == 0


@pytest.mark.row("S1-182")
async def test_what_was_sold_bought_and_shipped_agrees_and_a_line_too_many_is_named(brand: Brand) -> None:
    for number in (FIRST, SECOND):
        await brand.buy()
        await brand.ships(number)
        await brand.scanned(number, "Delivered")
    await brand.buy("CUFF-03")
    await brand.cancel(await brand.buy(shipping_address=BEACON))
    await brand.buy(shipping_address=BEACON)
    await brand.pass_by(days=4)

    figures = await report(brand, "reconciliation")
    counted = ("lines_sold", "lines_bought", "lines_shipped", "unexplained_differences")
    assert ([value(figures, name) for name in counted], named(figures, "difference")) == ([5, 3, 2, 0], [])
    assert {f["labels"]["why"]: f["value"] for f in named(figures, "explained_differences")} == {
        "under way": 1, "cancelled": 1, "a person is asked": 1,
    }  # fmt: skip

    # Somebody changes a purchase behind the hub's back.
    await brand.floor.rows(
        """update purchases set lines = jsonb_set(lines, '{0,quantity}', '2')
           where id = (select purchase_id from shipments where tracking_number = $1)""",
        FIRST,
    )
    figures = await report(brand, "reconciliation")
    assert value(figures, "unexplained_differences") == 1
    (difference,) = named(figures, "difference")
    assert difference["labels"]["order"] == "1001"
    assert difference["labels"]["units"] == "1 sold, 2 bought, 1 shipped"


@pytest.mark.row("S2-045")
async def test_what_choosing_gains_is_told_beside_each_supplier_alone(brand: Brand) -> None:
    await brand.buy(quantity=2)
    await brand.buy()
    await brand.buy("RING-02")

    figures = await report(brand, "margin")
    names = ("cost_chosen", "cost_single_supplier", "margin_gain")
    # a asks 10 for a necklace and b 12, rings are b's alone; each parcel costs 4.
    assert [value(figures, name, supplier="b") for name in names] == [56, 62, 6]
    assert [value(figures, name, supplier="a") for name in names] == [38, 38, 0]
    assert [f["labels"]["supplier"] for f in named(figures, "margin_gain")] == ["b", "a"], "the widest first"
    assert (of(figures, "margin_gain", supplier="b"), of(figures, "margin_gain", supplier="a")) == (3, 2)
    assert {f["currency"] for f in figures} == {"USD"}


async def test_a_suppliers_score_says_how_fast_it_answers_ships_and_what_it_gives_back(brand: Brand) -> None:
    brand.suppliers["a"].late_accept = True
    await brand.buy()
    await brand.floor.let_pass(hours=2)
    await brand.supplier_says("a", "accepted")
    await brand.floor.let_pass(hours=22)
    await brand.ships(FIRST)
    brand.suppliers["a"].refuse("out-of-stock")
    await brand.buy()

    figures = await report(brand, "suppliers")
    assert value(figures, "acknowledge_hours", supplier="a", quantile="p50") == 2
    assert value(figures, "ship_hours", supplier="a", quantile="p95") == 24
    assert (value(figures, "rejects", supplier="a"), of(figures, "rejects", supplier="a")) == (50, 2)
    assert (value(figures, "invalid_tracking", supplier="a"), value(figures, "rejects", supplier="b")) == (
        0,
        0,
    )
    assert value(figures, "ship_hours", supplier="b", quantile="p50") is None, "it has shipped nothing yet"


@pytest.mark.row("S2-077")
async def test_the_morning_after_too_many_orders_needed_people_says_so_once(brand: Brand) -> None:
    for number in range(22):
        where = BEACON if number < 3 else {"address1": f"{number + 1} Main Street"}
        await brand.tell(brand.place(shipping_address=where))
    await brand.floor.settle()
    for _ in range(3 * 24):
        await brand.floor.let_pass(hours=1)

    told = [alert for alert in brand.alerts.alerts if "needed nobody" in alert["title"]]
    assert [alert["title"] for alert in told] == ["86.4 % of orders needed nobody, the target is 90 %"]
    figures = await report(brand, "touchless")
    assert (value(figures, "touchless_rate"), of(figures, "touchless_rate")) == (Decimal("86.4"), 22)
    assert named(figures, "touchless_rate")[0]["band"]["name"] == "below-target"
