"""Puts a supplier's credential on a request; fetches and renews OAuth tokens."""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.supplier_api.settings import ApiKey, Auth, Basic, Bearer, ClientCredentials, QueryKey
from hub.sdk import Answer, Call, Http, NotDone, Refused, Unanswered, Unauthorised, Unreadable
from hub.sdk.paths import read_path

_MARGIN = timedelta(minutes=1)
_UNSAID = 300
"""Seconds a token is trusted for when the supplier does not say."""


@dataclass
class Credentials:
    """A connection's credential, and the token it was last exchanged for."""

    auth: Auth
    _token: str = ""
    _good_until: datetime | None = None

    async def headers(self, http: Http, call: Call) -> dict[str, str]:
        """What goes on the request; may ask for a new token first, which changes nothing at the supplier."""
        match self.auth:
            case ApiKey(header=header, key=key):
                return {header: key.get_secret_value()}
            case Bearer(token=token):
                return {"authorization": f"Bearer {token.get_secret_value()}"}
            case Basic(user=user, password=password):
                pair = f"{user}:{password.get_secret_value()}".encode()
                return {"authorization": f"Basic {base64.b64encode(pair).decode()}"}
            case QueryKey():
                return {}
            case ClientCredentials():
                return {"authorization": f"Bearer {await self._current(self.auth, http, call)}"}

    def params(self) -> dict[str, str] | None:
        """What goes into the address."""
        if isinstance(self.auth, QueryKey):
            return {self.auth.parameter: self.auth.key.get_secret_value()}
        return None

    def forget(self) -> None:
        """Fetch a new token next time: the supplier did not accept this one."""
        self._good_until = None

    async def _current(self, auth: ClientCredentials, http: Http, call: Call) -> str:
        if self._good_until is None or call.now >= self._good_until:
            form = {
                "grant_type": "client_credentials",
                "client_id": auth.client_id,
                "client_secret": auth.client_secret.get_secret_value(),
            }
            if auth.scope:
                form["scope"] = auth.scope
            answer = await self._ask(auth, http, form)
            self._token, lifetime = _read_token(answer)
            self._good_until = call.now + timedelta(seconds=lifetime) - _MARGIN
        return self._token

    async def _ask(self, auth: ClientCredentials, http: Http, form: dict[str, str]) -> Answer:
        """Whatever goes wrong here, nothing was bought: so it is never in doubt."""
        try:
            return (await http.post(auth.token_path, form=form)).raise_for_status()
        except (Unanswered, Unreadable) as error:
            raise NotDone("The supplier gave no token.") from error
        except Refused as error:
            if error.code == "destination-not-allowed":
                raise NotDone("token_path must be a path of the supplier's base_url.") from error
            raise Unauthorised("The supplier does not accept the client credentials.") from error


def _read_token(answer: Answer) -> tuple[str, int]:
    try:
        body = answer.json()
    except Unreadable as error:
        raise NotDone("The supplier's token is not JSON.") from error
    token, lifetime = read_path(body, "access_token"), read_path(body, "expires_in")
    if not isinstance(token, str) or not token:
        raise NotDone("The supplier answered without an access_token.")
    return token, lifetime if isinstance(lifetime, int) and lifetime > 0 else _UNSAID
