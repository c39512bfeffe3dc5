"""Orders and files in a folder of this machine."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from connectors.supplier_csv.arrivals import FileReceived
from connectors.supplier_csv.connector import SupplierCsv
from connectors.supplier_csv.files import MAX_BYTES, file_name
from hub.sdk import NotDone, Refused
from tests.connectors.supplier_csv.supplier import call, connector, look, order


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("in", "out"):
        (tmp_path / name).mkdir()
    return tmp_path


def supplier_at(root: Path, **settings: object) -> SupplierCsv:
    return connector({"type": "folder", "root": str(root)}, **settings)


async def test_an_order_is_one_whole_file_and_the_same_file_again(root: Path) -> None:
    supplier = supplier_at(root)
    await supplier.create_purchase_order(order(), call())
    first = (root / "in" / "1001-1.csv").read_bytes()
    (root / "in" / "1001-1.csv").unlink()
    await supplier.create_purchase_order(order(), call(minutes=5000))
    assert (root / "in" / "1001-1.csv").read_bytes() == first
    assert [path.name for path in (root / "in").iterdir()] == ["1001-1.csv"]
    with pytest.raises(Refused, match="says otherwise"):
        await supplier.create_purchase_order(order(city="Ulm"), call())


async def test_a_folder_that_is_not_there_and_an_encoding_that_cannot_leave_nothing_behind(
    root: Path,
) -> None:
    with pytest.raises(NotDone):
        await supplier_at(root / "gone").create_purchase_order(order(), call())
    with pytest.raises(NotDone):
        await look(supplier_at(root / "gone"), None, minutes=0)
    profile = {"encoding": "cp1252", "columns": [
        {"name": "PO", "holds": "reference"}, {"name": "SKU", "holds": "supplier_sku"},
        {"name": "Qty", "holds": "quantity"}, {"name": "City", "holds": "ship_city"},
    ]}  # fmt: skip
    supplier = supplier_at(root, orders={"path": "in", "profile": profile})
    with pytest.raises(Refused, match="'City' has a character that cp1252 cannot write") as told:
        await supplier.create_purchase_order(order(city="Łódź"), call())
    assert "Łódź" not in str(told.value)
    assert list((root / "in").iterdir()) == []


async def test_a_link_in_the_inbox_is_no_way_to_other_files_of_this_machine(root: Path) -> None:
    (root / "secret").write_bytes(b"canary")
    (root / "out" / "inv1.csv").symlink_to(root / "secret")
    supplier = supplier_at(root)
    _, cursor = await look(supplier, None, minutes=0)
    assert (await look(supplier, cursor, minutes=20))[0] == []


async def test_a_file_that_is_too_large_is_told_of_once_and_not_read(root: Path) -> None:
    with (root / "out" / "inv1.csv").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    supplier = supplier_at(root)
    _, cursor = await look(supplier, None, minutes=0)
    events, cursor = await look(supplier, cursor, minutes=2)
    assert [(one.problem, one.data) for one in events] == [("too-large", b"")]
    assert (await look(supplier, cursor, minutes=30))[0] == []


async def test_inboxes_are_looked_into_as_often_as_the_settings_say(root: Path) -> None:
    supplier = supplier_at(root, check_every="1 hour")
    (root / "out" / "inv1.csv").write_bytes(b"a")
    _, cursor = await look(supplier, None, minutes=0)
    events, cursor = await look(supplier, cursor, minutes=1)
    assert len(events) == 1
    (root / "out" / "inv2.csv").write_bytes(b"b")
    page = await supplier.file_received(cursor, call(minutes=59))
    assert page.cursor == cursor
    _, cursor = await look(supplier, cursor, minutes=61)
    events, _ = await look(supplier, cursor, minutes=62)
    assert [one.path for one in events] == ["out/inv2.csv"]


async def test_an_event_is_the_same_after_it_was_kept(root: Path) -> None:
    (root / "out" / "inv1.csv").write_bytes(bytes(range(256)))
    supplier = supplier_at(root)
    _, cursor = await look(supplier, None, minutes=0)
    ((event,), _) = await look(supplier, cursor, minutes=2)
    assert event.data == bytes(range(256))
    assert FileReceived.model_validate(event.model_dump(mode="json")) == event


@pytest.mark.parametrize(
    "reference", ["../../etc/passwd", "a/b", "PO 7", "ä", ".hidden", "x" * 200, "~", "a\nb"]
)
def test_a_reference_that_is_no_file_name_becomes_one(reference: str) -> None:
    name = file_name("ord_{reference}.csv", reference)
    assert "/" not in name
    assert name.isascii()
    assert name.startswith("ord_")
    assert len(name) <= 100
    assert name != file_name("ord_{reference}.csv", f"{reference}!")


@pytest.mark.parametrize(
    "wrong",
    [
        {"archive": "../up"},
        {"inboxes": [{"kind": "stock", "path": "/etc"}]},
        {"inboxes": [{"kind": "stock", "path": "out", "pattern": "../*"}]},
        {"effect": "idempotent"},
        {"check_every": "1 second"},
        {"orders": {"path": "in", "profile": {"columns": [
            {"name": "PO", "holds": "reference"}, {"name": "SKU", "holds": "sku"}, {"name": "Qty", "holds": "quantity"},
            {"name": "Day", "holds": "ordered_on"},
        ]}}},
    ],
)  # fmt: skip
def test_settings_that_cannot_be_kept_are_refused(root: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        supplier_at(root, **wrong)
