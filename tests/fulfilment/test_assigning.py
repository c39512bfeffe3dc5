"""Assign: which supplier ships what, by rule, stock, cost and place."""

from decimal import Decimal

import pytest

from hub.fulfilment.decision import AboutOrder
from hub.fulfilment.policies import ZoneShipping
from hub.fulfilment.purchasing import candidates
from hub.fulfilment.rules import When
from hub.fulfilment.supplier import ShippingQuote
from hub.sdk.commerce import Money
from tests.fulfilment.trade import BERLIN, LONDON, Trade, line, order, refusal, rule, supplier, usd


def ships(cost: int, **place: str) -> list[ShippingQuote]:
    return [ShippingQuote(cost=usd(cost), **place)]


@pytest.mark.row("S1-030")
async def test_a_supplier_and_an_own_warehouse_are_both_candidates_with_their_figures(trade: Trade) -> None:
    trade.suppliers = [
        supplier("maker", shipping=ships(4)),
        supplier("warehouse", "US-NY", shipping=ships(2)),
    ]
    await trade.sells(stock=7, maker=10, warehouse=11)
    found = {f.supplier: f for f in (await trade.decide(order())).candidates}
    assert {name: f.standing for name, f in found.items()} == {"maker": "possible", "warehouse": "chosen"}
    assert found["maker"].unit_cost == usd(10)
    assert found["maker"].shipping == usd(4)
    assert (found["warehouse"].available, found["warehouse"].zone) == (7, "same-region")
    kept = "select lines -> 0 -> 'candidates' -> 0 ->> 'supplier' from decisions where store_id = $1"
    assert await trade.value(kept) == "maker"


@pytest.mark.row("S1-031")
async def test_the_nearer_of_two_equal_warehouses_ships(trade: Trade) -> None:
    trade.suppliers = [supplier("ca", "US-CA"), supplier("ny", "US-NY")]
    await trade.sells(ca=10, ny=10)
    assert (await trade.decide(order())).supplier == "ny"


@pytest.mark.row("S1-032", "S1-053")
async def test_the_nearest_has_none_so_the_next_one_ships(trade: Trade) -> None:
    trade.suppliers = [supplier("cn", "CN-GD"), supplier("ca", "US-CA"), supplier("ny", "US-NY")]
    await trade.sells(cn=10, ca=10, ny=10)
    await trade.has("ny", available=0)
    decision = await trade.decide(order())
    assert (decision.supplier, decision.reason) == ("ca", "fallback:oos(ny)")


@pytest.mark.row("S1-033", "S2-043")
async def test_the_cheaper_of_two_alike_ships(trade: Trade) -> None:
    await trade.sells(a=10, b=12)
    await trade.sells("RING-02", a=10, b=9)
    assert (await trade.decide(order())).supplier == "a"
    assert (await trade.decide(order("#1002", lines=[line("RING-02")]))).supplier == "b"


async def test_a_changed_figure_decides_the_next_order_and_shows_in_its_rule_version(trade: Trade) -> None:
    trade.suppliers = [supplier("near", "US-NY"), supplier("far", "CN-GD")]
    await trade.sells(near=20, far=10)
    before = await trade.assign(order())
    assert (before.purchases[0].supplier, before.lines[0].reason) == ("near", "margin")
    trade.policies = trade.policies.model_copy(update={"zone_shipping": ZoneShipping(abroad=Decimal(5))})
    after = await trade.assign(order("#1002"))
    assert after.purchases[0].supplier == "far"
    assert after.rules_version != before.rules_version


@pytest.mark.row("S1-052")
async def test_a_preferred_supplier_goes_before_a_cheaper_one(trade: Trade) -> None:
    trade.rules = [rule("a-first", prefer=["a", "b"])]
    await trade.sells(a=10, b=1)
    assert (await trade.decide(order())).supplier == "a"


@pytest.mark.row("S1-054", "S2-042")
async def test_the_first_supplier_is_out_and_the_second_gets_it_without_anybody(trade: Trade) -> None:
    trade.rules = [rule("a-first", prefer=["a", "b"])]
    await trade.sells(a=10, b=12)
    await trade.has("a", available=0)
    await trade.has("b", available=5)
    decision = await trade.decide(order())
    assert (decision.supplier, decision.reason) == ("b", "fallback:oos(a)")


@pytest.mark.row("S2-040")
async def test_stock_decides(trade: Trade) -> None:
    await trade.sells(a=10, b=10)
    await trade.has("a", available=0)
    await trade.has("b", available=4)
    assert (await trade.decide(order())).supplier == "b"


