"""Two connections that can do the same: the one that is tied in more closely does it, unless the merchant says no."""

from pathlib import Path

import pytest

from hub.project.project import Project
from tests.project.folder import FLOW, HUB, loaded, mistakes, write

BY_FILE = "  portal:\n    connector: supplier_csv\n    mode: sandbox\n"
ONE = FLOW.replace("  supplier:\n    capability: supplier\n    many: true\n", "  supplier: supplier\n")


def bound(folder: Path, players: str) -> Path:
    """A folder whose flow takes one supplier, of which hub.yaml binds these."""
    hub = HUB.replace("  engraver-ny:\n    connector", f"{BY_FILE}  engraver-ny:\n    connector")
    return write(folder, hub=hub.replace("supplier: [engraver-ny]", f"supplier: {players}"), note=ONE)


def players(project: Project) -> list[str]:
    (flow,) = project.flows
    return list(flow.roles["supplier"])


@pytest.mark.row("S1-146")
@pytest.mark.parametrize("order", ["[portal, engraver-ny]", "[engraver-ny, portal]"])
def test_of_two_that_can_serve_the_one_told_by_webhooks_comes_before_the_one_that_writes_files(
    tmp_path: Path, order: str
) -> None:
    project = loaded(bound(tmp_path, order))

    assert players(project) == ["engraver-ny"]
    (warning,) = [problem for problem in project.warnings if problem.code == "W-DEEPEST"]
    assert "engraver-ny (webhook) is taken" in warning.message and "portal (file)" in warning.message
    assert warning.hint == "Bind portal alone to take it instead."


@pytest.mark.row("S1-146")
def test_a_merchant_who_binds_the_other_gets_the_other(tmp_path: Path) -> None:
    project = loaded(bound(tmp_path, "portal"))

    assert players(project) == ["portal"]
    assert [problem for problem in project.warnings if problem.code == "W-DEEPEST"] == []


def test_between_two_of_one_depth_the_merchant_must_say(tmp_path: Path) -> None:
    folder = bound(tmp_path, "[engraver-ny, engraver-la]")
    hub = folder / "hub.yaml"
    hub.write_text(
        hub.read_text().replace(
            "roles:", "  engraver-la:\n    connector: supplier_api\n    mode: sandbox\nroles:"
        )
    )

    assert [p.message for p in mistakes(folder)] == [
        'Role "supplier" of flow note-delivery takes one connection.'
    ]


def test_who_binds_nobody_is_pointed_to_the_closest(tmp_path: Path) -> None:
    folder = bound(tmp_path, "portal")
    hub = folder / "hub.yaml"
    hub.write_text(hub.read_text().replace("  supplier: portal\n", ""))

    (found,) = mistakes(folder)
    assert "roles: {supplier: engraver-ny}" in found.hint
