"""Our documents are what Shopify's official schema allows, and the sandbox refuses what it does not."""

from typing import Any

import orjson
import pytest
from graphql import parse, validate
from graphql.validation import NoDeprecatedCustomRule, NoUnusedFragmentsRule

from connectors.shopify.connector import Shopify
from connectors.shopify.documents import DOCUMENTS
from connectors.shopify.operations import Operation
from connectors.shopify.sandbox import ShopifySandbox
from connectors.shopify.sandbox_graphql import check, load_schema
from connectors.shopify.schema import VERSIONS
from hub.sdk import Answer, NotDone
from hub.sdk.testing import SandboxTransport
from tests.connectors.shopify.conftest import Connect, MakeCall

NO_SUCCESSOR_YET = "CustomerPhoneNumber.marketingState"
"""Deprecated in both versions, but what replaces it is in 2026-10 only."""


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("operation", DOCUMENTS, ids=lambda operation: operation.name)
def test_every_document_is_allowed_by_every_version(operation: Operation, version: str) -> None:
    document = parse(operation.text)

    assert validate(load_schema(version), document) == []
    found = validate(load_schema(version), document, [NoDeprecatedCustomRule, NoUnusedFragmentsRule])
    assert [e.message for e in found if NO_SUCCESSOR_YET not in e.message] == []
    assert operation.name in operation.text
    assert operation.root in operation.text


@pytest.mark.parametrize("operation", DOCUMENTS, ids=lambda operation: operation.name)
def test_no_document_asks_for_more_than_shopify_allows(operation: Operation) -> None:
    assert 0 < check(VERSIONS[0], operation.text).cost <= 600


async def post(
    transport: SandboxTransport,
    query: str,
    token: str = ShopifySandbox.access_token,
    version: str = "2026-07",
) -> tuple[Answer, Any]:
    url = f"https://sandbox.example/admin/api/{version}/graphql.json"
    headers = {"x-shopify-access-token": token, "content-type": "application/json"}
    answer = await transport.send("POST", url, headers, orjson.dumps({"query": query}), 5)
    return answer, answer.json()


async def test_a_field_that_does_not_exist_is_refused_with_status_200(transport: SandboxTransport) -> None:
    answer, body = await post(transport, "{ shop { name colour } }")

    assert answer.status_code == 200
    assert "data" not in body
    assert body["errors"][0]["extensions"]["code"] == "undefinedField"


@pytest.mark.parametrize("nonsense", ["", "{", "{ shop }", "mutation { tagsAdd(id: 1) { node { id } } }"])
async def test_nonsense_is_refused_without_being_run(
    transport: SandboxTransport, shop: ShopifySandbox, nonsense: str
) -> None:
    answer, body = await post(transport, nonsense)

    assert answer.status_code == 200
    assert body["errors"] and "data" not in body
    assert shop.changes == 0


async def test_a_document_that_costs_too_much_is_refused_before_it_runs(transport: SandboxTransport) -> None:
    query = "{ orders(first: 250) { nodes { lineItems(first: 250) { nodes { id } } } } }"

    _, body = await post(transport, query)

    assert body["errors"][0]["extensions"]["code"] == "MAX_COST_EXCEEDED"


async def test_a_wrong_token_is_turned_away(transport: SandboxTransport) -> None:
    answer, _ = await post(transport, "{ shop { name } }", token="shpat_guessed")

    assert answer.status_code == 401


async def test_a_version_no_longer_supported_falls_forward_and_says_so(transport: SandboxTransport) -> None:
    old, _ = await post(transport, "{ shop { name } }", version="2024-01")
    future, _ = await post(transport, "{ shop { name } }", version="2027-04")

    assert (old.status_code, old.headers["x-shopify-api-version"]) == (200, "2026-07")
    assert future.status_code == 404


async def test_both_versions_are_spoken(connect: Connect, shop: ShopifySandbox, call: MakeCall) -> None:
    for version in VERSIONS:
        said = await connect(api_version=version).probe(call())

        assert said == f"Glow (glow.myshopify.com, USD) answers with API version {version}."


async def test_another_version_than_asked_for_alarms_and_does_not_stop_the_work(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, caplog: pytest.LogCaptureFixture
) -> None:
    shop.serves = "2027-01"

    assert "serves API version 2027-01 instead of 2026-07" in await shopify.probe(call())
    assert [record.message for record in caplog.records if record.name.startswith("connectors")] == [
        "api version differs"
    ]

    shop.serves = ""

    assert "2027-01" not in await shopify.probe(call())


async def test_a_document_the_schema_does_not_allow_is_not_done(
    shopify: Shopify, call: MakeCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = Operation("FarosShop", "shop", "query FarosShop { shop { colour } }")
    monkeypatch.setattr("connectors.shopify.operations.SHOP", bad)

    with pytest.raises(NotDone, match="schema does not allow"):
        await shopify.probe(call())