@pytest.mark.row("S1-057")
async def test_a_tag_routes(trade: Trade) -> None:
    trade.suppliers = [supplier("plain"), supplier("premium")]
    trade.rules = [rule("vip", When(tag=["VIP"]), use=["premium"], tags=["routed-premium"])]
    await trade.sells(plain=10, premium=20)
    vip = await trade.assign(order(tags=["VIP"]))
    assert (vip.purchases[0].supplier, vip.tags) == ("premium", ["routed-premium"])
    assert (await trade.decide(order("#1002"))).supplier == "plain"


@pytest.mark.row("S1-058")
async def test_domestic_only_never_falls_back_abroad(trade: Trade) -> None:
    trade.suppliers = [supplier("cn", "CN"), supplier("ny", "US-NY"), supplier("ca", "US-CA")]
    trade.rules = [rule("us-only", When(tag=["US-Customer"]), use=["region:US"])]
    await trade.sells(cn=1, ny=10, ca=11)
    it = order(tags=["US-Customer"])
    asked = await trade.ask(candidates, AboutOrder(order=it))
    assert [s.connection for s in asked.suppliers] == ["ca", "ny"]
    assert (await trade.decide(it)).supplier == "ny"
    for name in ("ny", "ca"):
        await trade.has(name, available=0)
    held = await refusal(trade.assign(order("#1002", tags=["US-Customer"])))
    assert held.code == "out-of-stock"
    assert "cn: Rule us-only does not allow it" in held.reason


@pytest.mark.row("S2-022")
async def test_of_two_catalogues_the_rule_names_one_and_says_why_not_the_other(trade: Trade) -> None:
    trade.rules = [rule("uk-by-b", When(country=["GB"]), use=["b"])]
    await trade.sells(a=5, b=10)
    decision = await trade.decide(order(ship_to=LONDON))
    assert (decision.supplier, decision.reason) == ("b", "rule")
    (other,) = [f for f in decision.candidates if f.supplier == "a"]
    assert (other.standing, other.why) == ("barred-by-rule", "Rule uk-by-b does not allow it.")


@pytest.mark.row("S2-029", "S2-035", "S2-037")
async def test_a_mixed_order_is_split_by_category_and_sku_each_line_once(trade: Trade) -> None:
    trade.rules = [
        rule("x-by-a", When(category=["X"]), use=["a"]),
        rule("y-by-b", When(category=["Y"]), use=["b"]),
        rule("set-s", When(sku=["SET-1", "SET-2"]), use=["a"]),
    ]
    for sku in ("X-1", "Y-1", "SET-1"):
        await trade.sells(sku, a=9, b=8)
    mixed = await trade.assign(
        order(lines=[line("X-1", category="X"), line("Y-1", category="Y"), line("SET-1")])
    )
    split = {p.supplier: [x.sku for x in p.lines] for p in mixed.purchases}
    assert split == {"a": ["X-1", "SET-1"], "b": ["Y-1"]}


@pytest.mark.row("S2-030")
async def test_the_shipping_method_chooses_the_partner(trade: Trade) -> None:
    trade.suppliers = [supplier("e"), supplier("s")]
    trade.rules = [
        rule("fast", When(shipping_method=["expedited"]), use=["e"]),
        rule("slow", When(shipping_method=["standard"]), use=["s"]),
    ]
    await trade.sells(e=1, s=1)
    assert (await trade.decide(order(shipping_method="Expedited"))).supplier == "e"
    assert (await trade.decide(order("#1002", shipping_method="standard"))).supplier == "s"


@pytest.mark.row("S2-031")
async def test_abroad_goes_to_the_cross_border_partner(trade: Trade) -> None:
    trade.suppliers = [supplier("domestic"), supplier("border", "CN")]
    trade.rules = [
        rule("abroad", When(country_not=["US"]), use=["border"]),
        rule("home", When(country=["US"]), use=["domestic"]),
    ]
    await trade.sells(domestic=10, border=10)
    assert (await trade.decide(order(ship_to=BERLIN))).supplier == "border"
    assert (await trade.decide(order("#1002"))).supplier == "domestic"


@pytest.mark.row("S2-038", "S2-039")
async def test_customers_get_it_from_their_own_country(trade: Trade) -> None:
    trade.suppliers = [supplier("uk", "GB"), supplier("us", "US-CA")]
    await trade.sells(uk=10, us=10)
    assert (await trade.decide(order())).supplier == "us"
    assert (await trade.decide(order("#1002", ship_to=LONDON))).supplier == "uk"


@pytest.mark.row("S2-044")
async def test_the_margin_counts_shipping_and_fees(trade: Trade) -> None:
    trade.suppliers = [supplier("a", shipping=ships(2)), supplier("b", shipping=ships(5))]
    await trade.sells(a=10, b=9)
    assert (await trade.decide(order())).supplier == "a"
    trade.policies = trade.policies.model_copy(update={"choose_by": "price"})
    assert (await trade.decide(order("#1002"))).supplier == "b"
    trade.policies = trade.policies.model_copy(update={"choose_by": "margin"})
    trade.suppliers = [supplier("a", shipping=ships(2), fee=usd(3)), supplier("b", shipping=ships(5))]
    assert (await trade.decide(order("#1003"))).supplier == "b"


