"""The connector for Gorgias's REST API."""

import base64
from collections.abc import Awaitable
from typing import TypeVar

from pydantic import ValidationError

from connectors.gorgias import mapping
from connectors.gorgias.deliveries import read_news
from connectors.gorgias.settings import GorgiasSettings
from connectors.gorgias.wire import WireMessage
from hub.sdk import (
    HELPDESK,
    Answer,
    Call,
    Checkable,
    Connector,
    Delivery,
    Http,
    Idempotent,
    Limits,
    NotDone,
    Refused,
    TicketReceived,
    Unanswered,
    Unreadable,
    Unverified,
    action,
    webhook,
)
from hub.sdk.messages import AddTicketNote, NewTicket, TagTicket, Ticket, TicketRef
from hub.sdk.testing import Sandbox

Found = TypeVar("Found")

BUCKET_SPAN = 20.0
"""Seconds in which a full bucket has run dry; waited where Gorgias does not say how long."""

PAGE = "100"
"""How many tickets or messages to ask for at once; no page is larger."""


class Gorgias(Connector[GorgiasSettings]):
    """Gorgias, where the support team works."""

    name = "gorgias"
    title = "Gorgias"
    capabilities = (HELPDESK,)
    integration_depth = "webhook"
    limits = Limits(per_second=0.6, burst=10)
    """A key's bucket holds 40 requests and loses 40 in 20 seconds; an action takes up to three."""

    @classmethod
    def sandbox(cls) -> Sandbox:
        """A double of a support desk."""
        from connectors.gorgias.sandbox import GorgiasSandbox

        return GorgiasSandbox()

    def live_base_url(self) -> str:
        """Every account has an address of its own."""
        return f"https://{self.settings.account}.gorgias.com"

    # Gorgias keeps our external_id and lists by it, but would take the same one twice.
    @action(Checkable(), refusals=("rejected",))
    async def open_ticket(self, ticket: NewTicket, call: Call) -> Ticket:
        """Open a ticket with a note for staff; the customer is not written to."""
        if found := await _beforehand(self._our_ticket(ticket.external_id, call)):
            return found
        body = mapping.write_ticket(ticket, self.settings.email)
        return mapping.read_ticket(_made(await self._http(call).post("/api/tickets", json=body)))

    @open_ticket.lookup
    async def opened_ticket(self, ticket: NewTicket, call: Call) -> Ticket | None:
        """The ticket with our external_id, also one that was closed or put into the bin since."""
        return await self._our_ticket(ticket.external_id, call)

    @action(Checkable(), refusals=("not-found", "rejected"))
    async def add_ticket_note(self, note: AddTicketNote, call: Call) -> Ticket:
        """Write a note for staff on a ticket, once for each reference."""
        path = _path(note.id)
        # The ticket is read before, not after: once the note is written, nothing may fail any more.
        ticket = await _beforehand(self._ticket(path, call))
        if await _beforehand(self._has_note(path, note.reference, call)):
            return ticket
        body = mapping.note_of(note, self.settings.email)
        answer = _made(await self._http(call).post(f"{path}/messages", json=body), of_ticket=True)
        try:
            WireMessage.model_validate(answer.json())
        except ValidationError:
            raise Unreadable("Gorgias's message is not as expected.") from None
        return ticket

    @add_ticket_note.lookup
    async def added_note(self, note: AddTicketNote, call: Call) -> Ticket | None:
        """The ticket, if one of its messages carries our reference."""
        path = _path(note.id)
        return await self._ticket(path, call) if await self._has_note(path, note.reference, call) else None

    # Adding is not setting: a PUT would replace what staff and rules have put there.
    @action(Idempotent(), refusals=("not-found", "rejected"))
    async def tag_ticket(self, tags: TagTicket, call: Call) -> Ticket:
        """Add tags to a ticket; those it has stay."""
        path = _path(tags.id)
        answer = await self._http(call).post(f"{path}/tags", json={"names": tags.tags})
        _checked(answer, of_ticket=True)
        return await self._ticket(path, call)

    @action(Idempotent(), refusals=("not-found", "rejected"))
    async def close_ticket(self, ref: TicketRef, call: Call) -> Ticket:
        """Close a ticket; one that is closed already is left alone, so that no rule runs for nothing."""
        path = _path(ref.id)
        ticket = await self._ticket(path, call)
        if ticket.status == "closed":
            return ticket
        answer = _checked(await self._http(call).put(path, json={"status": "closed"}), of_ticket=True)
        return mapping.read_ticket(answer) if answer.content else await self._ticket(path, call)

    def verify(self, delivery: Delivery) -> None:
        """Raise `Unverified` unless the delivery carries a secret of ours."""
        if self.settings.webhooks is None:
            raise Unverified("The connection has no webhooks in its settings.")
        self.settings.webhooks.verify(delivery)

    @webhook()
    def ticket_received(self, delivery: Delivery) -> list[TicketReceived]:
        """A customer wrote to the support desk."""
        return read_news(delivery)

    async def probe(self, call: Call) -> str:
        """List one ticket."""
        answer = _told(await self._http(call).get("/api/tickets", params={"limit": "1"}))
        used = answer.headers.get("x-gorgias-account-api-call-limit", "")
        return "Gorgias accepts the API key." + (f" {used} requests of its bucket are used." if used else "")

    async def _ticket(self, path: str, call: Call) -> Ticket:
        return mapping.read_ticket(_told(await self._http(call).get(path), of_ticket=True))

    async def _our_ticket(self, external_id: str, call: Call) -> Ticket | None:
        asked = {"external_id": external_id, "limit": PAGE}
        answer = await self._http(call).get("/api/tickets", params=asked)
        return mapping.find_ticket(_told(answer), external_id)

    async def _has_note(self, path: str, reference: str, call: Call) -> bool:
        """Look through every page; the call's deadline ends what would go on for ever."""
        asked = {"limit": PAGE}
        while True:
            answer = await self._http(call).get(f"{path}/messages", params=asked)
            found, cursor = mapping.find_note(_told(answer, of_ticket=True), reference)
            if found or cursor is None:
                return found
            asked["cursor"] = cursor

    def _http(self, call: Call) -> "_AsUser":
        return _AsUser(self.http(call), self.settings)


