"""A double of a support desk at Gorgias: tickets, notes, tags, a leaky bucket, and the mails it would have sent."""

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

import orjson
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connectors.gorgias.deliveries import FORM
from connectors.gorgias.sandbox_bucket import Bucket
from connectors.gorgias.sandbox_examples import EXAMPLES, NOT_FOUND
from connectors.gorgias.sandbox_rules import is_mailed, message_faults, ticket_faults
from connectors.gorgias.settings import HEADER
from hub.sdk import Delivery
from hub.sdk.paths import MISSING, read_path
from hub.sdk.testing import Sandbox, route
from hub.sdk.testing.sandbox import Receive, Scope, Send

EMAIL = "agent@brand.example"
KEY = "gorgias-sandbox-key"
SECRET = "gorgias-sandbox-secret"
_LISTED_BY = frozenset({"limit", "cursor", "external_id", "order_by", "customer_id"})


class GorgiasSandbox(Sandbox):
    """A desk where one customer asks for an order. `mails` are the messages a customer would have got."""

    def __init__(self) -> None:
        super().__init__()
        self.tickets: dict[int, dict[str, Any]] = {}
        self.messages: dict[int, list[dict[str, Any]]] = {}
        self.mails: list[dict[str, Any]] = []
        self.bucket = Bucket()
        self.customer_writes("ada@example.com", "Where is my order #1001?")
        self.changes = 0

    def settings(self) -> dict[str, Any]:
        """An agent with a key, and the secret of our HTTP integration."""
        account = {"account": "brand", "email": EMAIL, "api_key": KEY}
        return {**account, "webhooks": {"secrets": [SECRET]}}

    def unsettled(self) -> Mapping[str, Any]:
        """Tickets by status, messages and tags on all of them, and mails that would have gone out."""
        statuses = [ticket["status"] for ticket in self.tickets.values()]
        return {
            "tickets": {status: statuses.count(status) for status in ("open", "closed")},
            "messages": sum(len(messages) for messages in self.messages.values()),
            "tags": sum(len(ticket["tags"]) for ticket in self.tickets.values()),
            "mails": len(self.mails),
        }

    def customer_writes(self, email: str, subject: str, text: str = "", *tags: str) -> Delivery:
        """A customer opens a ticket; gives what our HTTP integration sends about it."""
        message = {"channel": "email", "via": "email", "from_agent": False, "sender": {"email": email}}
        named = [{"name": tag} for tag in tags]
        ticket = {
            "subject": subject,
            "channel": "email",
            "via": "email",
            "customer": {"email": email},
            "tags": named,
        }
        return self.news(self._open({**ticket, "messages": [message | {"body_text": text}]})["id"])

    def news(self, ticket_id: int) -> Delivery:
        """What our HTTP integration sends when this ticket was created: the form, filled in with texts."""
        about = {"ticket": self.tickets[ticket_id]}
        filled = {name: _fill(template, about) for name, template in FORM.items()}
        return self.sign(orjson.dumps(filled))

    def sign(self, body: bytes, topic: str = "", headers: Mapping[str, str] | None = None) -> Delivery:
        """A delivery as Gorgias makes it: our own header, and no signature."""
        return Delivery(
            {HEADER: SECRET, "content-type": "application/json", **(headers or {})}, body, self.now()
        )

    def examples(self) -> Mapping[str, BaseModel]:
        """One input for each action."""
        return EXAMPLES

    def provocations(self) -> Mapping[str, Mapping[str, BaseModel]]:
        """A ticket that is not there."""
        return NOT_FOUND

    def deliveries(self) -> Mapping[str, Any]:
        """Our form about the ticket that is there."""
        return {"": json.loads(self.news(1).body)}

    def exempt(self) -> Mapping[str, str]:
        """Why two rules cannot be kept."""
        return {
            "deliveries": "Gorgias sends our own secret and signs nothing, so a changed body is not noticed.",
            "statuses": "Actions ask several times, and only the tickets among the answers have a status.",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Faults without a path strike what changes something: actions ask first, and it is not asking they lose."""
        if scope.get("method") == "GET" and not any(fault.path for fault in self.faults):
            self.requests += 1
            await self._app(scope, receive, send)
            return
        await super().__call__(scope, receive, send)

    # The API.

    @route("POST", "/api/tickets")
    async def create(self, request: Request) -> Response:
        """Open a ticket; the same external_id twice is two tickets."""
        body = await self._read(request)
        if isinstance(body, Response):
            return body
        if faults := ticket_faults(body):
            return self._refuse(400, "Failed to create ticket", faults)
        return self._answer(201, self._shown(self._open(body)))

    @route("GET", "/api/tickets")
    async def list_tickets(self, request: Request) -> Response:
        """Tickets, the newest first, without their messages."""
        if refused := self._unwelcome(request):
            return refused
        asked = request.query_params
        if unknown := asked.keys() - _LISTED_BY:
            return self._refuse(400, "Bad request", {name: ["Unknown field."] for name in unknown})
        wanted = asked.get("external_id")
        found = [t for t in self.tickets.values() if wanted is None or t["external_id"] == wanted]
        return self._page(request, sorted(found, key=lambda t: -t["id"]))

    @route("GET", "/api/tickets/{id:int}")
    async def retrieve(self, request: Request) -> Response:
        """One ticket with its messages."""
        ticket = self._unwelcome(request) or self._ticket(request)
        return ticket if isinstance(ticket, Response) else self._answer(200, self._shown(ticket))

    @route("PUT", "/api/tickets/{id:int}")
    async def update(self, request: Request) -> Response:
        """Change a ticket; `tags` replaces those it has."""
        body = await self._read(request)
        ticket = body if isinstance(body, Response) else self._ticket(request)
        if isinstance(ticket, Response):
            return ticket
        if faults := ticket_faults(body, new=False):
            return self._refuse(400, "Failed to update ticket", faults)
        moment = self._moment()
        closed = (
            moment if isinstance(body, dict) and body.get("status") == "closed" else ticket["closed_datetime"]
        )
        ticket |= {**body, "updated_datetime": moment, "closed_datetime": closed}
        self.changes += 1
        return self._answer(202, self._shown(ticket))

    @route("POST", "/api/tickets/{id:int}/tags")
    async def add_tags(self, request: Request) -> Response:
        """Add tags by name; those it has stay."""
        body = await self._read(request)
        ticket = body if isinstance(body, Response) else self._ticket(request)
        if isinstance(ticket, Response):
            return ticket
        names = body.get("names") if isinstance(body, dict) else None
        if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
            return self._refuse(400, "Failed to add tags", {"names": ["Missing data for required field."]})
        has = {tag["name"] for tag in ticket["tags"]}
        ticket["tags"] += [{"name": name} for name in dict.fromkeys(names) if name not in has]
        self.changes += 1
        return Response(status_code=201, headers=self.bucket.headers())

    @route("GET", "/api/tickets/{id:int}/messages")
    async def list_messages(self, request: Request) -> Response:
        """The messages of a ticket, the oldest first."""
        ticket = self._unwelcome(request) or self._ticket(request)
        return ticket if isinstance(ticket, Response) else self._page(request, self.messages[ticket["id"]])

    @route("POST", "/api/tickets/{id:int}/messages")
    async def add_message(self, request: Request) -> Response:
        """Put a message on a ticket, and send it if it is one to send."""
        body = await self._read(request)
        ticket = body if isinstance(body, Response) else self._ticket(request)
        if isinstance(ticket, Response):
            return ticket
        if faults := message_faults(body):
            return self._refuse(400, "Failed to create ticket message", faults)
        self.changes += 1
        return self._answer(201, self._write(ticket["id"], body))

    # Addresses for people and other processes.

    @route("GET", "/_sandbox/tickets")
    async def everything(self, request: Request) -> Any:
        """Every ticket with its messages, oldest first."""
        return 200, [self._shown(ticket) for ticket in self.tickets.values()]

    @route("POST", "/_sandbox/tickets")
    async def ask(self, request: Request) -> Any:
        """A customer writes: `{"email", "subject", "text", "tags"}`; gives the delivery about it."""
        said = await request.json()
        delivery = self.customer_writes(
            said["email"], said.get("subject", ""), said.get("text", ""), *said.get("tags", [])
        )
        return 201, {"headers": dict(delivery.headers), "body": delivery.body.decode()}

    # Behind the counter.

    async def _read(self, request: Request) -> Any:
        if refused := self._unwelcome(request):
            return refused
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            return self._refuse(400, "Bad request", {"_schema": ["Send JSON."]})
        if self.take_refusal("rejected"):
            return self._refuse(400, "Bad request", {"subject": ["The sandbox was told to refuse this."]})
        try:
            return json.loads(await request.body())
        except ValueError:
            return self._refuse(400, "Bad request", {"_schema": ["Invalid JSON."]})

    def _unwelcome(self, request: Request) -> Response | None:
        user = base64.b64encode(f"{EMAIL}:{KEY}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {user}":
            return self._refuse(401, "Unauthorized.")
        if not self.bucket.pour():
            return self._refuse(429, "Too many requests.")
        if self.take_refusal("429", "slow-down"):
            return JSONResponse({"error": {"msg": "Too many requests."}}, 429, {"retry-after": "7"})
        return None

    def _ticket(self, request: Request) -> dict[str, Any] | Response:
        found = self.tickets.get(request.path_params["id"])
        return self._refuse(404, "Resource not found.") if found is None else found

    def _open(self, body: Mapping[str, Any]) -> dict[str, Any]:
        number, moment, first = len(self.tickets) + 1, self._moment(), body["messages"][0]
        told = {name: value for name, value in body.items() if name != "messages"}
        plain = {
            "external_id": None,
            "status": "open",
            "priority": "normal",
            "subject": None,
            "customer": None,
        }
        ticket = {**plain, "tags": [], "from_agent": first["from_agent"], **told}
        ticket |= {"id": number, "uri": f"/api/tickets/{number}/", "created_datetime": moment}
        self.tickets[number] = ticket | {"updated_datetime": moment, "closed_datetime": None}
        self.messages[number] = []
        for message in body["messages"]:
            self._write(number, message)
        self.changes += 1
        return self.tickets[number]

    def _write(self, ticket_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
        number = sum(len(messages) for messages in self.messages.values()) + 1
        message = {"external_id": None, "public": True, **body, "id": number, "ticket_id": ticket_id}
        message["created_datetime"] = self._moment()
        self.messages[ticket_id].append(message)
        if is_mailed(message):
            self.mails.append(message)
        return message

    def _moment(self) -> str:
        """Moments of UTC without saying so, as Gorgias writes them."""
        return self.now().replace(tzinfo=None).isoformat()

    def _shown(self, ticket: dict[str, Any]) -> dict[str, Any]:
        messages = self.messages[ticket["id"]]
        return {**ticket, "messages_count": len(messages), "messages": messages}

    def _page(self, request: Request, found: list[dict[str, Any]]) -> Response:
        limit, start = request.query_params.get("limit", "30"), request.query_params.get("cursor", "0")
        if not (limit.isdecimal() and 1 <= int(limit) <= 100 and start.isdecimal()):
            return self._refuse(400, "Bad request", {"limit": ["Must be between 1 and 100."]})
        end = int(start) + int(limit)
        meta = {"prev_cursor": None, "next_cursor": str(end) if end < len(found) else None}
        page = {"data": found[int(start) : end], "object": "list", "uri": request.url.path, "meta": meta}
        return self._answer(200, page)

    def _answer(self, status: int, body: Any) -> Response:
        return JSONResponse(body, status, self.bucket.headers())

    def _refuse(self, status: int, message: str, data: Mapping[str, Any] | None = None) -> Response:
        error = {"msg": message, **({"data": data} if data else {})}
        return JSONResponse({"error": error}, status, self.bucket.headers())


def _fill(template: str, about: Mapping[str, Any]) -> str:
    """A form's field with what stands at its path; a template makes a text of everything."""

    def value(found: re.Match[str]) -> str:
        said = read_path(about, found[1])
        return "" if said is MISSING or said is None else str(said)

    return re.sub(r"\{\{([\w.]+)\}\}", value, template)
