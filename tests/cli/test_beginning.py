"""From an empty folder to a project that checks clean, and from a name to a connector that keeps every rule."""

import json
import os
import subprocess
import sys
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from hub.cli.command import with_json
from hub.flow.reader import read
from hub.flow.schema import schema
from hub.project.project import FILE
from tests.cli.conftest import Shell


@pytest.mark.row("S2-047")
def test_a_new_project_checks_clean_and_begins_with_one_kind_of_routing_rule(shell: Shell) -> None:
    assert shell("init", str(shell.folder)).exit_code == 0

    checked = shell("flow", "check", str(shell.folder))
    assert checked.exit_code == 0, checked.output

    hub = yaml.safe_load((shell.folder / FILE).read_text())
    conditions = {condition for rule in hub["rules"] for condition in rule["when"]}
    assert conditions == {"sku_prefix"}
    assert {connection["mode"] for connection in hub["connections"].values()} == {"sandbox"}


def test_a_new_project_has_every_flow_of_its_pack(shell: Shell) -> None:
    shell("init", str(shell.folder))
    pack = {f.name for f in (files("flows") / "faros").iterdir() if f.name.endswith(".yaml")}
    assert {path.name for path in (shell.folder / "flows").iterdir()} == pack


def test_a_folder_that_holds_something_is_left_alone(shell: Shell) -> None:
    shell.folder.mkdir()
    (shell.folder / "mine.txt").write_text("mine")
    refused = shell("init", str(shell.folder))
    assert refused.exit_code == 1
    assert "is not empty" in refused.stderr
    assert [path.name for path in shell.folder.iterdir()] == ["mine.txt"]


def test_a_pack_that_is_not_there_is_named_with_those_that_are(shell: Shell) -> None:
    refused = shell("init", str(shell.folder), "--pack", "farso")
    assert refused.exit_code == 1
    assert 'Did you mean "faros"?' in refused.stderr


@pytest.mark.row("S2-062")
def test_a_new_connector_passes_its_own_tests(tmp_path: Path, shell: Shell) -> None:
    folder = tmp_path / "faros-initech-goods"
    made = shell("connector", "new", "faros-initech-goods", "--into", str(folder))
    assert made.exit_code == 0, made.output
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)]
    tested = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stdout
    assert "12 passed" in tested.stdout
    assert (
        "globex"
        not in "".join(p.read_text() for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc").lower()
    )


@pytest.mark.row("S2-062")
def test_a_new_connector_is_found_by_its_entry_point_once_it_is_installed(
    tmp_path: Path, shell: Shell
) -> None:
    folder = tmp_path / "faros-initech-goods"
    shell("connector", "new", "faros-initech-goods", "--into", str(folder))
    # What an installer leaves of a package: its name, and what its pyproject.toml says of entry points.
    described = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    left = folder / "faros_initech_goods-0.1.0.dist-info"
    left.mkdir()
    named = f"Metadata-Version: 2.1\nName: {described['name']}\nVersion: {described['version']}\n"
    (left / "METADATA").write_text(named)
    points = "\n".join(f"{name} = {module}" for name, module in described["entry-points"]["faros"].items())
    (left / "entry_points.txt").write_text(f"[faros]\n{points}\n")

    command = [sys.executable, "-m", "hub.cli", "connector", "check", "initech_goods", "--json"]
    where = {**os.environ, "PYTHONPATH": str(folder)}
    checked = subprocess.run(command, env=where, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "broken" not in {row["verdict"] for row in json.loads(checked.stdout)}


def test_a_connector_is_held_to_the_standard_tests(shell: Shell) -> None:
    found = shell("connector", "check", "easypost", "--json")
    assert found.exit_code == 0, found.output
    verdicts = {row["rule"]: row["verdict"] for row in json.loads(found.stdout)}
    assert len(verdicts) == 12
    assert verdicts["reads"] == "kept"


def test_a_connector_of_another_name_is_not_found_but_its_neighbour_is_named(shell: Shell) -> None:
    refused = shell("connector", "check", "easypots")
    assert refused.exit_code == 1
    assert "Did you mean 'easypost'?" in refused.stderr
    assert "Traceback" not in refused.output


def test_the_list_of_connectors_can_be_read_by_a_program(tmp_path: Path, shell: Shell) -> None:
    path = tmp_path / "connectors.json"
    assert shell("connector", "list", "--json", str(path)).exit_code == 0
    assert "shopify" in {row["name"] for row in json.loads(path.read_text())}


def test_json_may_be_asked_for_without_a_file() -> None:
    assert with_json(["order", "show", "--json", "1001"]) == ["order", "show", "--json=-", "1001"]
    assert with_json(["order", "show", "1001", "--json", "x.json"]) == [
        "order",
        "show",
        "1001",
        "--json=x.json",
    ]


def test_the_schema_for_editors_is_printed_whole(shell: Shell) -> None:
    assert json.loads(shell("flow", "schema").stdout) == schema()


def test_the_new_projects_own_file_is_read_without_a_warning(shell: Shell) -> None:
    shell("init", str(shell.folder))
    assert read((shell.folder / FILE).read_text(), FILE)
    assert "warning" not in shell("flow", "check", str(shell.folder)).stderr


@pytest.mark.row("S1-008")
def test_the_pack_is_a_whole_playbook(shell: Shell) -> None:
    shell("init", str(shell.folder), "--pack", "faros")

    shown = json.loads(shell("flow", "graph", str(shell.folder), "--json").stdout)
    graphs = {file.stem: file.read_text() for file in (shell.folder / "flows").iterdir()}
    stages = {text.split("\nstage: ")[1].split("\n")[0] for text in graphs.values()}
    assert stages == {"filter", "assign", "route", "observe", "solve"}
    assert {spot["flow"] for spot in shown["spots"]} == set(graphs)
    told = json.loads(shell("exceptions", "--dir", str(shell.folder), "--json").stdout)
    assert {"out-of-stock", "address", "stalled", "fraud-review"} <= {row["type"] for row in told}
    assert shell("exceptions", "lint", "--dir", str(shell.folder)).exit_code == 0
    written = json.loads(shell("notice", "list", "--dir", str(shell.folder), "--json").stdout)
    seven = [
        "order-confirmed",
        "fulfilment-started",
        "tracking-added",
        "in-transit",
        "out-for-delivery",
        "delivered",
    ]
    assert [row["notice"] for row in written][:7] == [*seven, "follow-up-review"]
    assert all(row["subject"] for row in written)
    assert shell("flow", "lint", str(shell.folder)).exit_code == 0
