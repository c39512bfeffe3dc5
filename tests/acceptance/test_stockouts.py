"""Sold, and not there: another supplier or another article, and people and customers hear of it; never silence."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.acceptance.brand import Brand
from tests.acceptance.project import SKUS, Terms
from tests.acceptance.shelves import NINE, alerts, owed, promise, refunds, sell_out, told

SPARES = Terms(
    rules="[{id: everybody, use: [a, b, c]}]\nsubstitutes: substitutes.csv",
    skus=f"{SKUS}NECK-1B,b,BX1B,12.00,USD\nNECK-2B,b,BX2B,9.00,USD\n",
)
"""b also sells NECK-1B, which is as good as NECK-01, and NECK-2B, which is like it."""
EQUAL, SIMILAR = "NECK-01,NECK-1B,equal,", "NECK-01,NECK-2B,similar,The silver necklace"


def open_list(folder: Path, *rows: str) -> None:
    """The merchant writes down what may go in place of what."""
    (folder / "substitutes.csv").write_text("\n".join(["sku,substitute_sku,kind,note", *rows, ""]))


@pytest.mark.row("S1-089", "S1-175", "S2-081")
async def test_within_a_minute_the_shop_holds_the_order_and_people_read_which_article_and_supplier(
    brand: Brand,
) -> None:
    sell_out(brand, "AX1", "BX9")
    order = await brand.buy()
    assert brand.floor.now - NINE <= timedelta(seconds=60)
    assert (brand.holds(order), brand.bought()) == (["faros-stock"], [])
    (alert,) = alerts(brand)
    assert alert["title"] == "Order 1001 is out of stock"
    assert "NECK-01: a: 0 left, 1 needed." in alert["message"]
    for _ in range(3):
        await brand.tell(order)
        await brand.tell(order, "orders/updated")
        await brand.floor.let_pass(minutes=6)
    assert (alerts(brand), await brand.cases()) == ([alert], {"out-of-stock": 1})


@pytest.mark.row("S1-085", "S1-088")
async def test_a_supplier_that_rejects_what_its_feed_promised_is_an_exception_and_no_lost_order(
    brand: Brand,
) -> None:
    await brand.publish(policies="{safety_threshold: 0}")
    brand.suppliers["c"].stock["CC3"] = 1
    brand.suppliers["c"].refuse("out-of-stock")
    order = await brand.buy("CUFF-03")
    assert (brand.bought(), brand.holds(order)) == ([], ["faros-stock"])
    assert (await brand.cases(), len(alerts(brand))) == ({"out-of-stock": 1}, 1)
    assert "c: It refused this line before: out-of-stock." in alerts(brand)[0]["message"]


async def test_a_person_who_says_that_it_is_there_is_believed_even_against_a_refusal(brand: Brand) -> None:
    brand.suppliers["c"].refuse("out-of-stock")
    order = await brand.buy("CUFF-03")
    await brand.floor.resolve(await brand.case(), "look-again")
    assert (brand.bought(), brand.holds(order)) == ([("c", "1001")], [])
    assert await brand.floor.open_cases() == []
    assert (await promise(brand))["state"] == "kept"


async def test_a_person_who_is_wrong_about_it_is_asked_again_and_nothing_goes_round(brand: Brand) -> None:
    brand.suppliers["c"].refuse("out-of-stock")
    await brand.buy("CUFF-03")
    brand.suppliers["c"].refuse("out-of-stock")
    await brand.floor.resolve(await brand.case(), "look-again")
    await brand.floor.let_pass(minutes=5)
    assert (brand.bought(), await brand.cases()) == ([], {"out-of-stock": 1})
    assert len(await brand.floor.effects("create_purchase_order")) == 2


async def test_a_refusal_for_a_reason_nobody_knows_is_a_case_in_the_suppliers_own_words(brand: Brand) -> None:
    brand.suppliers["c"].refuse("rejected")
    await brand.buy("CUFF-03")
    case = await brand.case()
    assert (case["kind"], brand.bought(), alerts(brand)) == ("supplier-refused", [], [])
    assert "We do not take this order." in await brand.says(case)
    await brand.floor.let_pass(hours=3)
    assert len(await brand.floor.effects("create_purchase_order")) == 1, "nobody asks a second time unasked"


async def test_of_two_customers_who_buy_the_last_one_in_the_same_second_one_gets_it(brand: Brand) -> None:
    await brand.publish(policies="{safety_threshold: 0}")
    brand.suppliers["c"].stock["CC3"] = 1
    first, second = brand.place("CUFF-03"), brand.place("CUFF-03")
    await brand.tell(first)
    await brand.tell(second)
    await brand.floor.settle()
    assert len(brand.bought()) == 1
    assert await brand.cases() == {"out-of-stock": 1}
    assert sorted([brand.holds(first), brand.holds(second)]) == [[], ["faros-stock"]]


class TestSubstitutes:
    """The merchant has listed what may go in place of what."""

    @pytest.fixture
    def terms(self, tmp_path: Path) -> Terms:
        open_list(tmp_path, EQUAL, SIMILAR)
        return SPARES

    @pytest.mark.row("S1-092")
    async def test_an_equal_article_is_bought_from_the_backup_supplier_and_the_customer_is_told(
        self, brand: Brand
    ) -> None:
        brand.shop.add_variant("NECK-1B", "60.00", "The golden necklace")
        sell_out(brand, "AX1", "BX9")
        brand.suppliers["b"].stock["BX1B"] = 8
        order = await brand.buy()
        assert (brand.bought(), owed(order), brand.holds(order)) == ([("b", "1001")], ["NECK-1B"], [])
        assert [line["sku"] for line in brand.purchase("b")["lines"]] == ["BX1B"]
        await brand.floor.let_pass(seconds=30)
        assert told(brand) == ["Item Changed"]
        text = brand.messages.events[0]["properties"]["text"]
        assert "Instead of: Glow serum" in text and "You get: The golden necklace" in text
        assert (await brand.floor.open_cases(), refunds(brand, order)) == ([], [])
        assert (await promise(brand))["state"] == "kept"

    @pytest.mark.parametrize(
        ("price_policy", "given_back"), [("refund_difference", [Decimal("15.00")]), ("free", [])]
    )
    async def test_what_a_substitute_costs_less_is_given_back_if_the_policy_says_so(
        self, brand: Brand, price_policy: str, given_back: list[Decimal]
    ) -> None:
        await brand.publish(policies=f"{{similar_price: {price_policy}}}")
        brand.shop.add_variant("NECK-1B", "45.00", "The golden necklace")
        sell_out(brand, "AX1", "BX9")
        order = await brand.buy()
        await brand.floor.let_pass(seconds=30)
        assert (brand.bought(), refunds(brand, order)) == ([("b", "1001")], given_back)
        text = brand.messages.events[0]["properties"]["text"]
        assert ("give you back" in text) == bool(given_back)
        await brand.floor.let_pass(hours=25)
        assert (len(brand.bought()), refunds(brand, order)) == (1, given_back)

    async def test_a_merchant_who_wants_customers_asked_sends_no_equal_article_unasked(
        self, brand: Brand
    ) -> None:
        await brand.publish(policies="{substitute_consent: ask}")
        brand.shop.add_variant("NECK-1B", "60.00")
        sell_out(brand, "AX1", "BX9", "BX2B")
        order = await brand.buy()
        await brand.floor.let_pass(minutes=1)
        assert (brand.bought(), owed(order)) == ([], ["NECK-01"])
        assert told(brand) == ["Out Of Stock Choice"]
        assert "Take the similar item" in brand.messages.events[0]["properties"]["text"]

    async def test_an_article_the_shop_does_not_know_is_not_swapped_in_and_the_customer_is_asked(
        self, brand: Brand
    ) -> None:
        sell_out(brand, "AX1", "BX9")
        order = await brand.buy()
        await brand.floor.let_pass(minutes=1)
        assert (owed(order), told(brand)) == (["NECK-01"], ["Out Of Stock Choice"])

    @pytest.mark.row("S1-093", "S1-177")
    async def test_without_an_equal_one_a_mail_offers_something_similar_or_the_money(
        self, brand: Brand
    ) -> None:
        sell_out(brand, "AX1", "BX9", "BX1B")
        await brand.buy()
        await brand.floor.let_pass(minutes=5)
        (event,) = brand.messages.events
        text, now = event["properties"]["text"], brand.floor.now
        assert "The silver necklace" in text
        assert "Take the similar item:\nhttps://track.brand.example/c/" in text
        assert "Get a refund:\nhttps://track.brand.example/c/" in text
        due = (await promise(brand))["due_at"]
        assert (now - NINE <= timedelta(minutes=5), due) == (True, NINE + timedelta(hours=24))
