"""The connector for Postscript's Partner API, v2."""

from typing import Annotated

from pydantic import Field, SecretStr

from connectors.postscript import mapping
from hub.sdk import (
    MESSENGER,
    Answer,
    Call,
    Connector,
    Limits,
    NotDone,
    Settings,
    Unanswered,
    Unreadable,
    Unsafe,
    action,
)
from hub.sdk.commerce import Accepted
from hub.sdk.messages import CustomerMessage
from hub.sdk.testing import Sandbox

Secret = Annotated[SecretStr, Field(min_length=1)]
PhoneNumber = Annotated[str, Field(pattern=r"^\+[1-9]\d{6,14}$", description="E.164")]

SLOW_DOWN = 1.0
"""Seconds; Postscript allows 15 requests in one and does not say when to come back."""


class PostscriptSettings(Settings):
    """The shop's private key (`sk_…`), or a partner's with the shop's as `shop_token`.

    Postscript has no test mode: every message costs money and reaches a phone. Until all is well, name the numbers
    that may be written to in `only_to`; empty, it is everyone's.
    """

    api_key: Secret
    shop_token: Secret | None = None
    only_to: list[PhoneNumber] = []


class Postscript(Connector[PostscriptSettings]):
    """Postscript, which sends text messages to customers who agreed to them."""

    name = "postscript"
    title = "Postscript"
    capabilities = (MESSENGER,)
    integration_depth = "poll"
    default_base_url = "https://api.postscript.io"
    limits = Limits(per_second=7, burst=7)
    """15 requests a second for each token; a message takes two."""

    @classmethod
    def sandbox(cls) -> Sandbox:
        """A double with subscribers who agreed to more or less."""
        from connectors.postscript.sandbox import PostscriptSandbox

        return PostscriptSandbox()

    # Postscript knows no key of ours, and can be asked about a message only by an id that a lost answer took along.
    @action(Unsafe(), refusals=("rejected", "unreachable"), audience="customer")
    async def send_message(self, message: CustomerMessage, call: Call) -> Accepted:
        """Send a text message about an order to a subscriber who agreed to such messages."""
        number = mapping.read_number(message, self.settings.only_to)
        subscriber_id = await self._subscriber(number, call)
        body = mapping.write_request(message, subscriber_id)
        answer = await self.http(call).post("/api/v2/message_requests", json=body, headers=self._headers())
        return Accepted(reference=mapping.read_request(_checked(answer)))

    async def probe(self, call: Call) -> str:
        """Ask who the key belongs to."""
        answer = await self.http(call).get("/api/v2/me", headers=self._headers())
        answer.raise_for_status()
        return "Postscript accepts the API key."

    async def _subscriber(self, number: str, call: Call) -> str:
        """Whom to write to. Nothing is sent by asking, so an answer that does not come leaves nothing in doubt."""
        try:
            answer = await self.http(call).get(
                "/api/v2/subscribers", params={"phone_number__eq": number}, headers=self._headers()
            )
            return mapping.read_subscriber(_checked(answer), number)
        except (Unanswered, Unreadable) as error:
            raise NotDone(
                f"Nobody knows whether the customer agreed, so nothing was sent: {error}"
            ) from error

    def _headers(self) -> dict[str, str]:
        headers = {"authorization": f"Bearer {self.settings.api_key.get_secret_value()}"}
        if self.settings.shop_token is not None:
            headers["x-postscript-shop-token"] = self.settings.shop_token.get_secret_value()
        return headers


def _checked(answer: Answer) -> Answer:
    """An answer that is a success, or what its status lets us know."""
    if answer.status_code == 429:
        raise NotDone("Postscript asks us to slow down.", retry_after=answer.retry_after() or SLOW_DOWN)
    if 400 <= answer.status_code < 500 and answer.status_code not in (401, 403, 408):
        raise mapping.read_refusal(answer)
    return answer.raise_for_status()
