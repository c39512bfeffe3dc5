"""Sandbox: a double of a remote service, as a plain ASGI app, that can be told to misbehave."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import httpx
import orjson
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hub.sdk.errors import NotDone, Unanswered
from hub.sdk.events import Delivery
from hub.sdk.http import Answer

Reply = Response | tuple[int, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to misbehave once: `lose` acts and drops the answer, `fail` drops before acting, `stall` waits first."""

    kind: Literal["lose", "fail", "stall"]
    seconds: float = 0
    path: str = ""
    """Only for requests whose path contains this."""


def route(method: str, path: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a sandbox method `async (self, request) -> (status, json) or Response` as the answer to a request."""

    def declare(function: Callable[..., Any]) -> Callable[..., Any]:
        function.__sandbox_route__ = (method, path)  # type: ignore[attr-defined]  # functions carry attributes
        return function

    return declare


class Sandbox:
    """A double of a remote service. Subclass it, give it routes, a memory, and the service's own refusals."""

    def __init__(self) -> None:
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.faults: deque[Fault] = deque()
        self.refusals: deque[str] = deque()
        self.requests = 0
        self.changes = 0
        """How often a request changed what this service remembers: what the standard tests count."""
        self._app = Starlette(routes=[*self._routes(), *self._controls()])

    def settings(self) -> dict[str, Any]:
        """The settings a connection needs to speak to this double."""
        return {}

    def sign(self, body: bytes, topic: str = "", headers: Mapping[str, str] | None = None) -> Delivery:
        """A webhook as the real service would send it, signed with the double's own credentials."""
        raise LookupError(f"{type(self).__name__} sends no webhooks.")

    def unsettled(self) -> Mapping[str, Any]:
        """What the double remembers, for people and tests: counts by noun."""
        return {}

    def reset(self) -> None:
        """Forget everything."""
        self.__init__()  # type: ignore[misc]  # a double forgets by starting over

    # What the standard tests need to know of it.

    def variants(self) -> Mapping[str, Callable[[], "Sandbox"]]:
        """Doubles that keep different promises, by name, where the merchant declares the kind of effect."""
        return {}

    def examples(self) -> Mapping[str, BaseModel]:
        """An input for each action, which the double answers with success."""
        return {}

    def deliveries(self) -> Mapping[str, Any]:
        """A webhook body, as JSON, for each topic."""
        return {}

    def provocations(self) -> Mapping[str, Mapping[str, BaseModel]]:
        """Inputs that are refused by themselves, by action and refusal; the others come from `refuse`."""
        return {}

    def statuses(self) -> Mapping[str, str]:
        """The dotted path of the status in the other side's JSON, by action or webhook method."""
        return {}

    def exempt(self) -> Mapping[str, str]:
        """Standard tests this connector cannot keep, each with the reason; `ConnectorTests` takes them too."""
        return {}

    def seed(self) -> None:
        """Let something happen that polls should find."""

    # How to make it misbehave.

    def lose_next_answer(self, path: str = "") -> None:
        """Act on the next request, then drop the connection without an answer."""
        self.faults.append(Fault("lose", path=path))

    def fail_next(self, path: str = "") -> None:
        """Drop the next request before acting on it."""
        self.faults.append(Fault("fail", path=path))

    def stall(self, seconds: float, path: str = "") -> None:
        """Wait this long before acting on the next request."""
        self.faults.append(Fault("stall", seconds, path))

    def refuse(self, code: str) -> None:
        """Refuse the next request that could be refused so."""
        self.refusals.append(code)

    def take_refusal(self, *codes: str) -> str | None:
        """For routes: the refusal that was asked for, if it is one of these."""
        if self.refusals and self.refusals[0] in codes:
            return self.refusals.popleft()
        return None

    # The ASGI app.

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/_sandbox"):
            await self._app(scope, receive, send)
            return
        self.requests += 1
        fault = self._take_fault(scope["path"])
        if fault is None:
            await self._app(scope, receive, send)
            return
        if fault.kind == "stall":
            await asyncio.sleep(fault.seconds)
            await self._app(scope, receive, send)
            return
        if fault.kind == "lose":
            await self._app(scope, receive, _nowhere)
        # A promised length that never comes makes the server close the connection: the client sees a broken answer.
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"10")]})
        raise ConnectionAbortedError(f"The sandbox was told to {fault.kind} this answer.")

    def _take_fault(self, path: str) -> Fault | None:
        for fault in self.faults:
            if fault.path in path:
                self.faults.remove(fault)
                return fault
        return None

    def _routes(self) -> list[Route]:
        routes = []
        for name in dir(self):
            function = getattr(type(self), name, None)
            if mark := getattr(function, "__sandbox_route__", None):
                routes.append(Route(mark[1], _answering(getattr(self, name)), methods=[mark[0]]))
        return routes

    def _controls(self) -> list[Route]:
        async def state(request: Request) -> Response:
            return Response(orjson.dumps(dict(self.unsettled()), default=str), media_type="application/json")

        async def misbehave(request: Request) -> Response:
            wanted = await request.json()
            if "refuse" in wanted:
                self.refuse(wanted["refuse"])
            else:
                self.faults.append(Fault(**wanted))
            return JSONResponse({"faults": len(self.faults)})

        return [
            Route("/_sandbox/state", state, methods=["GET"]),
            Route("/_sandbox/fault", misbehave, methods=["POST"]),
        ]


class SandboxTransport:
    """The client's seam, answered by a double in this process."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(sandbox), timeout=None)

    async def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, timeout: float
    ) -> Answer:
        try:
            async with asyncio.timeout(timeout):
                response = await self._client.request(method, url, headers=dict(headers), content=body)
        except TimeoutError as error:
            raise Unanswered("The sandbox gave no answer in time.") from error
        except ConnectionRefusedError as error:
            raise NotDone("The sandbox does not accept connections.") from error
        except ConnectionError as error:
            raise Unanswered(str(error)) from error
        return Answer(
            response.status_code, {k.lower(): v for k, v in response.headers.items()}, response.content
        )

    async def close(self) -> None:
        await self._client.aclose()


def _answering(function: Callable[[Request], Awaitable[Reply]]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        reply = await function(request)
        if isinstance(reply, Response):
            return reply
        status, body = reply
        return Response(orjson.dumps(body, default=str), status, media_type="application/json")

    return answer


async def _nowhere(message: MutableMapping[str, Any]) -> None:
    """Where a lost answer goes."""
