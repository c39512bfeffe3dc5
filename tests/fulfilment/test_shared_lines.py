"""Lines whose units several suppliers ship, since none has enough: the best of all ways to share them out."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import product
from random import Random

import pytest

from hub.fulfilment.assignment import Choice, choose
from hub.fulfilment.candidates import Candidate
from hub.fulfilment.decision import CandidateFigures, Part
from hub.fulfilment.kits import units_of
from hub.fulfilment.plan import Plan, Possible, part_of, plan_of
from hub.fulfilment.policies import Policies
from hub.sdk import Refused
from tests.fulfilment.test_choice import CHOOSE_BY, RISKS, candidate, suppliers_of, trusted
from tests.fulfilment.trade import line, usd

Market = tuple[Possible, Policies]


def short_market(chance: Random) -> Market:
    """One or two lines and up to four suppliers of few units each; some lines somebody has whole, some are packs."""
    suppliers = "abcd"[: chance.randint(2, 4)]
    policies = Policies(
        split_line="when_short",
        min_pieces=chance.randint(1, 3),
        choose_by=chance.choice(CHOOSE_BY),
        max_parcels=chance.randint(2, 4),
        split_penalty=Decimal(chance.choice(["0", "0.5", "4"])),
    )
    is_same_sku = chance.random() < 0.3
    wanted = [chance.randint(2, 7) for _ in range(chance.randint(1, 2))]
    is_pack = chance.random() < 0.2
    found: Possible = {}
    stock = {n: chance.randint(0, 6) for n in suppliers}
    for row, quantity in enumerate(wanted):
        needed = sum(wanted) if is_same_sku else quantity
        of_line = []
        for name in suppliers:
            has = stock[name] if is_same_sku else chance.randint(0, 6)
            c = candidate(row, name, name if is_same_sku else f"{name}-{row}", chance)
            of_line.append(stocked(c, quantity, needed, has, policies))
        found[f"line-{row}"] = [pack(c) for c in of_line] if is_pack else of_line
    return trusted(found, {name: chance.choice(RISKS) for name in suppliers}), policies


def stocked(c: Candidate, quantity: int, needed: int, has: int, policies: Policies) -> Candidate:
    """The same offer, of so many units, of which the whole order needs so many."""
    share = min(has, quantity) if has < needed else 0
    least = min(policies.min_pieces, quantity)
    figures = {
        "available": has,
        "standing": "possible" if has >= needed else "oos",
        "share": share if share >= least else 0,
    }
    line = c.line.model_copy(update={"quantity": quantity})
    return Candidate(line, c.figures.model_copy(update=figures))


def pack(c: Candidate) -> Candidate:
    """The same units, each of which is two of the supplier's article."""
    part = Part(supplier_sku=c.figures.supplier_sku, units=2, available=2 * (c.figures.available or 0) + 1)
    return Candidate(c.line, c.figures.model_copy(update={"parts": [part]}))


def every_way(found: list[Candidate], policies: Policies) -> Iterator[list[Candidate]]:
    """Each way to ship one line: whole, or where nobody has it whole, in shares that are large enough."""
    whole = [c for c in found if c.figures.standing == "possible"]
    if whole:
        yield from ([c] for c in whole)
        return
    quantity = found[0].line.quantity
    least = min(policies.min_pieces, quantity)
    counts = [[0, *range(least, c.figures.share + 1)] if c.figures.share else [0] for c in found]
    for units in product(*counts):
        if sum(units) == quantity:
            yield [part_of(c, n) for c, n in zip(found, units, strict=True) if n]


def every_plan(possible: Possible, policies: Policies) -> Iterator[Plan]:
    """Each way to ship all lines that stock and policies allow."""
    for ways in product(*(list(every_way(found, policies)) for found in possible.values())):
        some = [c for way in ways for c in way]
        taken, has = Counter[tuple[str, str]](), dict[tuple[str, str], int]()
        for c in some:
            taken.update(units_of(c.line, c.figures))
            f = c.figures
            parts = f.parts or [Part(supplier_sku=f.supplier_sku, units=1, available=f.available)]
            has |= {(f.supplier, part.supplier_sku): part.available or 0 for part in parts}
        is_enough = all(has[article] >= units for article, units in taken.items())
        if is_enough and len({c.figures.supplier for c in some}) <= policies.max_parcels:
            yield plan_of(some, policies)


