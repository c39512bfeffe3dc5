"""The house rules that no linter knows, read from the files themselves."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import hub.sdk
import hub.sdk.hooks

ROOT = Path(__file__).parents[2]
ROOMS = ("hub", "connectors", "flows", "dashboard", "tests")
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "misc", "manager", "managers"}
EMPTY_WORDS = re.compile(r"(Manager|Handler|Service|Processor|Helper|Util|Utils|Base|Abstract|Impl)$")
# Put together here, so that this file does not hold what it looks for.
MACHINE = re.compile(
    "|".join(["/" + "work/", "/" + "opt/pypi", "/" + "root/", "pypi" + r"\.org", "files" + r"\.pythonhosted"])
)
HOOKS = 4
SETTINGS = 20

type_ignore = re.compile(r"#\s*type:\s*ignore(?!\[[a-z-]+(, ?[a-z-]+)*\])")
bare_noqa = re.compile(r"#\s*noqa(?!: [A-Z]+\d+(, ?[A-Z]+\d+)*[ #-]+[A-Za-z`][a-z ])")


def sources() -> list[Path]:
    """Our Python files, those not yet committed included; migrations are as Alembic writes them."""
    found = (path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    return sorted(path for path in found if path.parent.name != "versions")


def place(path: Path) -> str:
    """How a file is named in a message."""
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    named = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return len([name for name in named if name.arg not in ("self", "cls")])


def line(path: Path, number: int) -> str:
    return path.read_text().splitlines()[number - 1]


def depth(node: ast.AST) -> int:
    """How deep choices and loops lie in each other; an `elif` is beside its `if`, and `with` chooses nothing."""
    blocks = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.Match)
    deepest = 0
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        beside = isinstance(node, ast.If) and isinstance(child, ast.If) and [child] == node.orelse
        deepest = max(deepest, depth(child) + (isinstance(child, blocks) and not beside))
    return deepest


def tracked() -> list[Path]:
    """The text files that git knows."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    names = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [
        path for path in names if path.is_file() and path.suffix not in {".png", ".gif", ".ico", ".woff2"}
    ]


def test_every_file_fits_in_three_hundred_lines() -> None:
    lengths = {place(path): len(path.read_text().splitlines()) for path in sources()}
    assert {path: lines for path, lines in lengths.items() if lines > 300} == {}


def test_every_function_fits_on_a_screen() -> None:
    long = {
        f"{place(path)}:{function.lineno} {function.name}": lines
        for path in sources()
        for function in functions(path)
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > 40
    }
    assert long == {}


def test_no_function_asks_for_more_than_six_things() -> None:
    greedy = {
        f"{place(path)}:{function.lineno} {function.name}": count
        for path in sources()
        for function in functions(path)
        if (count := parameters(function)) > 6 and "noqa: PLR0913" not in line(path, function.lineno)
    }
    assert greedy == {}


def test_no_block_lies_deeper_than_three() -> None:
    deep = {
        f"{place(path)}:{function.lineno} {function.name}": depth(function)
        for path in sources()
        for function in functions(path)
        if depth(function) > 3
    }
    assert deep == {}


def test_no_file_or_class_has_a_name_that_says_nothing() -> None:
    empty = [place(path) for path in sources() if path.stem in EMPTY_NAMES]
    empty += [
        f"{place(path)}: {node.name}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef) and EMPTY_WORDS.search(node.name)
    ]
    assert empty == []


def test_every_module_says_what_it_is_for() -> None:
    assert [place(path) for path in sources() if not ast.get_docstring(ast.parse(path.read_text()))] == []


def test_nothing_is_imported_wholesale() -> None:
    stars = [
        f"{place(path)}:{node.lineno}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and any(name.name == "*" for name in node.names)
    ]
    assert stars == []


@pytest.mark.parametrize(
    "silencer", [type_ignore, bare_noqa], ids=["type: ignore[code]", "noqa: CODE reason"]
)
def test_every_silenced_check_says_which_and_why(silencer: re.Pattern[str]) -> None:
    silent = [
        f"{place(path)}:{number}"
        for path in sources()
        if path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if silencer.search(line)
    ]
    assert silent == []


def test_what_a_connector_may_import_is_what_the_ground_floor_names() -> None:
    named = hub.sdk.__all__
    assert len(named) == len(set(named))
    tree = ast.parse(Path(hub.sdk.__file__).read_text())
    brought = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    own = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id != "__all__"
    }
    assert brought | own == set(named)


def test_settings_are_few() -> None:
    path = ROOT / "hub" / "settings.py"
    tree = ast.parse(path.read_text()) if path.exists() else ast.Module([], [])
    settings = {
        node.name: len([line for line in node.body if isinstance(line, ast.AnnAssign)])
        for node in tree.body
        if isinstance(node, ast.ClassDef)
    }
    assert sum(settings.values()) <= SETTINGS


def test_hooks_are_few() -> None:
    assert 1 <= len(hooks()) <= HOOKS


def test_every_hook_has_its_heading_where_people_look_for_it() -> None:
    guide = ROOT / "connectors" / "README.md"
    headings = (
        [line for line in guide.read_text().splitlines() if line.startswith("#")]
        if guide.exists()
        else hooks()
    )
    assert [hook for hook in hooks() if not any(hook in heading for heading in headings)] == []


def hooks() -> list[str]:
    """The names of the hook specifications."""
    assert hub.sdk.hooks.__file__ is not None
    return [
        function.name
        for function in functions(Path(hub.sdk.hooks.__file__))
        if any("hookspec" in ast.unparse(decorator) for decorator in function.decorator_list)
    ]


def test_locks_hold_names_versions_and_hashes_but_no_addresses() -> None:
    locks = sorted(ROOT.glob("*.lock"))
    assert [lock.name for lock in locks] == [
        "requirements-dev.lock",
        "requirements-uv.lock",
        "requirements.lock",
    ]
    for lock in locks:
        assert "://" not in lock.read_text()
        pins = [line for line in lock.read_text().splitlines() if line and not line.startswith(" ")]
        assert [pin for pin in pins if not re.match(r"[\w.\[\],-]+==[\w.+]+", pin)] == []


def test_both_locks_agree() -> None:
    runtime, development = (pins(ROOT / name) for name in ("requirements.lock", "requirements-dev.lock"))
    assert {name: version for name, version in runtime.items() if development.get(name) != version} == {}


def pins(lock: Path) -> dict[str, str]:
    """The version of each package of a lock; a package may be pinned twice under different conditions."""
    found = re.findall(r"^([\w.\[\]-]+)==([^ ;\\]+)([^\\]*)", lock.read_text(), re.MULTILINE)
    return {f"{name}{condition.strip()}": version for name, version, condition in found}


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    known = [
        f"{place(path)}:{number}"
        for path in tracked()
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if MACHINE.search(line)
    ]
    assert known == []
