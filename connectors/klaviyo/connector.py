"""The connector for Klaviyo's events API, revision 2026-07-15."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field, SecretStr

from connectors.klaviyo import mapping
from hub.sdk import MESSENGER, Answer, Call, Connector, Keyed, Limits, Refused, Settings, Unreadable, action
from hub.sdk.commerce import Accepted, CustomerEvent
from hub.sdk.messages import CustomerMessage
from hub.sdk.testing import Sandbox

REVISION = "2026-07-15"
MEDIA_TYPE = "application/vnd.api+json"


class KlaviyoSettings(Settings):
    """The account's private API key (`pk_…`) with the scope events:write."""

    api_key: Annotated[SecretStr, Field(min_length=1)]


class Klaviyo(Connector[KlaviyoSettings]):
    """Klaviyo, which sends mails and text messages when events happen to customers."""

    name = "klaviyo"
    title = "Klaviyo"
    capabilities = (MESSENGER,)
    integration_depth = "poll"
    default_base_url = "https://a.klaviyo.com"
    limits = Limits(per_second=58, burst=350)
    """3,500 events a minute and 350 in one second, for each account."""

    @classmethod
    def sandbox(cls) -> Sandbox:
        """A double that checks bodies against Klaviyo's own schema."""
        from connectors.klaviyo.sandbox import KlaviyoSandbox

        return KlaviyoSandbox()

    # Klaviyo records only the first event of one unique_id, metric and profile, and answers a repeat as if it were
    # the first. A repeat is sent as the same bytes, so metric and profile are the same too. Its documents set no end
    # to this and promise none either, so the hub relies on it for a day.
    @action(Keyed(valid_for=timedelta(hours=24)), refusals=("rejected",))
    async def record_event(self, event: CustomerEvent, call: Call) -> Accepted:
        """Record something that happened to a customer, for which Klaviyo may send a message."""
        return await self._record(event, call)

    async def _record(self, event: CustomerEvent, call: Call) -> Accepted:
        answer = await self._post("/api/events", mapping.write_event(event, call.now), call)
        if answer.status_code == 409 and event.customer.email and event.customer.phone:
            # E-mail and number belong to two profiles: the event is not lost, it goes to the e-mail's.
            body = mapping.write_event(event, call.now, with_phone=False)
            answer = await self._post("/api/events", body, call)
        if 400 <= answer.status_code < 500 and answer.status_code not in (401, 403, 408, 429):
            raise mapping.read_refusal(answer)
        answer.raise_for_status()
        if answer.status_code != 202:
            raise Unreadable(f"Klaviyo answers an event with 202, not with {answer.status_code}.")
        return Accepted(reference=event.unique_id)

    @action(Keyed(valid_for=timedelta(hours=24)), refusals=("rejected", "unreachable"), audience="customer")
    async def send_message(self, message: CustomerMessage, call: Call) -> Accepted:
        """Have Klaviyo send a message: an event named after the notice, for a flow in Klaviyo to answer."""
        if not (message.to.email if message.channel == "email" else message.to.phone):
            raise Refused("unreachable", f"The customer has no {message.channel} address.")
        return await self._record(mapping.message_event(message), call)

    async def probe(self, call: Call) -> str:
        """Ask for the account, which needs the scope accounts:read."""
        answer = await self.http(call).get("/api/accounts", headers=self._headers())
        answer.raise_for_status()
        return "Klaviyo accepts the API key."

    async def _post(self, path: str, body: bytes, call: Call) -> Answer:
        headers = {**self._headers(), "content-type": MEDIA_TYPE}
        return await self.http(call).post(path, content=body, headers=headers)

    def _headers(self) -> dict[str, str]:
        key = self.settings.api_key.get_secret_value()
        return {"authorization": f"Klaviyo-API-Key {key}", "revision": REVISION, "accept": MEDIA_TYPE}
