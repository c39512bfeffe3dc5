"""One slip of the pen hides no other mistake: what was clearly meant is checked as if it stood there."""

from hub.assembly import catalog_of
from hub.flow.checker import check

SLIPS = """\
format: 1
flow: slips
title: Seven slips

uses:
  shop: sales-chanel

trigger:
  event: shop.order_payd
  key: ${event.nubmer}

steps:
  - step: read
    do: shpo.get_ordr
    with:
      id: ${event.order_id}
    as: order
  - step: big
    if: order.total > 500
    then:
      - step: look
        hold:
          case: large
          title: Order ${order.number}
          due: 4 parsecs
  - step: read
    wait:
      for: 1 hour
"""


def mistakes(text: str) -> list[tuple[int, str]]:
    """Where they are, and what each says."""
    return [(p.place.line, f"{p.message} {p.hint}") for p in check(text, "slips.yaml", catalog_of()).errors]


def test_everything_behind_a_slip_is_looked_at_all_the_same() -> None:
    found = mistakes(SLIPS)
    assert [line for line, _ in found] == [6, 9, 10, 14, 14, 19, 23, 25, 26]
    said = " ".join(said for _, said in found)
    for meant in ("sales-channel", "order_paid", "number", "shop", "get_order"):
        assert f'Did you mean "{meant}"?' in said
    assert "Money cannot be compared with a number" in said
    assert '`hold` needs "choices"' in said
    assert "4 parsecs" in said
    assert 'Step "read" is already' in said


def test_where_it_is_anybodys_guess_what_was_meant_nothing_is_made_of_it() -> None:
    found = mistakes(SLIPS.replace("sales-chanel", "telephone"))
    assert found[0][1].startswith('No capability or connector "telephone" is installed.')
    assert not any("get_ordr" in said or "order_payd" in said for _, said in found)
