"""`faros csv read` tells a person, or a program, what a file is."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from hub.cli.command import app

GERMAN = "Artikelnummer;Bestand;Preis\n00123;5;12,50\n1,23E+12;3;4,00\nA3;ausverkauft;1.004,00\n".encode(
    "cp1252"
)


def faros(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def german(tmp_path: Path) -> Path:
    path = tmp_path / "stock.csv"
    path.write_bytes(GERMAN)
    return path


def test_json_has_what_a_program_needs(german: Path) -> None:
    found = json.loads(faros("csv", "read", german, "--json").stdout)
    assert found["encoding"] == "utf-8"
    assert (found["delimiter"], found["decimal_mark"], found["kind"]) == (";", ",", "stock")
    assert found["columns"] == [
        {"name": "Artikelnummer", "meaning": "sku"},
        {"name": "Bestand", "meaning": "stock"},
        {"name": "Preis", "meaning": "price"},
    ]
    assert found["rows"] == {"total": 3, "accepted": 2, "rejected": 1}
    (rejected,) = found["rejected"]
    assert rejected["line"] == 3
    assert "scientific notation" in rejected["reason"]
    assert {question["about"] for question in found["questions"]} == {"currency", "is_full"}


def test_a_person_sees_columns_counts_reasons_and_what_is_to_be_confirmed(german: Path) -> None:
    told = faros("csv", "read", german)
    assert told.exit_code == 0
    for words in (
        "delimiter ;",
        "decimal mark ,",
        "Artikelnummer",
        "sku",
        "3 rows, 2 taken, 1 rejected",
        "To be confirmed",
    ):
        assert words in told.output


def test_a_confirmed_profile_is_held_to(german: Path, tmp_path: Path) -> None:
    profile = tmp_path / "profile.yaml"
    assert faros("csv", "read", german, "--save", profile).exit_code == 0
    assert json.loads(faros("csv", "read", german, "--profile", profile, "--json").stdout)["questions"] == []
    german.write_bytes(GERMAN.replace(b"Bestand", b"Menge"))
    refused = faros("csv", "read", german, "--profile", profile)
    assert refused.exit_code == 1
    assert "these columns are missing in it: 'Bestand'" in refused.output


def test_what_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    book = tmp_path / "stock.csv"
    book.write_bytes(b"PK\x03\x04")
    assert "This is a zip archive or an Excel workbook" in faros("csv", "read", book).output
    assert "There is no file" in faros("csv", "read", tmp_path / "none.csv").output