def best_of(possible: Possible, policies: Policies) -> Choice | None:
    """What is chosen is as good as the best of all ways; where there is none, it is refused."""
    best = min(every_plan(possible, policies), key=lambda plan: plan.score, default=None)
    try:
        choice = choose(possible, policies)
    except Refused as refused:
        assert (refused.code in ("out-of-stock", "cannot-place"), best) == (True, None)
        return None
    assert best is not None
    plan = plan_of([c for shares in choice.chosen.values() for c in shares], policies)
    # All but the names, which only settle what is equal.
    assert plan.score[:-1] == best.score[:-1]
    assert choice.is_best
    assert choice.cost == choice.bound == plan.cost
    assert choice.line_by_line is None or policies.choose_by != "margin" or _same(plan, choice, possible)
    for id, shares in choice.chosen.items():
        assert sum(c.line.quantity for c in shares) == possible[id][0].line.quantity
    return choice


def _same(plan: Plan, choice: Choice, possible: Possible) -> bool:
    """Line by line is never cheaper at the same preference; where preferences differ it says nothing."""
    alike = {c.figures.preference for found in possible.values() for c in found} == {0}
    priced = all(c.figures.unit_cost for found in possible.values() for c in found)
    return not (alike and priced) or plan.cost <= (choice.line_by_line or 0)


@pytest.mark.parametrize("part", range(4))
def test_nothing_is_better_than_how_lines_are_shared_out_in_small_markets(part: int) -> None:
    seen = Counter[str]()
    for seed in range(part * 1_000, part * 1_000 + 1_000):
        choice = best_of(*short_market(Random(seed)))
        shared = choice and any(len(shares) > 1 for shares in choice.chosen.values())
        seen["refused" if choice is None else "shared" if shared else "whole"] += 1
        assert not shared or (choice is not None and choice.found_by == "integer-program")
    assert min(seen["refused"], seen["shared"], seen["whole"]) > 100, seen


def offer(supplier: str, has: int, cost: int = 5, wanted: int = 10) -> Candidate:
    figures = CandidateFigures(
        supplier=supplier, supplier_sku=f"{supplier}-1", available=has, share=has if has < wanted else 0,
        standing="possible" if has >= wanted else "oos", why=f"{has} left, {wanted} needed.",
        threshold=0, unit_cost=usd(cost), shipping=usd(2), zone="abroad",
    )  # fmt: skip
    return Candidate(line(quantity=wanted, id="one"), figures)


def shares(*offers: Candidate, **policies: object) -> dict[str, int]:
    wanted = Policies.model_validate({"split_line": "when_short", **policies})
    (found,) = choose({"one": list(offers)}, wanted).chosen.values()
    return {c.figures.supplier: c.line.quantity for c in found}


def test_ten_are_six_and_four() -> None:
    assert shares(offer("a", 6), offer("b", 4)) == {"a": 6, "b": 4}


def test_as_much_as_can_be_comes_from_whoever_is_cheaper() -> None:
    assert shares(offer("a", 6, cost=9), offer("b", 9, cost=5)) == {"a": 1, "b": 9}
    assert shares(offer("a", 6, cost=9), offer("b", 9, cost=5), min_pieces=3) == {"a": 3, "b": 7}


def test_whoever_has_all_of_it_ships_all_of_it_even_if_it_is_dearer() -> None:
    assert shares(offer("a", 6, cost=1), offer("b", 4, cost=1), offer("c", 10, cost=9)) == {"c": 10}


@pytest.mark.parametrize(
    "policies",
    [{"split_line": "never"}, {"split": "never"}, {"max_parcels": 1}, {"min_pieces": 5}],
    ids=str,
)
def test_where_the_store_does_not_want_it_shared_out_it_is_out_of_stock(policies: dict[str, object]) -> None:
    with pytest.raises(Refused, match=r"a: 6 left, 10 needed\.; b: 4 left, 10 needed\.") as refused:
        shares(offer("a", 6), offer("b", 4), **policies)
    assert refused.value.code == "out-of-stock"


def test_too_few_together_are_out_of_stock() -> None:
    with pytest.raises(Refused) as refused:
        shares(offer("a", 5), offer("b", 4))
    assert refused.value.code == "out-of-stock"


def test_the_suppliers_of_a_plan_are_those_of_its_shares() -> None:
    choice = choose({"one": [offer("a", 6), offer("b", 4)]}, Policies(split_line="when_short"))
    assert suppliers_of(choice) == {"a", "b"}
    assert {choice.cost, choice.bound, choice.line_by_line} == {Decimal(54)}
