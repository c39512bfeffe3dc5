"""The connector for plain HTTP requests: one action, whose safety the merchant declares."""

from collections.abc import Mapping
from typing import Any, Literal

import orjson
from pydantic import Field, SecretStr

from hub.sdk import (
    Answer,
    Call,
    Client,
    Connector,
    Declared,
    Kind,
    NotDone,
    Refused,
    Settings,
    Unanswered,
    Unauthorised,
    action,
)
from hub.sdk.commerce import Record
from hub.sdk.declared import DeclaredEffect
from hub.sdk.signing import Signature
from hub.sdk.testing import Sandbox


class HttpRequest(Record):
    """A request to a path under the connection's base_url, or to a whole https URL on its origin.

    `body` is sent as JSON. `ok_statuses` are statuses outside 2xx that are an answer rather than a failure, such as
    404 where absence is news.
    """

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    path: str
    body: Any = None
    # A factory, for pydantic copies a default deeply at each request.
    headers: dict[str, str] = Field(default_factory=dict)
    params: dict[str, str] = Field(default_factory=dict)
    ok_statuses: list[int] = Field(default_factory=list)


class HttpAnswer(Record):
    """What came back: `body` where the service says it is JSON, else `text`."""

    status: int
    body: Any = None
    text: str = ""


class HttpSettings(Settings):
    """Headers sent with every request, credentials among them, and what the service does with a repeat.

    The effect's key goes into `key_header`. With `sign_with` the body is signed as `signature` says.
    """

    headers: dict[str, SecretStr] = {}
    key_header: str = "idempotency-key"
    effect: DeclaredEffect = DeclaredEffect()
    sign_with: SecretStr | None = None
    signature: Signature = Signature()


class HttpRequests(Connector[HttpSettings]):
    """Any service that answers HTTP requests."""

    name = "http"
    title = "HTTP"
    integration_depth = "poll"

    def __init__(self, settings: HttpSettings, client: Client, base_url: str | None = None) -> None:
        super().__init__(settings, client, base_url)
        self._headers = {name: value.get_secret_value() for name, value in settings.headers.items()}

    @classmethod
    def sandbox(cls) -> Sandbox:
        """A service that remembers requests and answers with what it was sent."""
        from connectors.http.sandbox import EchoSandbox

        return EchoSandbox()

    def declared_effect(self, step: Mapping[str, Any]) -> Kind:
        """What the service does with a repeat, as merchant or the step declares it; nobody can be asked."""
        return self.settings.effect.resolve(step, has_lookup=False)

    @action(Declared(), refusals=("refused", "not-found", "destination-not-allowed"))
    async def request(self, wanted: HttpRequest, call: Call) -> HttpAnswer:
        """Send one request and give what was answered."""
        headers = {**self._headers, **wanted.headers}
        if self.settings.key_header:
            headers[self.settings.key_header] = call.key
        content = None
        if wanted.body is not None:
            content = orjson.dumps(wanted.body, default=str)
            headers["content-type"] = "application/json"
        if self.settings.sign_with is not None:
            self._sign(headers, content or b"", call)
        answer = await self.http(call).request(
            wanted.method, wanted.path, content=content, headers=headers, params=wanted.params
        )
        if not answer.is_success and answer.status_code not in wanted.ok_statuses:
            _raise_for(answer)
        return _read(answer)

    def _sign(self, headers: dict[str, str], body: bytes, call: Call) -> None:
        signature, timestamp = self.settings.signature, str(int(call.now.timestamp()))
        assert self.settings.sign_with is not None
        headers[signature.header] = signature.of(self.settings.sign_with, body, timestamp)
        if signature.timestamp_header:
            headers[signature.timestamp_header] = timestamp


def _raise_for(answer: Answer) -> None:
    """A 4xx is a refusal; a redirect or a 5xx leaves open what happened."""
    status = answer.status_code
    if status in (401, 403):
        raise Unauthorised(f"The service answered {status}.")
    if status in (425, 429):
        raise NotDone("The service asks us to slow down.", retry_after=answer.retry_after())
    if 400 <= status < 500 and status != 408:
        code = "not-found" if status in (404, 410) else "refused"
        raise Refused(code, f"The service answered {status}.")
    raise Unanswered(f"The service answered {status}; it may have acted.")


def _read(answer: Answer) -> HttpAnswer:
    # Every value was made here, so nothing is left to validate: this is the hot path.
    if answer.content and "json" in answer.headers.get("content-type", ""):
        return HttpAnswer.model_construct(status=answer.status_code, body=answer.json(), text="")
    return HttpAnswer.model_construct(status=answer.status_code, body=None, text=answer.text)
