"""The Admin API of one shop: tokens, the cost bucket, and what each kind of error lets us know."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from connectors.shopify.operations import Operation
from connectors.shopify.settings import ShopifySettings
from connectors.shopify.wire import Cost, GraphqlAnswer, GraphqlError, Token
from hub.sdk import Answer, Http, NotDone, Refused, Unanswered, Unauthorised, Unreadable

W = TypeVar("W", bound=BaseModel)

log = logging.getLogger(__name__)

SHOP_CLOSED = {
    402: "The shop is frozen (402): its owner has to settle its bill with Shopify.",
    403: "Shopify forbids this app to act in the shop (403).",
    423: "The shop is locked (423): its owner has to talk to Shopify.",
}

OPTIONAL = frozenset({"customer", "email", "phone", "product"})
"""Fields of an order that may be withheld without harm; nothing can be sent without the rest.

An app that is not approved for protected customer data reads nulls; `product` needs the scope read_products.
"""


class Admin:
    """One shop's Admin API. What it remembers (token, cost, version) only makes it quicker or warn
    earlier."""

    def __init__(self, settings: ShopifySettings) -> None:
        self.settings = settings
        self.version_warning = ""
        """Not empty once Shopify has served another API version than the one asked for.

        Shopify does so silently when a version is no longer supported. It alarms and does not stop the work:
        the wire models raise `Unreadable` where the other version really differs.
        """
        self._token = ""
        self._token_until = 0.0
        self._token_lock = asyncio.Lock()
        self._bucket: tuple[Cost, float] | None = None
        self._costs: dict[str, float] = {}

    async def run(
        self,
        http: Http,
        operation: Operation,
        variables: Mapping[str, Any],
        expect: type[W],
        optional: bool = False,
    ) -> W:
        """Run a document and read the answer's data; `optional` bears with fields withheld in an order."""
        self._check_bucket(operation)
        token = await self._access_token(http)
        answer = await self._post(http, operation, variables, token)
        if answer.status_code == 401 and self.settings.access_token is None:
            # The token ended early: nothing was done, so ask once with a new one. Of many calls that find this
            # out at once, only the first forgets the token.
            if token == self._token:
                self._token_until = 0.0
            answer = await self._post(http, operation, variables, await self._access_token(http))
        self._compare_version(answer)
        _check_status(answer)
        body = _read(GraphqlAnswer, answer.json())
        if body.extensions and body.extensions.cost:
            self._bucket = (body.extensions.cost, _moment())
            self._costs[operation.name] = float(body.extensions.cost.requested_query_cost)
        if body.errors and not (optional and body.data and all(_is_bearable(e) for e in body.errors)):
            raise _failure(body)
        if body.data is None:
            raise Unreadable(f"Shopify answered {operation.name} without data or errors.")
        return _read(expect, body.data)

    async def _post(
        self, http: Http, operation: Operation, variables: Mapping[str, Any], token: str
    ) -> Answer:
        return await http.post(
            f"/admin/api/{self.settings.api_version}/graphql.json",
            json={"query": operation.text, "variables": dict(variables), "operationName": operation.name},
            headers={"x-shopify-access-token": token},
        )

    async def _access_token(self, http: Http) -> str:
        if self.settings.access_token is not None:
            return self.settings.access_token.get_secret_value()
        # One at a time: the calls that wait here find the token that the first of them got.
        async with self._token_lock:
            if _moment() >= self._token_until:
                token = await self._grant(http)
                self._token = token.access_token
                self._token_until = _moment() + max(token.expires_in - 60, 0)
            return self._token

    async def _grant(self, http: Http) -> Token:
        """Ask for a token by the client-credentials grant. Until there is one nothing else was asked of the
        shop."""
        secret = self.settings.client_secret
        form = {
            "grant_type": "client_credentials",
            "client_id": self.settings.client_id or "",
            "client_secret": secret.get_secret_value() if secret else "",
        }
        try:
            answer = await http.post("/admin/oauth/access_token", form=form)
        except Unanswered as error:
            raise NotDone("Shopify did not answer when asked for a token; nothing else was asked.") from error
        if answer.status_code in (400, 401, 403):
            raise Unauthorised(f"Shopify gives this client_id no token ({answer.status_code}).")
        if not answer.is_success:
            raise NotDone(f"Shopify gave no token ({answer.status_code}).", retry_after=answer.retry_after())
        return _read(Token, answer.json())

    def _check_bucket(self, operation: Operation) -> None:
        """Not even try what the bucket certainly lacks the points for. Others may use it too, so this errs to
        trying."""
        cost = self._costs.get(operation.name)
        if cost is None or self._bucket is None:
            return
        last, at = self._bucket
        wait = last.wait_for(cost, _moment() - at)
        if wait > 0:
            raise NotDone(f"Shopify's cost bucket is too empty for {operation.name}.", retry_after=wait)

    def _compare_version(self, answer: Answer) -> None:
        served = answer.headers.get("x-shopify-api-version", "")
        asked = self.settings.api_version
        if not served or served == asked:
            self.version_warning = ""
        elif not self.version_warning:
            self.version_warning = f"Shopify serves API version {served} instead of {asked}: set api_version."
            log.warning("api version differs", extra={"asked": asked, "served": served})


