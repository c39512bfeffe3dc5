"""The count of proved rows must itself be true."""

import json
from pathlib import Path

import pytest

from tests import rows

CHECKS = """
import pytest

@pytest.mark.row("S1-001", "S1-002")
def test_proves_two():
    assert True

@pytest.mark.row("S1-002")
def test_breaks_one_of_them():
    assert False

@pytest.mark.row("S1-003")
@pytest.mark.skip(reason="not today")
def test_never_ran():
    assert True
"""


@pytest.fixture
def marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with three marked tests, and a book of its own."""
    monkeypatch.setattr(rows, "ROOT", tmp_path)
    monkeypatch.setattr(rows, "BOOK", tmp_path / "book" / "rows.json")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = row(*ids): what it proves\n")
    # A name of its own: Python keeps what it imported under a name.
    marked = tmp_path / f"{tmp_path.name}.py"
    marked.write_text(CHECKS)
    return marked


def run(checks: Path) -> int:
    quiet = ("-p", "no:asyncio", "--import-mode=importlib")
    return pytest.main(
        ["-q", "-p", "no:cacheprovider", "-c", str(checks.with_name("pytest.ini")), *quiet, str(checks)],
        plugins=[rows],
    )


def test_all_rows_are_listed_once_in_a_few_words() -> None:
    titles = rows.titles()
    lines = rows.TITLES.read_text().splitlines()[1:]
    assert len(titles) == len(lines) == 276
    assert all(1 <= len(title.split()) <= 8 for title in titles.values())


def test_a_row_counts_only_when_every_test_of_it_ran_and_passed(marked: Path) -> None:
    assert run(marked) == 1
    assert rows.proved(rows.read()) == {"S1-001"}


def test_a_later_session_corrects_what_it_ran_and_keeps_the_rest(marked: Path) -> None:
    run(marked)
    other = marked.with_name("test_other_row.py")
    other.write_text(CHECKS.split("@pytest")[0] + '\n@pytest.mark.row("S2-001")\ndef test_a(): pass\n')
    assert run(other) == 0
    assert rows.proved(json.loads(rows.BOOK.read_text())) == {"S1-001", "S2-001"}


def test_a_mistyped_row_stops_the_session(marked: Path) -> None:
    marked.write_text(CHECKS.replace("S1-003", "S1-999"))
    assert run(marked) == pytest.ExitCode.USAGE_ERROR
