"""The connector for Lob's address verification, API v1, version 2020-02-11."""

import base64
from typing import Annotated, TypeVar

from pydantic import BaseModel, Field, SecretStr, ValidationError

from connectors.lob import mapping
from connectors.lob.question import is_us, spoilt, write_question
from connectors.lob.wire import WireIntlVerification, WireRefusal, WireUsVerification
from hub.sdk import (
    ADDRESS_VERIFIER,
    Answer,
    Call,
    Connector,
    Limits,
    NotDone,
    Read,
    Settings,
    Unauthorised,
    Unreadable,
    action,
)
from hub.sdk.commerce import AddressQuestion, AddressVerdict
from hub.sdk.testing import Sandbox

Wire = TypeVar("Wire", bound=BaseModel)

VERSION = "2020-02-11"

LIMIT_SPAN = 5.0
"""Seconds; Lob counts requests in windows this long."""

ABOUT_THE_QUESTION = (400, 413, 422)
"""Statuses by which Lob refuses what was asked: too long, not a country it knows, not an address at all."""


class LobSettings(Settings):
    """A secret or publishable API key. A live key verifies; a test key (`test_…`) knows only Lob's own examples."""

    api_key: Annotated[SecretStr, Field(min_length=1)]


class Lob(Connector[LobSettings]):
    """Lob, which knows whether an address can be delivered to, in the US and elsewhere."""

    name = "lob"
    title = "Lob"
    capabilities = (ADDRESS_VERIFIER,)
    integration_depth = "poll"
    default_base_url = "https://api.lob.com/v1"
    limits = Limits(per_second=30, burst=150)
    """150 requests in 5 seconds for each key and endpoint; US verifications may be twice as many."""

    @classmethod
    def sandbox(cls) -> Sandbox:
        """A double that checks questions against Lob's own schema and knows a few buildings."""
        from connectors.lob.sandbox import LobSandbox

        return LobSandbox()

    @action(Read())
    async def verify_address(self, question: AddressQuestion, call: Call) -> AddressVerdict:
        """Whether mail can be delivered to an address, apartment included."""
        address = question.address
        if verdict := spoilt(address):
            return verdict
        path = "/us_verifications" if is_us(address) else "/intl_verifications"
        answer = await self._ask(path, write_question(address), call)
        if answer.status_code in ABOUT_THE_QUESTION:
            return mapping.read_refusal(_code(answer))
        found = _checked(answer)
        if is_us(address):
            return mapping.read_us(_read(WireUsVerification, found), address)
        return mapping.read_intl(_read(WireIntlVerification, found), address)

    async def probe(self, call: Call) -> str:
        """Ask about no address at all: a good key is told what is missing, which verifies and costs nothing."""
        answer = await self._ask("/us_verifications", {}, call)
        if answer.status_code != 422:
            _checked(answer)
            raise Unreadable("Lob answers an empty question as if it were one.")
        if self.settings.api_key.get_secret_value().startswith("test_"):
            return "Lob accepts the API key, which is a test key: it verifies no real address."
        return "Lob accepts the API key."

    async def _ask(self, path: str, body: dict[str, str], call: Call) -> Answer:
        user = f"{self.settings.api_key.get_secret_value()}:".encode()
        headers = {"authorization": f"Basic {base64.b64encode(user).decode()}", "lob-version": VERSION}
        return await self.http(call).post(path, json=body, headers=headers)


def _checked(answer: Answer) -> Answer:
    """An answer that is 200, or what its status lets us know."""
    if answer.status_code in (401, 402, 403):
        raise Unauthorised(f"Lob does not verify for this key: {_code(answer)}.")
    if answer.status_code == 429:
        raise NotDone("Lob asks us to slow down.", retry_after=answer.retry_after() or LIMIT_SPAN)
    if 400 <= answer.status_code < 500 and answer.status_code != 408:
        raise Unreadable(f"Lob does not know this request: {_code(answer)}.")
    return answer.raise_for_status()


def _read(wire: type[Wire], answer: Answer) -> Wire:
    try:
        return wire.model_validate(answer.json())
    except ValidationError as error:
        # The mistakes' places, never their values: those are a customer's address.
        places = ", ".join(".".join(map(str, e["loc"])) for e in error.errors(include_input=False))
        raise Unreadable(f"Lob's verification is not as expected at {places}.") from None


def _code(answer: Answer) -> str:
    """Lob's word for what is wrong, such as `feature_limit_reached`, or the status where it has none."""
    try:
        code = WireRefusal.model_validate(answer.json()).error.code
    except (Unreadable, ValidationError):
        code = ""
    return code if code.isidentifier() and len(code) <= 60 else f"HTTP.{answer.status_code}"