def _check_status(answer: Answer) -> None:
    """What a status without a GraphQL answer lets us know. A 5xx may have acted."""
    status = answer.status_code
    if answer.is_success:
        return
    if status == 401:
        raise Unauthorised("Shopify does not accept this app's token (401).")
    if status in SHOP_CLOSED:
        raise Unauthorised(SHOP_CLOSED[status])
    if status == 404:
        raise Unauthorised("There is no such shop, or no such API version (404).")
    if status == 429:
        raise NotDone("Shopify asks us to slow down.", retry_after=answer.retry_after())
    if 400 <= status < 500 and status != 408:
        raise NotDone(f"Shopify could not make sense of the request ({status}).")
    raise Unanswered(f"Shopify answered {status}; it may have acted.")


def _failure(body: GraphqlAnswer) -> Exception:
    """The most cautious reading of the top-level errors: a field that failed inside may have acted."""
    codes = {e.code for e in body.errors}
    if unknown := codes - _CERTAIN:
        return Unanswered(f"Shopify failed with {', '.join(sorted(unknown))}; it may have acted.")
    if "THROTTLED" in codes:
        cost = body.extensions.cost if body.extensions else None
        wait = cost.wait_for(float(cost.requested_query_cost), 0) if cost else None
        return NotDone("Shopify's cost bucket is empty.", retry_after=wait)
    if "ACCESS_DENIED" in codes:
        denied = ", ".join(sorted({".".join(e.names()) for e in body.errors} - {""}))
        return Unauthorised(
            f"Shopify denies this app access to {denied or 'what was asked'}: check its scopes."
        )
    if "SHOP_INACTIVE" in codes:
        return Unauthorised("The shop is not active.")
    if "RESOURCE_NOT_FOUND" in codes:
        return Refused("not-found", "Shopify has nothing under this id.")
    if "MAX_COST_EXCEEDED" in codes:
        return NotDone("The document costs more than Shopify allows.")
    return NotDone("Shopify's schema does not allow the document: this connector may be too old for it.")


_CERTAIN = frozenset(
    {
        "THROTTLED",
        "ACCESS_DENIED",
        "SHOP_INACTIVE",
        "RESOURCE_NOT_FOUND",
        "MAX_COST_EXCEEDED",
        "INVALID_DOCUMENT",
    }
)
"""Codes given before anything ran."""


def _is_bearable(error: GraphqlError) -> bool:
    return error.code == "ACCESS_DENIED" and not OPTIONAL.isdisjoint(error.names())


def _read(model: type[W], data: Any) -> W:
    """Read wire data; a shape we do not know is `Unreadable`. The message names places, never values."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        places = ", ".join(sorted({".".join(str(p) for p in e["loc"]) for e in error.errors()})[:5])
        raise Unreadable(f"Shopify's answer is not as expected at {places or 'its top'}.") from None


def _moment() -> float:
    """The process's monotonic clock, in seconds."""
    return asyncio.get_running_loop().time()
