"""A double of whoever is told: it takes the JSON that Apprise's `json://` posts, and lists the alerts."""

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from jsonschema import Draft202012Validator
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hub.sdk.messages import NewAlert
from hub.sdk.testing import Sandbox, route

USER, PASSWORD = "faros", "alerts-sandbox-password"

BODY = {
    "type": "object",
    "required": ["version", "title", "message", "attachments", "type"],
    "additionalProperties": False,
    "properties": {
        "version": {"const": "1.0"},
        "title": {"type": "string", "pattern": r"^[^\r\n]*$"},
        "message": {"type": "string", "minLength": 1},
        "attachments": {"type": "array", "maxItems": 0},
        "type": {"enum": ["info", "success", "warning", "failure"]},
    },
}
"""What Apprise's `NotifyJSON` posts; the tests hold that plugin against it."""


class AlertsSandbox(Sandbox):
    """Somebody who is told. With `shows_repeats` the same alert stands there as often as it came, as in a chat."""

    def __init__(self, shows_repeats: bool = False) -> None:
        super().__init__()
        self.shows_repeats = shows_repeats
        self.alerts: list[dict[str, str]] = []

    def settings(self) -> dict[str, Any]:
        """An address with its credentials, and what being told twice does here."""
        effect = "unsafe" if self.shows_repeats else "idempotent"
        return {"urls": [f"jsons://{USER}:{PASSWORD}@alerts.example/"], "effect": effect}

    def unsettled(self) -> Mapping[str, Any]:
        """The alerts as people see them."""
        return {"alerts": self.alerts}

    def reset(self) -> None:
        """Forget every alert."""
        self.__init__(self.shows_repeats)  # type: ignore[misc]  # a double forgets by starting over

    def variants(self) -> Mapping[str, Callable[[], Sandbox]]:
        """One to whom twice is once, and one who counts."""
        return {"idempotent": AlertsSandbox, "unsafe": partial(AlertsSandbox, True)}

    def examples(self) -> Mapping[str, BaseModel]:
        """One input for each action."""
        alert = NewAlert(
            unique_id="main/supplier-silent/acme/2026-03-02",
            title="Acme has not answered for 24 hours",
            text="3 purchase orders wait for an answer.",
            url="https://hub.brand.example/cases?supplier=acme",
            severity="critical",
            happened_at=datetime(2026, 3, 2, 15, 4, tzinfo=UTC),
        )
        return {"send_alert": alert}

    @route("POST", "/")
    async def take(self, request: Request) -> Any:
        """Take one alert."""
        expected = f"Basic {b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}"
        if request.headers.get("authorization") != expected:
            return _refuse(401, "Who are you?")
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            return _refuse(415, "Send application/json.")
        try:
            body = json.loads(await request.body())
        except ValueError:
            return _refuse(400, "The body is not JSON.")
        if problem := next(Draft202012Validator(BODY).iter_errors(body), None):
            return _refuse(400, problem.message[:200])
        if self.take_refusal("rejected"):
            return _refuse(410, "Nobody listens here any more.")
        if self.take_refusal("429", "slow-down"):
            return JSONResponse({"error": "Slow down."}, 429, {"retry-after": "2"})
        alert = {name: body[name] for name in ("title", "message", "type")}
        if self.shows_repeats or alert not in self.alerts:
            self.alerts.append(alert)
            self.changes += 1
        return 200, {"ok": True}

    def _controls(self) -> list[Route]:
        async def alerts(request: Request) -> Response:
            return JSONResponse(self.alerts)

        return [*super()._controls(), Route("/_sandbox/alerts", alerts, methods=["GET"])]


def _refuse(status: int, why: str) -> Response:
    return JSONResponse({"error": why}, status)
