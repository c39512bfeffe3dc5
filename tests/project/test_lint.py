"""What a merchant may publish and should think about first: articles nobody assigns, stock told once a day."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hub.fulfilment.supplier import threshold
from hub.project.lint import Linted, lint_project
from hub.sdk import SUPPLIER, Connector
from tests.project.folder import HUB, SKUS, catalog, loaded, write

TWO = HUB.replace("roles:", "  engraver-la:\n    connector: supplier_api\n    mode: sandbox\nroles:").replace(
    "rules:", "  coast:\n    connection: engraver-la\nrules:"
)
BOTH = SKUS + "MUG-1,coast,C-1,5.00,USD\nPIN-1,engraver,ENG-9,1.00,USD\nPIN-1,coast,C-9,1.10,USD\n"
BATCH = HUB.replace("    stock_max_age: 24 h\n", "    stock_mode: batch\n")


def linted(folder: Path, **texts: str) -> Linted:
    return lint_project(write(folder, **texts), catalog())


def told(found: Linted, code: str) -> list[str]:
    return [str(problem) for problem in found.problems if problem.code == code]


@pytest.mark.row("S2-036")
def test_suppliers_whose_articles_do_not_overlap_need_no_rule(tmp_path: Path) -> None:
    found = linted(tmp_path, hub=TWO, skus=SKUS + "PIN-1,coast,C-9,1.10,USD\n")

    (overlap,) = found.overlaps
    assert (overlap.articles, overlap.undecided) == (0, ())
    assert told(found, "W-OVERLAP") == []


@pytest.mark.row("S2-036")
def test_an_article_that_two_sell_and_no_rule_decides_is_a_warning(tmp_path: Path) -> None:
    found = linted(tmp_path, hub=TWO, skus=BOTH)

    (overlap,) = found.overlaps
    assert (overlap.articles, overlap.undecided) == (2, ("PIN-1",)), "a rule prefers the engraver for mugs"
    (warning,) = told(found, "W-OVERLAP")
    assert "overlap=2" in warning and "PIN-1" in warning and "MUG-1" not in warning


@pytest.mark.row("S2-036")
def test_a_rule_for_it_ends_the_warning(tmp_path: Path) -> None:
    rule = "  - id: pins\n    when:\n      sku: [PIN-1]\n    prefer: [coast, engraver]\nsku_map"

    found = linted(tmp_path, hub=TWO.replace("sku_map", rule), skus=BOTH)

    assert found.overlaps[0].articles == 2 and told(found, "W-OVERLAP") == []


@pytest.mark.row("S1-015")
def test_stock_told_once_a_day_is_a_warning_and_doubles_the_threshold(tmp_path: Path) -> None:
    found = linted(tmp_path, hub=BATCH)

    (warning,) = told(found, "W-BATCH-STOCK")
    line = 1 + BATCH.splitlines().index("    stock_mode: batch")
    assert f"hub.yaml:{line}" in warning
    assert "24 hours" in warning and "Below 10 units" in warning and "twice the 5" in warning
    (store,) = loaded(tmp_path).stores
    (supplier,) = store.suppliers
    assert threshold(supplier, store.policies) == 10


@pytest.mark.row("S1-015")
def test_a_merchants_own_threshold_is_not_doubled(tmp_path: Path) -> None:
    found = linted(tmp_path, hub=BATCH.replace("mode: batch\n", "mode: batch\n    safety_threshold: 40\n"))

    (warning,) = told(found, "W-BATCH-STOCK")
    assert "Below 40 units" in warning and "twice" not in warning


def test_live_stock_is_no_warning(tmp_path: Path) -> None:
    assert told(linted(tmp_path), "W-BATCH-STOCK") == []


class Mute(Connector[Any]):
    """A supplier that takes orders and is never heard of."""

    name = "mute"
    title = "Mute"
    level = 3
    capabilities = (SUPPLIER,)


@pytest.mark.row("S1-145")
def test_a_supplier_that_cannot_tell_tracking_numbers_leaves_them_to_people_and_that_is_said(
    tmp_path: Path,
) -> None:
    known = catalog()
    known.installed = replace(known.installed, connectors={**known.installed.connectors, "mute": Mute})
    hub = HUB.replace(
        "connector: supplier_api\n    mode: sandbox", "connector: mute\n    base_url: https://mute.example"
    )

    found = lint_project(write(tmp_path, hub=hub), known)

    warnings = told(found, "W-HANDOFF")
    assert [warning for warning in warnings if "manual handoff: tracking" in warning]
    assert all(f"hub.yaml:{1 + hub.splitlines().index('  engraver:')}" in warning for warning in warnings)
    assert told(linted(tmp_path), "W-HANDOFF") == [], "one with an API tells them itself"
