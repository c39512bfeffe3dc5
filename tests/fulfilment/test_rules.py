"""Routing rules: which lines they speak of, and what they leave undecided."""

from decimal import Decimal
from typing import Any

import pytest

from hub.fulfilment.policies import Policies
from hub.fulfilment.rules import When, matching, names, undecided_overlap, version_of
from tests.fulfilment.trade import BERLIN, line, order, rule, supplier, usd


@pytest.mark.parametrize(
    "when",
    [
        {},
        {"sku": ["NECK-01", "RING-02"]},
        {"sku_prefix": ["NECK-"]},
        {"category": ["jewels"]},
        {"tag": ["VIP"]},
        {"country": ["DE"]},
        {"country_not": ["US"]},
        {"region": ["DE-BE"]},
        {"region": ["BE"]},
        {"shipping_method": ["EXPRESS"]},
        {"value_at_least": Decimal(89)},
        {"value_below": Decimal("89.01")},
    ],
)
def test_a_rule_speaks_of_a_line_that_meets_its_condition(when: dict[str, Any]) -> None:
    it = order(
        lines=[line(category="jewels")],
        tags=["VIP", "new"],
        ship_to=BERLIN.model_copy(update={"region": "BE"}),
        shipping_method="Express",
        total=usd(89),
    )
    assert [r.id for r in matching([rule("it", When(**when))], it, it.lines[0])] == ["it"]


@pytest.mark.parametrize(
    "when",
    [
        {"sku": ["RING-02"]},
        {"sku_prefix": ["ECK"]},
        {"category": ["jewels"]},
        {"tag": ["VIP"]},
        {"country": ["DE"]},
        {"country_not": ["US"]},
        {"region": ["CA"]},
        {"shipping_method": ["express"]},
        {"value_at_least": Decimal("89.01")},
        {"value_below": Decimal(89)},
        {"sku": ["NECK-01"], "tag": ["VIP"]},
    ],
)
def test_a_rule_is_silent_when_any_of_its_conditions_fails(when: dict[str, Any]) -> None:
    it = order()
    assert matching([rule("it", When(**when))], it, it.lines[0]) == []


def test_suppliers_are_chosen_by_name_place_or_level() -> None:
    ny = supplier("ny", "US-NY", level=1)
    assert all(names(selector, ny) for selector in ("ny", "region:US", "region:US-NY", "level:1"))
    assert not any(
        names(selector, ny) for selector in ("n", "region:U", "region:US-N", "level:2", "colour:red")
    )


def test_the_version_changes_with_every_rule_and_policy_and_with_nothing_else() -> None:
    rules, policies = [rule("a", use=["a"])], Policies()
    assert version_of(rules, policies) == version_of([rule("a", use=["a"])], Policies())
    others = [version_of([], policies), version_of(rules, Policies(safety_threshold=6))]
    assert len({version_of(rules, policies), *others}) == 3


def test_what_several_sell_and_no_rule_decides_is_named() -> None:
    apart = {"X-1": ["a"], "Y-1": ["b"]}
    both = {**apart, "Z-1": ["a", "b"]}
    assert undecided_overlap(apart, []) == []
    assert undecided_overlap(both, []) == ["Z-1"]
    assert undecided_overlap(both, [rule("uk", When(country=["GB"]), use=["b"])]) == ["Z-1"]
    assert undecided_overlap(both, [rule("not-z", When(sku_prefix=["X-"]), prefer=["a"])]) == ["Z-1"]
    assert undecided_overlap(both, [rule("z", When(sku=["Z-1"]), prefer=["b"])]) == []
    assert undecided_overlap(both, [rule("all", prefer=["a", "b"])]) == []