class _AsUser:
    """The client, with the user's name and key on every request."""

    def __init__(self, http: Http, settings: GorgiasSettings) -> None:
        user = f"{settings.email}:{settings.api_key.get_secret_value()}".encode()
        self._http = http
        self._headers = {"authorization": f"Basic {base64.b64encode(user).decode()}"}

    async def get(self, path: str, params: dict[str, str] | None = None) -> Answer:
        return await self._http.get(path, params=params, headers=self._headers)

    async def post(self, path: str, json: object) -> Answer:
        return await self._http.post(path, json=json, headers=self._headers)

    async def put(self, path: str, json: object) -> Answer:
        return await self._http.put(path, json=json, headers=self._headers)


async def _beforehand(asked: Awaitable[Found]) -> Found:
    """What is asked before anything is written: an answer that does not come leaves nothing in doubt."""
    try:
        return await asked
    except (Unanswered, Unreadable) as error:
        raise NotDone(f"The desk could not be asked, so nothing was written: {error}") from error


def _path(ticket_id: str) -> str:
    if not (ticket_id.isascii() and ticket_id.isdecimal()):
        raise Refused("not-found", "A Gorgias ticket's id is a number.")
    return f"/api/tickets/{ticket_id}"


def _told(answer: Answer, *, of_ticket: bool = False) -> Answer:
    """An answer to a question. That it is refused says nothing of what was done before: a lookup must not pass it
    off as the refusal of an action."""
    try:
        return _checked(answer, of_ticket=of_ticket)
    except Refused as refused:
        if refused.code == "not-found":
            raise
        raise Unreadable(f"Gorgias does not answer: {refused.reason}") from None


def _made(answer: Answer, *, of_ticket: bool = False) -> Answer:
    """An answer that says that something was made."""
    if _checked(answer, of_ticket=of_ticket).status_code != 201:
        raise Unreadable(f"Gorgias says 201 of what it made, not {answer.status_code}.")
    return answer


def _checked(answer: Answer, *, of_ticket: bool = False) -> Answer:
    """An answer that is a success, or what its status lets us know."""
    if answer.status_code == 404 and of_ticket:
        raise Refused("not-found", "Gorgias has no such ticket.")
    if answer.status_code == 429:
        raise NotDone("Gorgias asks us to slow down.", retry_after=answer.retry_after() or BUCKET_SPAN)
    if 400 <= answer.status_code < 500 and answer.status_code not in (401, 403, 408):
        raise mapping.read_refusal(answer)
    return answer.raise_for_status()
