"""Routing rules as a merchant writes them in hub.yaml, on whole orders."""

from dataclasses import replace

import pytest

from tests.acceptance.brand import Brand, Terms

EVERYBODY = "{id: everybody, use: [a, b, c]}"
ABROAD = {"a": "US-NJ", "b": "CN", "c": "GB"}
CHEAPEST_ABROAD = """sku,supplier,supplier_sku,unit_cost,currency
NECK-01,a,AX1,10.00,USD
NECK-01,b,BX9,2.00,USD
"""
DOMESTIC = "[{id: domestic, when: {tag: [US-Customer]}, use: ['region:US']}, {id: everybody, use: [a, b, c]}]"

ENGRAVING = "{id: engraving, when: {sku_prefix: [PEND-ENG]}, use: ['region:US-NY']}"
PENDANTS = """sku,supplier,supplier_sku,unit_cost,currency
PEND-ENG-SLV-001,a,NY1,9.00,USD
PEND-ENG-SLV-001,b,CA1,6.00,USD
"""


def rules(*more: str) -> Terms:
    return Terms(rules=f"[{', '.join([*more, EVERYBODY])}]")


def engraved(rule: str) -> Terms:
    """An engraver in New York, a general warehouse in California, and a rule."""
    return replace(rules(rule), regions={"a": "US-NY", "b": "US-CA", "c": "US-TX"}, skus=PENDANTS)


@pytest.mark.row("S1-052")
@pytest.mark.parametrize("terms", [rules("{id: b-first, prefer: [b, a]}")])
async def test_the_preferred_supplier_gets_what_both_could_send(brand: Brand) -> None:
    await brand.buy()
    assert brand.bought() == [("b", "1001")]


@pytest.mark.row("S1-057")
@pytest.mark.parametrize("terms", [rules("{id: vip, when: {tag: [VIP]}, use: [b]}")])
async def test_an_order_tagged_vip_goes_to_the_premium_supplier(brand: Brand) -> None:
    await brand.buy()
    await brand.buy(tags=["VIP"])
    assert brand.bought() == [("a", "1001"), ("b", "1002")]


@pytest.mark.row("S1-153")
@pytest.mark.parametrize(
    "terms",
    [engraved(ENGRAVING)],
)
async def test_an_engraved_pendant_goes_to_new_york_and_the_record_says_why_not_to_california(
    brand: Brand,
) -> None:
    await brand.buy("PEND-ENG-SLV-001")
    assert brand.bought() == [("a", "1001")]
    ((line,),) = [decision["lines"] for decision in await brand.decisions()]
    standings = {c["supplier"]: c["standing"] for c in line["candidates"]}
    assert (standings["a"], standings["b"]) == ("chosen", "barred-by-rule")
    assert "engraving" in next(c["why"] for c in line["candidates"] if c["supplier"] == "b")


BY_SKU = "{id: engraving, when: {sku_prefix: [PEND-ENG]}, use: ['region:US-NY'], tags: [Engraving-NY]}"
BY_TAG = "{id: engraving, when: {tag: [Engraving-NY]}, use: ['region:US-NY']}"


@pytest.mark.row("S1-154")
@pytest.mark.parametrize(
    ("terms", "tags"),
    [(engraved(BY_SKU), []), (engraved(BY_TAG), ["Engraving-NY"])],
    ids=["our rule", "a tag of Shopify Flow"],
)
async def test_a_tag_of_another_tool_sends_an_order_where_the_merchants_own_rule_does(
    brand: Brand, tags: list[str]
) -> None:
    order = await brand.buy("PEND-ENG-SLV-001", tags=tags)
    assert brand.bought() == [("a", "1001")]
    assert order.tags == ["Engraving-NY"]
    ((line,),) = [decision["lines"] for decision in await brand.decisions()]
    assert {c["supplier"]: c["standing"] for c in line["candidates"]} == {
        "a": "chosen",
        "b": "barred-by-rule",
    }
    assert "engraving" in next(c["why"] for c in line["candidates"] if c["supplier"] == "b")

    elsewhere = brand.terms.rules.replace("region:US-NY", "region:US-CA")
    await brand.publish(rules=elsewhere)
    await brand.buy("PEND-ENG-SLV-001", tags=tags)
    assert brand.bought() == [("a", "1001"), ("b", "1002")], (
        "the rule is the merchant's, and no flow was touched"
    )


