"""The connector for alerts."""

import asyncio
import logging
from base64 import b64encode
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from connectors.alerts.notice import Notice, write_notice
from connectors.alerts.settings import AlertSettings
from hub.sdk import ALERT, Call, Connector, Declared, Kind, NotDone, Refused, Unanswered, action
from hub.sdk.commerce import Accepted
from hub.sdk.messages import NewAlert
from hub.sdk.testing import Sandbox

if TYPE_CHECKING:
    from connectors.alerts.apprise_road import Verdict

log = logging.getLogger(__name__)


class Alerts(Connector[AlertSettings]):
    """Slack, mail, text messages and what else Apprise knows, for the people who run the shop.

    Apprise makes its own connections; `connectors.alerts.apprise_road` says what stands in the guard's place. A
    connection with a `base_url` uses none of it: it posts there, by the hub's guarded client, the JSON that Apprise's
    `json://` would post, with the credentials of the first address. So it is with doubles.
    """

    name = "alerts"
    title = "Alerts"
    capabilities = (ALERT,)
    integration_depth = "poll"

    @classmethod
    def sandbox(cls) -> Sandbox:
        """A receiver of Apprise's JSON, which lists the alerts."""
        from connectors.alerts.sandbox import AlertsSandbox

        return AlertsSandbox()

    def declared_effect(self, step: Mapping[str, object]) -> Kind:
        """What being told twice does, as merchant or step declares it; nobody can be asked."""
        return self.settings.effect.resolve(step, has_lookup=False)

    # No service that people read promises to show a repeat once, so none of the kinds is true of all of them. The
    # settings' default says what is true of people instead: see AlertSettings.
    @action(Declared(), refusals=("rejected",))
    async def send_alert(self, alert: NewAlert, call: Call) -> Accepted:
        """Tell the people who run the shop, once one of their addresses accepts it."""
        notice = write_notice(alert)
        if self.base_url is not None:
            await self._post(notice, call)
        elif self.settings.to == "all":
            _conclude(await self._tell_all(notice, call))
        else:
            _conclude(await self._tell_first(notice, call))
        return Accepted(reference=alert.unique_id)

    async def _tell_first(self, notice: Notice, call: Call) -> list["Verdict"]:
        """In order until one accepts. Each gets an equal part of the time left, so that a silent one leaves some."""
        verdicts: list[Verdict] = []
        for place, address in enumerate(self.settings.urls):
            left = call.deadline - asyncio.get_running_loop().time()
            if left <= 0:
                break
            share = left / (len(self.settings.urls) - place)
            verdicts.append(await _tell(place, address.get_secret_value(), notice, share))
            if verdicts[-1] == "accepted" or (verdicts[-1] == "unknown" and not self._may_tell_twice()):
                break
        return verdicts

    async def _tell_all(self, notice: Notice, call: Call) -> list["Verdict"]:
        left = call.deadline - asyncio.get_running_loop().time()
        if left <= 0:
            return []
        addresses = enumerate(self.settings.urls)
        return await asyncio.gather(*(_tell(n, a.get_secret_value(), notice, left) for n, a in addresses))

    def _may_tell_twice(self) -> bool:
        return self.settings.effect.kind in ("idempotent", "keyed")

    async def _post(self, notice: Notice, call: Call) -> None:
        """What Apprise's `json://` posts."""
        body = {
            "version": "1.0",
            "title": notice.title,
            "message": notice.text,
            "attachments": [],
            "type": notice.weight,
        }
        answer = await self.http(call).post("/", json=body, headers=self._credentials())
        if 400 <= answer.status_code < 500 and answer.status_code not in (401, 403, 408, 425, 429):
            raise Refused("rejected", f"The receiver answered {answer.status_code}.")
        answer.raise_for_status()

    def _credentials(self) -> dict[str, str]:
        first = urlsplit(self.settings.urls[0].get_secret_value())
        if not first.scheme.startswith("json") or first.username is None:
            return {}
        pair = f"{unquote(first.username)}:{unquote(first.password or '')}"
        return {"authorization": f"Basic {b64encode(pair.encode()).decode()}"}


async def _tell(place: int, address: str, notice: Notice, seconds: float) -> "Verdict":
    from connectors.alerts.apprise_road import tell

    verdict = await tell(address, notice, seconds)
    if verdict != "accepted":
        # The place and the kind: an address is a credential.
        log.warning("alert not accepted: address %d (%s), %s", place + 1, address.partition(":")[0], verdict)
    return verdict


def _conclude(verdicts: list["Verdict"]) -> None:
    """Nothing if one accepted; raises what is known otherwise."""
    if "accepted" in verdicts:
        return
    if "unknown" in verdicts:
        raise Unanswered("No address is known to have accepted the alert; one may have.")
    if not verdicts:
        raise NotDone("The call's deadline passed before anybody was told.")
    raise Refused("rejected", "Every address refused the alert.")
