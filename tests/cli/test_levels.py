"""How suppliers can be spoken to, and what each way leaves to people."""

import asyncio
import json
from importlib.resources import files
from typing import Any

import pytest

from connectors.supplier_api.connector import SupplierApi
from connectors.supplier_api.sandbox import SupplierSandbox
from hub.assembly import catalog_of
from hub.catalog.automation import automation_of, depth_of
from hub.sdk import DEPTHS, SUPPLIER, Connector
from hub.sdk.testing import standard
from hub.sdk.testing.trial import Trial
from tests.cli.conftest import Shell

CATALOG = catalog_of()
SHIPPED = {
    "shopify": "native", "aftership": "native", "supplier_api": "webhook", "gorgias": "webhook",
    "webhook": "webhook", "easypost": "poll", "klaviyo": "poll", "supplier_csv": "file", "smtp": "email",
    "supplier_email": "email",
}  # fmt: skip


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
    for words in ("score", "by mail", "by file", "by API", "by hand", "tracking numbers come in"):
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


@pytest.mark.row("S1-144")
def test_each_connector_declares_how_closely_it_is_tied_in_and_the_list_shows_it(shell: Shell) -> None:
    found = {row["name"]: row for row in json.loads(shell("connector", "list", "--json").stdout)}
    assert {name: found[name]["integration_depth"] for name in SHIPPED} == SHIPPED
    for name in SHIPPED:
        assert CATALOG.connector(name).integration_depth in DEPTHS, "it is declared, not guessed"
    lines = {line.split()[0]: line for line in shell("connector", "list").stdout.splitlines() if line.split()}
    assert all(f" {depth} " in lines[name] for name, depth in SHIPPED.items())


@pytest.mark.row("S2-063")
def test_the_registry_lists_every_shipped_connector_with_its_score(shell: Shell) -> None:
    found = {row["name"]: row for row in json.loads(shell("connector", "list", "--json").stdout)}
    shipped = {place.name for place in files("connectors").iterdir() if (place / "connector.py").is_file()}
    assert shipped <= found.keys()
    for name in shipped:
        parts = found[name]["score_of"]
        assert found[name]["score"] == sum(parts.values()) <= 100
    by_level = ["supplier_email", "supplier_csv", "supplier_api"]
    assert sorted(by_level, key=lambda name: found[name]["score"]) == by_level
    assert found["supplier_email"]["score_of"] == {"depth": 10, "by_itself": 22, "repeats": 0}


def test_a_depth_that_is_not_kept_breaks_the_standard_tests() -> None:
    # One that cannot even be asked for its invoices.
    boaster = type("Boaster", (SupplierApi,), {"integration_depth": "native", "invoice_issued": None})
    found = asyncio.run(standard.hold(Trial.of(boaster, SupplierSandbox), "described", None))
    assert found.verdict == "broken" and "cannot ask" in found.detail


def test_a_connector_that_declares_no_depth_is_judged_by_what_it_has() -> None:
    class Plain(Connector[Any]):
        """A supplier with nothing declared."""

        name = "plain"
        title = "Plain"
        level = 2
        capabilities = (SUPPLIER,)

    told = type("Told", (SupplierApi,), {"integration_depth": None})
    assert (depth_of(Plain), depth_of(told)) == ("file", "webhook")
