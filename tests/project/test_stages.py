"""A store that leaves out a stage of FAROS is told what it risks, and may do so all the same."""

from pathlib import Path

import pytest

from tests.project.folder import FLOW, HUB, loaded, write

ROWS = ("S1-045", "S1-046", "S1-047", "S1-048", "S1-049")
RISKS = {
    "filter": "risks: Bad address, OOS routing.",
    "assign": "risks: Wrong supplier, cost bleed.",
    "route": "risks: Order never fulfilled.",
    "observe": "risks: Silent delays, WISMO spike.",
    "solve": "risks: Refunds, chargebacks.",
}
BUYS = """\
  - step: claim
    do: purchasing.claim
    with:
      order: ${order}
      purchase: ${purchase}
    as: claimed
    on_refused:
      otherwise:
        - step: unsafe
          stop: It is not safe
  - step: buy
    do: supplier.create_purchase_order
    effect: unsafe
    with: ${claimed}
    on_refused:
      otherwise:
        - step: refused
          stop: Refused
"""


def staged(*stages: str) -> dict[str, str]:
    """A flow for each of these stages."""
    return {
        s: FLOW.replace("note-delivery", f"do-{s}").replace("uses:", f"stage: {s}\nuses:") for s in stages
    }


def warned(folder: Path) -> list[str]:
    return [str(problem) for problem in loaded(folder).warnings if problem.code == "W-STAGE"]


@pytest.mark.parametrize(
    "missing", [pytest.param(s, marks=pytest.mark.row(row)) for s, row in zip(RISKS, ROWS, strict=True)]
)
def test_a_missing_stage_is_named_by_what_is_risked(tmp_path: Path, missing: str) -> None:
    told = warned(write(tmp_path, **staged(*(stage for stage in RISKS if stage != missing))))

    assert len(told) == 1
    assert RISKS[missing] in told[0] and "hub.yaml:1" in told[0]


def test_whoever_has_all_stages_hears_nothing(tmp_path: Path) -> None:
    assert warned(write(tmp_path, **staged(*RISKS))) == []


def test_a_folder_of_flows_that_name_no_stage_is_of_another_kind(tmp_path: Path) -> None:
    assert warned(write(tmp_path)) == []


@pytest.mark.row("S1-047")
def test_purchases_that_tag_no_order_are_half_of_route(tmp_path: Path) -> None:
    flows = staged(*RISKS)
    inputs = "inputs:\n  order: order\n  purchase: any\n"
    route = flows["route"].replace("trigger:\n  event: door.received\n  key: ${event.key_value}\n", inputs)
    flows["route"] = route.replace("  door: webhook\n", "").replace("many: true", "many: false") + BUYS
    hub = HUB.replace("supplier: [engraver-ny]", "supplier: engraver-ny")

    (told,) = warned(write(tmp_path, hub=hub, **flows))

    assert "the stage Route is incomplete" in told