@pytest.mark.row("S2-027")
async def test_an_order_no_rule_allows_waits_with_the_rule_named(trade: Trade) -> None:
    trade.rules = [rule("never-a", exclude=["a"]), rule("only-a", use=["a"])]
    await trade.sells(a=10, b=10)
    held = await refusal(trade.assign(order()))
    assert held.code == "no-supplier"
    assert "never-a" in held.reason
    assert "only-a" in held.reason


async def test_a_sku_nobody_knows_is_named(trade: Trade) -> None:
    await trade.sells(a=10)
    held = await refusal(trade.assign(order(lines=[line(), line("MYSTERY")])))
    assert (held.code, "MYSTERY" in held.reason, "NECK-01" in held.reason) == ("unknown-sku", True, False)


async def test_a_store_that_never_splits_holds_what_nobody_has_whole(trade: Trade) -> None:
    trade.policies = trade.policies.model_copy(update={"split": "never"})
    await trade.sells(a=10)
    await trade.sells("RING-02", b=10)
    both = order(lines=[line(), line("RING-02")])
    assert (await refusal(trade.assign(both))).code == "cannot-place"
    await trade.sells("RING-02", a=50)
    assert [p.supplier for p in (await trade.assign(both)).purchases] == ["a"]


async def test_one_parcel_beats_two_that_are_cheaper_only_by_article(trade: Trade) -> None:
    trade.suppliers = [supplier("a", shipping=ships(5)), supplier("b", shipping=ships(5))]
    await trade.sells(a=10, b=14)
    await trade.sells("RING-02", a=14, b=10)
    both = [line(), line("RING-02")]
    assert len((await trade.assign(order(lines=both))).purchases) == 1
    many = [line(quantity=2), line("RING-02", quantity=2)]
    assert len((await trade.assign(order("#1002", lines=many))).purchases) == 2


async def test_costs_in_two_currencies_are_not_compared(trade: Trade) -> None:
    await trade.sells(a=10)
    trade.suppliers = [supplier("a", fee=Money(amount=Decimal(1), currency="EUR"))]
    held = await refusal(trade.assign(order()))
    assert (held.code, "EUR" in held.reason) == ("no-supplier", True)


async def test_two_lines_of_one_sku_need_stock_for_both(trade: Trade) -> None:
    await trade.sells(stock=3, a=10)
    twice = [line(id="l1", quantity=2), line(id="l2", quantity=2)]
    assert (await refusal(trade.assign(order(lines=twice)))).code == "out-of-stock"


async def test_assigning_again_says_the_same_and_reserves_nothing_more(trade: Trade) -> None:
    await trade.sells(stock=1, a=10)
    assert await trade.assign(order()) == await trade.assign(order())
    assert await trade.value("select sum(quantity) from reservations where store_id = $1") == 1


@pytest.mark.row("S2-034")
async def test_every_line_has_one_decision_or_a_refusal(trade: Trade) -> None:
    await trade.sells(a=10)
    await trade.sells("RING-02", b=10)
    lines = [line(), line("RING-02"), line(id="line-3", quantity=2)]
    await trade.assign(order(lines=lines))
    kept = "select string_agg(l ->> 'line_id', ',') from decisions, jsonb_array_elements(lines) l where store_id = $1"
    assert await trade.value(kept) == "line-NECK-01,line-RING-02,line-3"
    assert (await refusal(trade.assign(order("#1002", lines=[line("MYSTERY")])))).code == "unknown-sku"
    assert await trade.value("select count(*) from decisions where store_id = $1") == 1


async def test_a_decision_says_why_nothing_better_was_chosen_and_what_line_by_line_would_have_cost(
    trade: Trade,
) -> None:
    """Each article is cheapest elsewhere, but who sells both needs one parcel less."""
    trade.suppliers = [supplier(name, shipping=ships(4)) for name in ("maker", "printer", "both")]
    await trade.sells("RING-02", maker=10, both=11)
    await trade.sells("MUG-01", printer=10, both=11)
    bought = await trade.assign(order(lines=[line("RING-02"), line("MUG-01")]))
    assert {p.supplier for p in bought.purchases} == {"both"}
    assert bought.proof is not None
    assert (bought.proof.found_by, bought.proof.is_best) == ("all-sets", True)
    assert bought.proof.cost == bought.proof.bound == usd(26)
    assert bought.proof.line_by_line == usd(28)
    kept = "select proof -> 'line_by_line' ->> 'amount' from decisions where store_id = $1"
    assert await trade.value(kept) == "28"
