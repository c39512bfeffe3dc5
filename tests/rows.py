"""The book of rows: which of the requirements in rows.tsv have a passing test.

As a pytest plugin it notes the outcome of every test marked `row`; run as a program it prints the count.
"""

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

import pytest

ROOT = Path(__file__).parents[1]
BOOK = ROOT / ".faros" / "rows.json"
TITLES = Path(__file__).with_name("rows.tsv")


class Entry(TypedDict):
    """What one test proves, and whether it passed when it last ran."""

    rows: list[str]
    passed: bool


def titles() -> dict[str, str]:
    """Every row's id with a few words that say what it is about."""
    with TITLES.open(newline="") as lines:
        return {row["id"]: row["title"] for row in csv.DictReader(lines, delimiter="\t")}


class Bookkeeper:
    """Collects the outcomes of one session; under xdist only the controller writes."""

    def __init__(self) -> None:
        self.seen: dict[str, Entry] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test proves its rows only when all of its phases passed."""
        rows = [str(value) for name, value in report.user_properties if name == "row"]
        if rows:
            entry = self.seen.setdefault(report.nodeid, Entry(rows=rows, passed=True))
            entry["passed"] = entry["passed"] and report.passed

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Replace what this session ran, keep what it did not, drop tests whose file has gone."""
        if not self.seen or hasattr(session.config, "workerinput"):
            return
        kept = {test: entry for test, entry in read().items() if (ROOT / test.split("::")[0]).exists()}
        rerun = {test.split("::")[0] for test in self.seen} if _whole_files(session.config) else set()
        kept = {test: entry for test, entry in kept.items() if test.split("::")[0] not in rerun}
        BOOK.parent.mkdir(exist_ok=True)
        BOOK.write_text(json.dumps(kept | self.seen, indent=1, sort_keys=True))


def _whole_files(config: pytest.Config) -> bool:
    chosen = config.getoption("keyword") or config.getoption("markexpr")
    return not chosen and not any("::" in str(argument) for argument in config.args)


def pytest_configure(config: pytest.Config) -> None:
    """Open the book for this session."""
    config.pluginmanager.register(Bookkeeper(), "rows-bookkeeper")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Hand each test's rows to its reports; an id that is not in rows.tsv stops the session."""
    known = titles()
    for item in items:
        for row in rows_of(item):
            if row not in known:
                raise pytest.UsageError(f"{item.nodeid}: row {row!r} is not in tests/rows.tsv.")
            item.user_properties.append(("row", row))


def rows_of(item: pytest.Item) -> Iterator[str]:
    """The ids a test is marked with."""
    for mark in item.iter_markers("row"):
        yield from (str(row) for row in mark.args)


def read() -> dict[str, Entry]:
    """The book as it stands, by test."""
    if not BOOK.exists():
        return {}
    book: dict[str, Entry] = json.loads(BOOK.read_text())
    return book


def proved(book: dict[str, Entry]) -> set[str]:
    """The rows with at least one test, all of whose tests passed."""
    outcomes: dict[str, list[bool]] = defaultdict(list)
    for entry in book.values():
        for row in entry["rows"]:
            outcomes[row].append(entry["passed"])
    return {row for row, passed in outcomes.items() if all(passed)}


def main(arguments: list[str]) -> None:
    """Print the count by section; with --open also the rows that nothing proves."""
    book, names = read(), titles()
    done = proved(book) & names.keys()
    tried = {row for entry in book.values() for row in entry["rows"]}
    for section in sorted({row.split("-")[0] for row in names}):
        rows = [row for row in names if row.startswith(f"{section}-")]
        print(f"{section}: {len(done.intersection(rows))} of {len(rows)} rows have a passing test")
        for row in rows:
            if row not in done and ("--open" in arguments or row in tried):
                print(f"  {row}  {'failing' if row in tried else 'open   '}  {names[row]}")
    print(f"in all: {len(done)} of {len(names)}, from {len(book)} tests (as each ran last)")


if __name__ == "__main__":
    main(sys.argv[1:])
