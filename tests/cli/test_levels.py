"""How suppliers can be spoken to, and what each way leaves to people."""

import json
from typing import Any

import pytest

from connectors.supplier_api.connector import SupplierApi
from hub.catalog.automation import automation_of
from hub.sdk import SUPPLIER, Connector
from tests.cli.conftest import Shell


@pytest.mark.row("S2-049")
def test_each_supplier_connector_says_its_level_and_what_it_does_by_itself(shell: Shell) -> None:
    found = {row["connector"]: row for row in json.loads(shell("connector", "levels", "--json").stdout)}
    assert {name: row["level"] for name, row in found.items()} == {
        "supplier_email": 1,
        "supplier_csv": 2,
        "supplier_api": 3,
    }
    assert found["supplier_email"]["tracking"] == "by mail"
    assert found["supplier_email"]["handoffs"] == ["stock"]
    assert found["supplier_csv"]["handoffs"] == found["supplier_api"]["handoffs"] == []
    table = shell("connector", "levels").stdout
    for words in ("by mail", "by file", "by API", "by hand", "tracking numbers come in"):
        assert words in table


def test_a_connector_that_hears_nothing_leaves_answers_and_tracking_to_people() -> None:
    class Mute(Connector[Any]):
        """A supplier who takes orders and never answers."""

        name = "mute"
        title = "Mute"
        level = 3
        capabilities = (SUPPLIER,)

    found = automation_of(Mute)
    assert found is not None
    assert found.handoffs == ["answers", "tracking", "stock"]


def test_what_is_no_supplier_has_no_level() -> None:
    class Shop(Connector[Any]):
        """A shop."""

        name = "some_shop"
        title = "Some shop"

    assert automation_of(Shop) is None
    assert automation_of(SupplierApi) is not None
