"""What a stranger reads first is true: its flows, its commands, its picture of a graph, its links."""

import csv
import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest
import typer.main
import yaml
from typer.testing import CliRunner

from hub.api import cases, catalog, connections, flows, health, orders, runs
from hub.assembly import catalog_of
from hub.cli.command import app
from hub.flow.checker import check
from hub.sdk import KINDS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "README.md").read_text(encoding="utf-8")
FLOORS = (ROOT / "hub" / "README.md").read_text(encoding="utf-8")
MISTAKES = {"order.total.amount > 500": "order.total > 500", "${order.number} is": "${order.nubmer} is"}
"""What the page says was written wrongly."""

PAGES = (ROOT / "README.md", ROOT / "hub" / "README.md", ROOT / "CHANGELOG.md")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def commands(text: str) -> set[str]:
    """Every `faros ...` of a text: in backticks, and at the front of a shell line or of one of its parts."""
    code = re.findall(r"`(faros [^`\n]+)`", text)
    for line in "\n".join(blocks(text, "sh")).splitlines():
        parts = [part.strip() for part in re.split(r"&&|;|\|", line.split("#")[0])]
        code += [part for part in parts if part.startswith("faros ")]
    return set(code)


def understood(line: str) -> str:
    """What the command line makes of it: empty, or the word it does not know."""
    command: Any = typer.main.get_command(app)
    words = shlex.split(line)[1:]
    while words and isinstance(command, click.Group | typer.core.TyperGroup):
        if words[0] not in command.commands:
            return words[0]
        command = command.commands[words.pop(0)]
    options = {name for parameter in command.params for name in parameter.opts}
    return next((word for word in words if word.startswith("--") and word not in options), "")


@pytest.mark.parametrize("line", sorted(set().union(*(commands(page.read_text()) for page in PAGES))))
def test_every_command_that_is_named_exists(line: str) -> None:
    assert understood(line) == ""


def test_a_command_that_does_not_exist_would_be_found() -> None:
    assert understood("faros flow chekc x.yaml") == "chekc"
    assert understood("faros up --wrokers 4") == "--wrokers"
    assert len(commands(PAGE)) > 15


def test_every_flow_of_the_page_can_be_published() -> None:
    shown = blocks(PAGE, "yaml")

    assert len(shown) == 1
    for text in shown:
        assert yaml.safe_load(text)["flow"] == "large-orders"
        assert [str(problem) for problem in check(text, "README.md", catalog_of()).problems] == []


def test_the_mistakes_shown_are_what_the_checker_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (text,) = blocks(PAGE, "yaml")
    for right, wrong in MISTAKES.items():
        assert right in text
        text = text.replace(right, wrong)
    (tmp_path / "large-orders.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)

    told = CliRunner().invoke(app, ["flow", "check", "large-orders.yaml"], env={"COLUMNS": "110"})

    assert told.exit_code == 1
    assert told.stderr.strip() in [block.strip() for block in blocks(PAGE, "text")]


def test_the_graph_shown_is_the_flow_that_buys() -> None:
    flow = str(ROOT / "flows" / "faros" / "route.yaml")

    drawn = CliRunner().invoke(app, ["flow", "graph", flow, "--mermaid"])

    assert [drawn.stdout.strip()] == [block.strip() for block in blocks(PAGE, "mermaid")], (
        "`faros flow graph flows/faros/route.yaml --mermaid` draws it anew."
    )


def test_every_address_asked_by_curl_is_one_the_api_answers() -> None:
    rooms = (runs, cases, orders, flows, connections, catalog, health)
    known = {route.path for room in rooms for route in room.router.routes if hasattr(route, "path")}
    asked = set(re.findall(r"\$HUB(/[a-z./]+)", PAGE)) - {"/webhooks/shop", "/openapi.json"}

    assert asked == {"/health", "/orders/", "/cases", "/runs"}
    assert {path for path in asked if path not in known and f"{path}{{number}}" not in known} == set()
    assert "/cases/{id}/resolution" in known & set(re.findall(r"`POST (\S+)`", PAGE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_place_that_is_named_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    places = re.findall(r"`((?:hub|connectors|flows|dashboard|tests|deploy)/[\w./-]*)`", text)

    assert [link for link in links if not (page.parent / link).exists()] == []
    assert [place for place in places if "NAME" not in place and not (ROOT / place).exists()] == []


def test_every_folder_of_the_repository_is_in_the_table() -> None:
    table = PAGE.partition("## The repository")[2]

    named = re.findall(r"^\| `(\w+)/` \|", table, re.MULTILINE)

    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert set(named) == packages | {"tests", "deploy"}


def test_the_rows_are_counted_rightly() -> None:
    with (ROOT / "tests" / "rows.tsv").open(newline="") as lines:
        count = len(list(csv.DictReader(lines, delimiter="\t")))

    assert re.findall(r"of the (\d+) requirements", PAGE) == [str(count)]


def test_every_kind_of_effect_and_every_room_is_explained() -> None:
    rooms = {path.name for path in (ROOT / "hub").iterdir() if path.is_dir() and any(path.glob("*.py"))}
    rooms |= {path.stem for path in (ROOT / "hub").glob("*.py")} - {"__init__"}

    assert [kind for kind in (*KINDS, "declared") if f"| `{kind}` |" not in FLOORS] == []
    assert {room for room in rooms if not re.search(rf"^\| .*`{room}`", FLOORS, re.MULTILINE)} == set()


def test_nothing_is_promised_to_happen_exactly_once() -> None:
    assert [page.name for page in PAGES if "exactly once" in page.read_text(encoding="utf-8").lower()] == []
