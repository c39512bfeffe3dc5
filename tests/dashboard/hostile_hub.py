"""Stands between a dashboard and its hub, and puts a hostile string in place of every text of every answer.

The dashboard knows nothing but what the hub answers, so this reaches every field that any page can show, with whatever
somebody could have written there: a shop, a supplier, a carrier, a customer, a colleague or the author of a flow.
"""

import json
import re
import uuid
from collections.abc import Iterator
from itertools import count, cycle
from typing import Any
from urllib.parse import quote, unquote

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.dashboard.hostile import HOSTILE

SHAPED = re.compile(r"\d{4}-\d\d-\d\d.*|-?\d+(\.\d+)?|[0-9a-f]{8}-[0-9a-f-]{27}|/.*")
"""Moments, amounts, ids and paths are no texts: an answer with something else in their place is not understood."""
NUMBERED = {
    "number",
    "subject",
    "tracking_number",
    "tracking",
    "order",
    "reference",
    "supplier_reference",
    "postcode",
}
"""Texts, though they may look like numbers."""
UNSAID = {"refusal", "cause", "note", "connection", "supplier", "resolved_by", "status", "carrier", "reason",
          "supplier_reference", "unknown", "channel", "email", "outcome", "line2", "found_by", "verdict"}  # fmt: skip
"""Texts that may be absent, and are not here."""
KEPT = {"run", "next", "mark", "role", "token", "op"}
NAMED = {"choices", "detail", "parts", "labels"}
"""Objects whose names are texts, too."""
ONE_WHOLE = {"stores", "nodes", "edges", "tokens", "checklist"}
NAMES = {"id", "key", "flow", "number", "supplier"}
"""What a hub has one of only."""
ASKED_BY = {"flow", "number"}
"""What is asked for by the name it was told by."""
AS_IT_IS = {"openapi.json", "session", "session/ways", "changes"}
MANY, STEP = 45, 37
"""Items of a list, and how far into the strings each next field begins."""


class HostileHub:
    """Everything is asked of the hub at this address, and what it says is made hostile."""

    def __init__(self, hub: str) -> None:
        self._hub = httpx.AsyncClient(base_url=hub, timeout=30)
        self._rounds: dict[str, Iterator[str]] = {}
        self._serial = count(1)
        self._meant: dict[str, str] = {}
        self.app = Starlette(routes=[Route("/{path:path}", self.answer, methods=["GET", "POST", "DELETE"])])

    async def close(self) -> None:
        """Ask nothing more."""
        await self._hub.aclose()

    async def answer(self, request: Request) -> Response:
        """The hub's answer. A brand's name, which is hostile as well, is not asked for again."""
        params = {name: value for name, value in request.query_params.items() if name != "store"}
        body = await request.body()
        if body and "store" in (wanted := json.loads(body)):
            body = json.dumps({**wanted, "store": "main"}).encode()
        headers = {"content-type": "application/json"}
        if "authorization" in request.headers:
            headers["authorization"] = request.headers["authorization"]
        asked = [unquote(part) for part in request.scope["raw_path"].decode().strip("/").split("/")]
        path = "/".join(quote(self._meant.get(part, part), "") for part in asked)
        found = await self._hub.request(request.method, path, params=params, content=body, headers=headers)
        if not found.content or path in AS_IT_IS:
            return Response(found.content, found.status_code, media_type="application/json")
        made = self._poisoned(found.json(), path, {})
        return Response(json.dumps(made), found.status_code, media_type="application/json")

    def _poisoned(self, value: Any, name: str, known: dict[str, str], *, is_part: bool = False) -> Any:
        """The same shape with other texts; within one whole the same text is the same again."""
        if isinstance(value, dict):
            return {
                (self._text(key, name, known) if name in NAMED else key): self._poisoned(
                    child, key, known, is_part=is_part
                )
                for key, child in value.items()
            }
        if isinstance(value, list) and not is_part and name not in ONE_WHOLE:
            return list(self._many(value, name))
        if isinstance(value, list):
            return [self._poisoned(each, name, known, is_part=True) for each in value]
        if value is None and name in UNSAID:
            return self._hostile(name)
        if not isinstance(value, str) or name in KEPT or (SHAPED.fullmatch(value) and name not in NUMBERED):
            return value
        made = self._text(value, name, known)
        if name in ASKED_BY:
            self._meant[made] = value
        return made

    def _text(self, value: str, name: str, known: dict[str, str]) -> str:
        """Another text for this one. Names stay names: no two things have the same."""
        same = f"{name}: {value}" if name in ASKED_BY else value
        if same not in known:
            text = self._hostile(name)
            known[same] = f"{text} {next(self._serial)}" if name in NAMES or text in known.values() else text
        return known[same]

    def _hostile(self, name: str) -> str:
        """The next for fields of this name; each begins elsewhere, so that together they soon have had them all."""
        if name not in self._rounds:
            begin = len(self._rounds) * STEP % len(HOSTILE)
            self._rounds[name] = cycle([*HOSTILE[begin:], *HOSTILE[:begin]])
        return next(self._rounds[name])

    def _many(self, values: list[Any], name: str) -> Iterator[Any]:
        """A list that is long enough, each item with texts of its own."""
        for number in range(len(values) if not values else max(MANY, len(values))):
            made = self._poisoned(values[number % len(values)], name, {}, is_part=True)
            again = (
                number >= len(values) and isinstance(made, dict) and SHAPED.fullmatch(str(made.get("id", "")))
            )
            yield {**made, "id": str(uuid.uuid4())} if again else made