@pytest.mark.row("S1-058")
@pytest.mark.parametrize("terms", [Terms(rules=DOMESTIC, regions=ABROAD, skus=CHEAPEST_ABROAD)])
async def test_an_order_for_domestic_partners_is_held_rather_than_sent_abroad(brand: Brand) -> None:
    await brand.buy()
    await brand.buy(tags=["US-Customer"])
    assert brand.bought() == [("a", "1002"), ("b", "1001")], "abroad is cheaper, where it is allowed"
    brand.suppliers["a"].stock["AX1"] = 0
    await brand.buy(tags=["US-Customer"])
    assert brand.bought() == [("a", "1002"), ("b", "1001")]
    assert await brand.cases() == {"out-of-stock": 1}


@pytest.mark.row("S2-028")
@pytest.mark.parametrize("terms", [Terms(policies="{review_value: 200 USD}")])
async def test_250_dollars_are_reviewed_and_150_are_not_where_200_is_the_limit(brand: Brand) -> None:
    await brand.buy(lines=[{"sku": "NECK-01", "price": "250.00"}])
    await brand.buy(lines=[{"sku": "NECK-01", "price": "150.00"}])
    assert (brand.bought(), await brand.cases()) == ([("a", "1002")], {"fraud-review": 1})


@pytest.mark.row("S2-029", "S2-035")
@pytest.mark.parametrize("terms", [rules("{id: rings, when: {category: [Necklaces]}, use: [b]}")])
async def test_a_category_goes_to_its_own_supplier(brand: Brand) -> None:
    await brand.buy(lines=[{"sku": "NECK-01", "product_type": "Necklaces"}])
    await brand.buy(lines=[{"sku": "NECK-01", "product_type": "Chains"}])
    assert brand.bought() == [("a", "1002"), ("b", "1001")]


@pytest.mark.row("S2-030")
@pytest.mark.parametrize("terms", [rules("{id: fast, when: {shipping_method: [Express]}, use: [b]}")])
async def test_express_orders_go_to_another_partner_than_standard_ones(brand: Brand) -> None:
    await brand.buy(shipping_method="Express")
    await brand.buy(shipping_method="Standard")
    assert brand.bought() == [("a", "1002"), ("b", "1001")]


@pytest.mark.row("S2-031")
@pytest.mark.parametrize("terms", [rules("{id: abroad, when: {country_not: [US]}, use: [b]}")])
async def test_an_order_to_germany_goes_to_the_cross_border_partner(brand: Brand) -> None:
    german = {"address1": "Unter den Linden 5", "city": "Berlin", "zip": "10117", "country_code": "DE"}
    await brand.buy(shipping_address=german | {"province_code": None})
    await brand.buy()
    assert brand.bought() == [("a", "1002"), ("b", "1001")]


NEAREST = """sku,supplier,supplier_sku,unit_cost,currency
NECK-01,a,AX1,10.00,USD
NECK-01,c,CX1,10.00,USD
"""


@pytest.mark.row("S2-039")
@pytest.mark.parametrize("terms", [Terms("{choose_by: nearest}", regions=ABROAD, skus=NEAREST)])
async def test_american_orders_ship_from_america_and_british_ones_from_britain(brand: Brand) -> None:
    british = {"address1": "221B Baker Street", "city": "London", "zip": "NW1 6XE", "country_code": "GB"}
    await brand.buy()
    await brand.buy(shipping_address=british | {"province_code": "ENG"})
    assert brand.bought() == [("a", "1001"), ("c", "1002")]


@pytest.mark.row("S1-034")
async def test_edited_rules_count_from_the_next_order_on_and_decisions_name_their_version(
    brand: Brand,
) -> None:
    await brand.buy()
    await brand.publish(rules=rules("{id: b-first, prefer: [b]}").rules)
    await brand.buy()
    assert brand.bought() == [("a", "1001"), ("b", "1002")]
    first, second = await brand.decisions()
    assert first["rules_version"] != second["rules_version"]


@pytest.mark.row("S1-014")
async def test_a_figure_of_45_minutes_is_not_used_where_30_are_allowed(brand: Brand) -> None:
    brand.suppliers["a"].feed_age = 45
    await brand.buy()
    assert brand.bought() == [("b", "1001")]
    (decision,) = await brand.decisions()
    assert decision["lines"][0]["reason"] == "fallback:stale-stock(a)"
