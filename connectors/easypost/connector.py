"""The connector for EasyPost's address verification, API v2."""

from typing import Annotated

from pydantic import Field, SecretStr, ValidationError

from connectors.easypost import mapping
from connectors.easypost.wire import WireAddress, WireRefusal
from hub.sdk import (
    ADDRESS_VERIFIER,
    Answer,
    Call,
    Connector,
    Read,
    Settings,
    Unauthorised,
    Unreadable,
    action,
)
from hub.sdk.commerce import AddressQuestion, AddressVerdict
from hub.sdk.testing import Sandbox


class EasyPostSettings(Settings):
    """The account's API key: a production key (`EZAK…`), or a test key (`EZTK…`), which verifies only US addresses."""

    api_key: Annotated[SecretStr, Field(min_length=1)]


class EasyPost(Connector[EasyPostSettings]):
    """EasyPost, which knows whether an address can be delivered to."""

    name = "easypost"
    title = "EasyPost"
    capabilities = (ADDRESS_VERIFIER,)
    integration_depth = "poll"
    default_base_url = "https://api.easypost.com"

    @classmethod
    def sandbox(cls) -> Sandbox:
        """A double that knows a few buildings."""
        from connectors.easypost.sandbox import EasyPostSandbox

        return EasyPostSandbox()

    @action(Read())
    async def verify_address(self, question: AddressQuestion, call: Call) -> AddressVerdict:
        """Whether mail can be delivered to an address, apartment included."""
        # Asking makes an immutable record and may be billed; it changes nothing anybody relies on, so it is a read.
        answer = await self.http(call).post(
            "/v2/addresses", json=mapping.write_question(question.address), headers=self._headers()
        )
        if answer.status_code == 402:
            raise Unauthorised("EasyPost cannot bill this account.")
        if 400 <= answer.status_code < 500 and answer.status_code not in (401, 403, 408, 429):
            return mapping.read_codes([_fault(answer)])
        answer.raise_for_status()
        try:
            found = WireAddress.model_validate(answer.json())
        except ValidationError as error:
            # The mistakes' places and kinds, never their values: those are a customer's address.
            places = ", ".join(".".join(map(str, e["loc"])) for e in error.errors(include_input=False))
            raise Unreadable(f"EasyPost's address is not as expected at {places}.") from None
        return mapping.read_verdict(found, question.address)

    async def probe(self, call: Call) -> str:
        """List one address, which costs nothing."""
        answer = await self.http(call).get(
            "/v2/addresses", params={"page_size": "1"}, headers=self._headers()
        )
        answer.raise_for_status()
        return "EasyPost accepts the API key."

    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.settings.api_key.get_secret_value()}"}


def _fault(answer: Answer) -> str:
    """The code of a refused request, or its status where it has none that can be read."""
    try:
        code = WireRefusal.model_validate(answer.json()).error.code
    except (Unreadable, ValidationError):
        code = ""
    return code or f"HTTP.{answer.status_code}"
