"""A service that remembers requests and answers with what it was sent."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import orjson
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.http.connector import HttpRequest
from hub.sdk.testing import Sandbox

KEY = "sandbox-key"


class EchoSandbox(Sandbox):
    """Remembers requests by their idempotency key; the answer to a known key is the first one's.

    `remembers_keys=False` makes it act on every request, as most services do.
    """

    def __init__(self, remembers_keys: bool = True) -> None:
        super().__init__()
        self.remembers_keys = remembers_keys
        self.refuses_all = False
        """Accept no credential, as a service does once a key was revoked."""
        self.received: list[dict[str, Any]] = []
        self._answers: dict[str, dict[str, Any]] = {}

    def settings(self) -> dict[str, Any]:
        """A key in a header, and the promise this service keeps."""
        return {"headers": {"x-api-key": KEY}, "effect": "keyed" if self.remembers_keys else "unsafe"}

    def unsettled(self) -> Mapping[str, Any]:
        """How many requests were acted on."""
        return {"received": len(self.received)}

    def reset(self) -> None:
        """Forget every request."""
        self.__init__(self.remembers_keys)  # type: ignore[misc]  # a double forgets by starting over

    def variants(self) -> Mapping[str, Callable[[], Sandbox]]:
        """A service that remembers keys, and one that does not."""
        return {"keyed": EchoSandbox, "unsafe": partial(EchoSandbox, False)}

    def exempt(self) -> Mapping[str, str]:
        """Why a rule cannot be kept."""
        return {"credentials": "Some services need no credential, and the hub cannot know which."}

    def examples(self) -> Mapping[str, BaseModel]:
        """One input for each action."""
        return {"request": HttpRequest(method="POST", path="/things", body={"name": "mug"})}

    def provocations(self) -> Mapping[str, Mapping[str, BaseModel]]:
        """Inputs that are refused by themselves, by action and refusal."""
        elsewhere = HttpRequest(path="https://elsewhere.example/things")
        return {"request": {"destination-not-allowed": elsewhere}}

    def _routes(self) -> list[Route]:
        return []

    def _controls(self) -> list[Route]:
        # The catch-all must come after the controls, or it would answer for them.
        methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        return [*super()._controls(), Route("/{path:path}", self._answer, methods=methods)]

    async def _answer(self, request: Request) -> Response:
        if self.refuses_all or request.headers.get("x-api-key") != KEY:
            return JSONResponse({"error": "Who are you?"}, 401)
        if self.take_refusal("not-found"):
            return JSONResponse({"error": "There is no such thing."}, 404)
        if self.take_refusal("refused"):
            return JSONResponse({"error": "No."}, 422)
        if self.take_refusal("429", "slow-down"):
            return JSONResponse({"error": "Slow down."}, 429, {"retry-after": "2"})
        key = request.headers.get("idempotency-key", "")
        if self.remembers_keys and key in self._answers:
            return JSONResponse(self._answers[key])
        try:
            body = json.loads(await request.body() or b"null")
        except ValueError:
            return JSONResponse({"error": "The body is not JSON."}, 400)
        return Response(orjson.dumps(self._remember(request, key, body)), media_type="application/json")

    def _remember(self, request: Request, key: str, body: Any) -> dict[str, Any]:
        seen = {
            "method": request.method,
            "path": request.url.path,
            "params": dict(request.query_params),
            "headers": {k: v for k, v in request.headers.items() if k != "x-api-key"},
            "body": body,
        }
        if request.method != "GET":
            self.received.append(seen)
            self.changes += 1
        self._answers[key] = seen
        return seen
