"""Whichever service a merchant binds: one address, one verdict."""

import asyncio
from typing import Any

import pytest

from connectors.easypost.connector import EasyPost
from connectors.lob.connector import Lob
from hub.sdk import Call, Client, Connector
from hub.sdk.commerce import Address, AddressQuestion, AddressVerdict
from hub.sdk.testing import SandboxTransport
from tests.connectors.addresses import BAD_ADDRESSES, GOOD_ADDRESSES

VERIFIERS = pytest.mark.parametrize("verifier", [EasyPost, Lob], ids=lambda v: v.name)


async def ask(verifier: type[Connector[Any]], address: Address) -> AddressVerdict:
    """What a verifier says of an address, before its own double."""
    sandbox = verifier.sandbox()
    transport = SandboxTransport(sandbox)
    settings = verifier.settings_type().model_validate(sandbox.settings())
    connector: Any = verifier(settings, Client(transport), "https://sandbox.example")
    call = Call("k", asyncio.get_running_loop().time() + 5, 1, sandbox.now())
    verdict: AddressVerdict = await connector.verify_address(AddressQuestion(address=address), call)
    await transport.close()
    return verdict


@pytest.mark.row("S1-099")
@VERIFIERS
@pytest.mark.parametrize("what", BAD_ADDRESSES)
async def test_one_bad_address_gets_one_verdict_from_whoever_is_asked(
    verifier: type[Connector[Any]], what: str
) -> None:
    address, expected = BAD_ADDRESSES[what]

    verdict = await ask(verifier, address)

    assert verdict.verdict == expected
    assert (verdict.suggestion is not None) == (expected == "corrected")
    assert bool(verdict.codes) == (expected != "corrected")


@VERIFIERS
@pytest.mark.parametrize("what", GOOD_ADDRESSES)
async def test_a_good_address_is_deliverable_to_whoever_is_asked(
    verifier: type[Connector[Any]], what: str
) -> None:
    verdict = await ask(verifier, GOOD_ADDRESSES[what])

    assert verdict == AddressVerdict(verdict="deliverable")


@VERIFIERS
async def test_the_suggestion_keeps_the_customers_name_and_phone(verifier: type[Connector[Any]]) -> None:
    address, _ = BAD_ADDRESSES["a misspelt street"]

    suggestion = (await ask(verifier, address)).suggestion

    assert suggestion is not None
    assert suggestion.line1 == "388 TOWNSEND ST APT 20"
    assert (suggestion.name, suggestion.phone) == (address.name, address.phone)
