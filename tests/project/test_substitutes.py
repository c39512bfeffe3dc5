"""The list of substitutes: what may be sent in another's place, and every mistake in it at its line."""

from pathlib import Path

import pytest

from hub.store.configuration import SubstituteNew
from tests.project.folder import HUB, SKUS, loaded, mistakes, write

NAMED = HUB + "substitutes: substitutes.csv\n"
MORE = SKUS + "MUG-3,engraver,,1.00,USD\n"


def listing(folder: Path, text: str, hub: str = NAMED, skus: str = MORE) -> Path:
    write(folder, hub=hub, skus=skus)
    (folder / "substitutes.csv").write_text(text)
    return folder


def test_the_list_keeps_the_merchants_order(tmp_path: Path) -> None:
    text = "sku,substitute_sku,kind,note\nMUG-1,MUG-3,equal,same glaze\nMUG-1, MUG-2 ,similar,\n"
    (store,) = loaded(listing(tmp_path, text)).stores
    assert store.substitutes == (
        SubstituteNew("MUG-1", "MUG-3", "equal", "same glaze"),
        SubstituteNew("MUG-1", "MUG-2", "similar", ""),
    )


def test_a_note_may_be_left_out_and_so_may_the_whole_list(tmp_path: Path) -> None:
    (store,) = loaded(listing(tmp_path, "sku,substitute_sku,kind\nMUG-1,MUG-2,equal\n")).stores
    assert store.substitutes == (SubstituteNew("MUG-1", "MUG-2", "equal"),)
    (store,) = loaded(listing(tmp_path, "", hub=HUB)).stores
    assert store.substitutes == ()


def test_every_mistake_is_named_at_its_line_with_a_remedy(tmp_path: Path) -> None:
    text = (
        "sku,substitute_sku,kind,note\nMUG-1,MUG-9,equal,\nMUGG-1,MUG-2,equal,\nMUG-1,MUG-2,equl,\n"
        "MUG-1,MUG-1,equal,\n,MUG-2,equal,\nMUG-1,MUG-3,equal,\nMUG-1,MUG-3,similar,\n"
    )
    found = mistakes(listing(tmp_path, text))
    assert [(p.place.line, p.message) for p in found] == [
        (2, 'The SKU map has no article "MUG-9".'),
        (3, 'The SKU map has no article "MUGG-1".'),
        (4, '"equl" is no kind of substitute.'),
        (5, "MUG-1 cannot take its own place."),
        (6, "This line has no sku."),
        (8, "MUG-3 in place of MUG-1 is given twice."),
    ]
    assert {p.place.path.rsplit("/", 1)[-1] for p in found} == {"substitutes.csv"}
    assert found[1].hint == 'Did you mean "MUG-1"?'
    assert found[2].hint == 'Did you mean "equal"?'


def test_a_mistake_in_the_sku_map_is_told_once_and_not_as_a_missing_article(tmp_path: Path) -> None:
    spoiled = MORE.replace("MUG-2,engraver,,0.10", 'MUG-2,engraver,,"0,10"')
    (found,) = mistakes(listing(tmp_path, "sku,substitute_sku,kind\nMUG-1,MUG-2,equal\n", skus=spoiled))
    assert found.place.path.endswith("skus.csv")


@pytest.mark.parametrize(
    ("named", "text", "said"),
    [
        ("substitutes.csv", "sku,kind\nMUG-1,equal\n", "has no column substitute_sku"),
        ("substitute.csv", "", "cannot be read"),
        ("../substitutes.csv", "", "in the project's folder"),
    ],
)
def test_a_list_that_cannot_be_read_says_why(tmp_path: Path, named: str, text: str, said: str) -> None:
    found = mistakes(listing(tmp_path, text, hub=HUB + f"substitutes: {named}\n"))
    assert len(found) == 1
    assert said in found[0].message


def test_each_store_gets_only_what_its_own_suppliers_sell(tmp_path: Path) -> None:
    hub = (
        NAMED.replace("connections:\n", "  second:\n    currency: EUR\nconnections:\n", 1)
        .replace("    connector: webhook\n", "    connector: webhook\n    store: main\n")
        .replace("    mode: sandbox", "    mode: sandbox\n    store: main")
        .replace("connector: easypost", "connector: easypost\n    store: main")
    )
    text = "sku,substitute_sku,kind\nMUG-1,MUG-2,equal\n"
    listing(tmp_path, text, hub=hub)
    (tmp_path / "flows" / "note.yaml").unlink()
    by_id = {store.id: len(store.substitutes) for store in loaded(tmp_path).stores}
    assert by_id == {"main": 1, "second": 0}


def test_days_off_of_store_and_supplier_are_read_from_hub_yaml(tmp_path: Path) -> None:
    hub = HUB.replace(
        "    policies:\n", "    hours:\n      holidays: [2026-12-25]\n    policies:\n", 1
    ).replace(
        "    region: US-NY\n",
        "    region: US-NY\n    handling_days: {earliest: 1, latest: 3}\n"
        "    hours:\n      zone: Asia/Shanghai\n      closes: 18:00\n      holidays: [2026-10-01]\n",
    )
    (store,) = loaded(write(tmp_path, hub=hub)).stores
    (spec,) = store.suppliers
    assert store.settings["hours"] == {"holidays": ["2026-12-25"]}
    assert (spec.handling_days.earliest, spec.handling_days.latest) == (1, 3)
    assert spec.hours is not None and spec.hours.zone == "Asia/Shanghai"

    (found,) = mistakes(write(tmp_path, hub=hub.replace("[2026-12-25]", "[25.12.2026]")))
    assert found.message == '"25.12.2026" is no date.'
    (found,) = mistakes(write(tmp_path, hub=hub.replace("Asia/Shanghai", "Asia/Shangai")))
    assert "no time zone" in found.message
    (found,) = mistakes(write(tmp_path, hub=hub.replace("earliest: 1", "earliest: 9")))
    assert "the earliest, 9, is after the latest, 3" in found.message
