"""Nothing is bought unchecked, and nothing is bought without a way to fail."""

import pytest

from tests.flow.writing import HEAD, checked, compiled, flow, mistakes

BUYER = HEAD.replace("uses:", "uses:\n  supplier: workshop")

BUY = """
- step: send-po
  do: supplier.create_purchase_order
  with:
    reference: ${order.number}
    order_number: ${order.number}
    ship_to: ${order.ship_to}
    lines:
      - line_id: ${order.number}
        sku: A
        supplier_sku: B
        quantity: 2
"""
FAILS = """\
  on_refused:
    otherwise:
      - step: ask
        hold:
          case: supplier-refused
          title: The supplier refused ${order.number}
          choices:
            done: I bought it by hand
"""
CLAIM = """
- step: claim
  do: purchasing.claim
  with:
    order: ${order}
    purchase:
      supplier: one
      reference: ${order.number}
      lines: []
  on_refused:
    otherwise:
      - step: unsafe
        stop: Not safe to buy
"""


@pytest.mark.row("S1-019")
def test_a_purchase_wired_straight_to_the_order_is_refused_with_the_missing_guards() -> None:
    told = mistakes(BUY + FAILS, BUYER.replace("order_placed", "order_paid"))

    assert "E-UNGUARDED-PO" in told
    assert "stock, address, payment" in told
    assert "step send-po" in told


@pytest.mark.row("S1-018")
def test_a_purchase_without_a_failure_path_does_not_compile() -> None:
    found = checked(flow(CLAIM + BUY, BUYER))

    assert found.graph is None
    assert [(p.code, p.step) for p in found.errors] == [("E-NO-FAILURE-PATH", "send-po")]
    assert "send-po" in found.errors[0].message
    assert "out-of-stock, address-invalid, otherwise" in found.errors[0].hint


def test_a_claimed_purchase_with_a_failure_path_is_taken() -> None:
    assert "send-po" in compiled(CLAIM + BUY + FAILS, BUYER).nodes
    assert checked(flow(CLAIM + BUY + FAILS, BUYER)).problems == []


def test_a_claim_in_one_branch_guards_nothing_after_it() -> None:
    inside = "\n".join("      " + line for line in CLAIM.strip().splitlines())
    maybe = f"\n- step: maybe\n  if: order.quantity > 1\n  then:\n{inside}\n"

    assert "E-UNGUARDED-PO" in mistakes(maybe + BUY + FAILS, BUYER)


def test_a_claim_in_a_parallel_branch_guards_nothing_beside_it() -> None:
    def nested(text: str) -> str:
        return "\n".join("      " + line for line in text.strip().splitlines())

    steps = f"\n- step: both\n  parallel:\n    a:\n{nested(CLAIM)}\n    b:\n{nested(BUY + FAILS)}\n"

    assert "E-UNGUARDED-PO" in mistakes(steps, BUYER)


def test_a_claim_after_the_purchase_guards_nothing() -> None:
    assert "E-UNGUARDED-PO" in mistakes(BUY + FAILS + CLAIM, BUYER)


def test_buying_after_a_refused_claim_is_warned_of() -> None:
    careless = CLAIM.replace("        stop: Not safe to buy", "        set:\n          x: y")

    found = checked(flow(careless + BUY + FAILS, BUYER))

    assert [(p.code, p.step, p.is_warning) for p in found.problems] == [("W-CLAIM-REFUSED", "send-po", True)]


def test_a_purchase_line_is_checked_down_to_its_fields() -> None:
    told = mistakes(
        CLAIM + (BUY + FAILS).replace("quantity: 2", "quantity: none").replace("sku: A", "skv: A"), BUYER
    )

    assert '"quantity" is a number' in told
    assert 'PurchaseLine has no field "skv". Did you mean "sku"?' in told
    assert "PurchaseLine needs sku." in told


def test_a_supplier_chosen_by_data_must_be_named_at_the_step() -> None:
    many = HEAD.replace("uses:", "uses:\n  supplier:\n    capability: supplier\n    many: true")

    told = mistakes(CLAIM + BUY + FAILS, many)
    fine = compiled(
        (CLAIM + BUY + FAILS).replace("purchase_order\n", "purchase_order\n  on: ${order.number}\n"), many
    )

    assert 'The role "supplier" has many connections. Say which by `on`' in told
    assert "send-po" in fine.nodes
