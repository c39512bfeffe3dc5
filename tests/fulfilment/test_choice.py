"""The choice of suppliers is the best of all, not only a good one: compared with trying everything."""

from decimal import Decimal
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.fulfilment.assignment import choose
from hub.fulfilment.candidates import Candidate
from hub.fulfilment.decision import CandidateFigures
from hub.fulfilment.policies import Policies
from hub.sdk import Refused
from tests.fulfilment.trade import line, usd

SUPPLIERS = "abcd"
Costs = list[list[int | None]]


def market(costs: Costs, shipping: list[int]) -> dict[str, list[Candidate]]:
    """A line per row, a supplier per column; None where a supplier does not sell it."""
    return {
        f"line-{row}": [
            Candidate(
                line(f"SKU-{row}", id=f"line-{row}"),
                CandidateFigures(
                    supplier=name,
                    supplier_sku=f"{name}-{row}",
                    standing="possible",
                    available=9,
                    threshold=0,
                    unit_cost=usd(cost),
                    shipping=usd(shipping[column]),
                    zone="abroad",
                ),
            )
            for column, (name, cost) in enumerate(zip(SUPPLIERS, costs[row], strict=True))
            if cost is not None
        ]
        for row in range(len(costs))
    }


def total(chosen: list[CandidateFigures], penalty: Decimal) -> Decimal:
    parcels = {f.supplier: f.shipping.amount for f in chosen if f.shipping}
    articles = sum((f.unit_cost.amount for f in chosen if f.unit_cost), Decimal(0))
    return articles + sum(parcels.values(), Decimal(0)) + penalty * (len(parcels) - 1)


rows = st.lists(
    st.lists(st.one_of(st.none(), st.integers(1, 30)), min_size=4, max_size=4).filter(any),
    min_size=1,
    max_size=4,
)


@settings(max_examples=150, deadline=None)
@given(costs=rows, shipping=st.lists(st.integers(0, 20), min_size=4, max_size=4), penalty=st.integers(0, 9))
def test_nothing_is_cheaper_than_what_is_chosen(costs: Costs, shipping: list[int], penalty: int) -> None:
    policies = Policies(split_penalty=Decimal(penalty))
    found = market(costs, shipping)
    chosen = list(choose(found, policies).values())
    every = product(*([c.figures for c in candidates] for candidates in found.values()))
    assert total(chosen, policies.split_penalty) == min(
        total(list(some), policies.split_penalty) for some in every
    )


@settings(max_examples=100, deadline=None)
@given(costs=rows, shipping=st.lists(st.integers(0, 20), min_size=4, max_size=4))
def test_a_store_that_never_splits_gets_one_parcel_or_none(costs: Costs, shipping: list[int]) -> None:
    found = market(costs, shipping)
    whole = [name for column, name in enumerate(SUPPLIERS) if all(row[column] is not None for row in costs)]
    try:
        chosen = {f.supplier for f in choose(found, Policies(split="never")).values()}
    except Refused as error:
        assert (error.code, whole) == ("cannot-place", [])
    else:
        assert len(chosen) == 1
        assert chosen <= set(whole)
