"""Packs and kits in the SKU map, and every mistake in them at its line."""

from pathlib import Path

from tests.project.folder import loaded, mistakes, write

HEAD = "sku,supplier,supplier_sku,unit_cost,currency,units\n"


def test_units_make_a_pack_and_several_rows_with_units_a_kit(tmp_path: Path) -> None:
    skus = (
        f"{HEAD}MUG-1,engraver,ENG-1,4.50,USD,\nMUG-6,engraver,ENG-1,4.50,USD,6\n"
        "GIFT-1,engraver,ENG-1,4.50,USD,1\nGIFT-1,engraver,BOX,0.80,USD,1\nGIFT-1,engraver,CARD,0.10,USD,2\n"
    )
    (store,) = loaded(write(tmp_path, skus=skus)).stores
    assert [(a.sku, a.supplier_sku, a.units) for a in store.articles] == [
        ("MUG-1", "ENG-1", 1),
        ("MUG-6", "ENG-1", 6),
        ("GIFT-1", "ENG-1", 1),
        ("GIFT-1", "BOX", 1),
        ("GIFT-1", "CARD", 2),
    ]


def test_what_is_no_pack_and_no_kit_is_a_mistake_at_its_line(tmp_path: Path) -> None:
    skus = (
        f"{HEAD}A,engraver,A1,1,USD,0\nB,engraver,B1,1,USD,half\n"
        "C,engraver,C1,1,USD,2\nC,engraver,C1,1,USD,3\n"
        "D,engraver,D1,1,USD,2\nD,engraver,D2,1,EUR,1\n"
        "E,engraver,E1,1,USD,\nE,engraver,E2,1,USD,2\nF,engraver,F1,1,USD,1\nF,engraver,F2,1,USD,\n"
    )
    found = mistakes(write(tmp_path, skus=skus))
    assert [(p.place.line, p.message) for p in found] == [
        (2, 'units "0" is no whole number.'),
        (3, 'units "half" is no whole number.'),
        (5, "C of engraver is given twice."),
        (7, "Parts of D cost EUR and USD."),
        (9, "E of engraver is given twice."),
        (11, "F of engraver is given twice."),
    ]
    assert all(p.hint for p in found)
