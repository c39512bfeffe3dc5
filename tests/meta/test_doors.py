"""The doors of the house that the import linter cannot watch yet, because it wants both sides to exist."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOORS = {
    "hub.catalog.invoke": "hub/engine/effects",
    "hub.catalog.receive": "hub/engine/intake",
    "hub.catalog.probe": "hub/engine/probe",
}
OUTSIDE = {"asyncio", "httpx", "pyreqwest", "asyncpg", "redis", "socket", "time", "random", "sqlalchemy"}


def imports(path: Path) -> set[str]:
    """The full names a file imports, `from a import b` counted as `a` and as `a.b`."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


@pytest.mark.parametrize("door", DOORS)
def test_a_connectors_code_is_reached_through_one_door_by_one_room(door: str) -> None:
    strangers = [
        place
        for path in sorted((ROOT / "hub").rglob("*.py"))
        if not (place := path.relative_to(ROOT).as_posix()).startswith((DOORS[door], "hub/catalog/"))
        and any(name == door or name.startswith(f"{door}.") for name in imports(path))
    ]
    assert strangers == []


def test_what_a_run_becomes_is_computed_without_clock_chance_network_or_database() -> None:
    pure = [*(ROOT / "hub/engine").glob("walk*.py"), *(ROOT / "hub/engine/walk").rglob("*.py")]
    pure += [*(ROOT / "hub/model").rglob("*.py"), *(ROOT / "hub/flow").rglob("*.py")]
    impure = {
        path.relative_to(ROOT).as_posix(): sorted(reached)
        for path in pure
        if (reached := {name.split(".")[0] for name in imports(path)} & OUTSIDE)
    }
    assert pure and impure == {}
