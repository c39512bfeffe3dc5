"""The way to people through Apprise, which blocks, tells yes from no and nothing more, and talks of secrets.

Apprise makes its own connections: the guard of hub.sdk.http does not stand before them. Three things stand there
instead. Only schemes of `SCHEMES` are taken, so that no address makes this machine do something (run a program, write
a log, ring a bell). No redirect is followed, so that nobody leads us elsewhere. And every connection is encrypted
and its certificate checked, except `json://` to this very machine.
"""

import asyncio
import ipaddress
import logging
import re
import time
import warnings
from functools import cache
from typing import Literal

from apprise import Apprise, AppriseAsset, NotifyBase, NotifyFormat
from apprise.result import AppriseResult, AppriseResultStatus

from connectors.alerts.notice import Notice

SCHEMES = frozenset(
    {
        # Chat.
        "discord", "feishu", "gchat", "lark", "matrixs", "mmosts", "nctalks", "revolt", "rockets", "slack", "tgram",
        "twist", "webex", "workflow", "workflows", "wxteams", "zulip",
        # On call.
        "betterstack", "goalerts", "ilert", "incidentio", "opsgenie", "pagerduty", "pagertree", "signl4", "spike",
        "splunk", "squadcast", "victorops",
        # Telephones.
        "bulksms", "clicksend", "gotifys", "msgbird", "nexmo", "ntfys", "pbul", "plivo", "pover", "signals", "sinch",
        "sns", "telnyx", "twilio", "vonage",
        # Mail.
        "brevo", "mailersend", "mailgun", "mailto", "mailtos", "postmark", "resend", "sendgrid", "ses", "smtp2go",
        "sparkpost",
        # Anything that takes a POST.
        "hassios", "ifttt", "json", "jsons",
    }
)  # fmt: skip
"""The first words of addresses that are taken; each reaches people over the network and does nothing here."""

Verdict = Literal["accepted", "refused", "unknown"]

_STATUS = re.compile(r"error=(\d{3})\.$", re.ASCII)
"""How Apprise's plugins end the line they log of an answer that is no success."""

# Apprise and urllib3 write whole addresses into their debug lines, and an address is a credential. What Apprise warns
# of is read from its results, not from the log.
logging.getLogger("apprise").propagate = False
logging.getLogger("apprise").setLevel(logging.WARNING)
logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)


class Unusable(Exception):
    """An address that is not taken, and why; never the address itself."""


def open_address(address: str) -> NotifyBase:
    """Apprise's plugin for one address; raises `Unusable`. The first one takes a second: Apprise loads all it has."""
    scheme = address.partition("://")[0].lower()
    if scheme not in SCHEMES:
        raise Unusable("This kind of address is not known here, or acts on this machine.")
    _load()
    plugin = Apprise.instantiate(address, asset=_asset())
    if plugin is None:
        raise Unusable(f"This is not an address of the kind {scheme}.")
    if plugin.redirects or plugin.retry or not plugin.verify_certificate:
        raise Unusable("An address may not ask for redirect, retry or verify=no.")
    if not (_is_encrypted(plugin) or (scheme == "json" and _is_loopback(plugin.host))):
        raise Unusable("Alerts leave this machine by an encrypted connection only.")
    return plugin


async def tell(address: str, notice: Notice, seconds: float) -> Verdict:
    """Tell one address, and give what is known after at most so many seconds.

    A thread cannot be stopped. It ends by itself as its sockets do, yet where a name resolves slowly it may send after
    the deadline; the verdict was "unknown" by then.
    """
    began = time.monotonic()
    plugin = open_address(address)
    left = seconds - (time.monotonic() - began)
    if left <= 0:
        return "unknown"
    plugin.socket_connect_timeout, plugin.socket_read_timeout = min(3.0, left), left
    try:
        async with asyncio.timeout(left):
            result = await asyncio.to_thread(_notify, plugin, notice, time.monotonic() + left)
    except TimeoutError:
        return "unknown"
    return read_result(result)


def read_result(result: AppriseResult) -> Verdict:
    """What Apprise's result lets us know.

    Its "no" covers a lost answer as well as a refusal. A refusal is certain only where an address has one recipient and
    the one status that Apprise speaks of is a 4xx by which the other side says no (408, 425 and 429 leave it open).
    """
    if result.status is AppriseResultStatus.SUCCESS:
        return "accepted"
    statuses = [int(found[1]) for entry in result.logs() if (found := _STATUS.search(entry.message))]
    is_one = len(list(result)) == 1 and all(service.weight == 1 for service in result)
    if is_one and len(statuses) == 1 and 400 <= statuses[0] < 500 and statuses[0] not in (408, 425, 429):
        return "refused"
    return "unknown"


def _notify(plugin: NotifyBase, notice: Notice, until: float) -> AppriseResult:
    """In a thread, which may be given its turn too late: then nothing is sent."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    teller = Apprise(asset=_asset())
    teller.add(plugin)
    return teller.notify(
        body=notice.text,
        title=notice.title,
        notify_type=notice.weight,
        body_format=NotifyFormat.TEXT,
        timeout=left,
    )


def _is_encrypted(plugin: NotifyBase) -> bool:
    """Whether no plain connection is made: the kind has no plain form, or this address does not ask for it."""
    has_plain_form = getattr(plugin, "protocol", None) is not None
    return (bool(plugin.secure) or not has_plain_form) and getattr(plugin, "secure_mode", "") != "insecure"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@cache
def _asset() -> AppriseAsset:
    """Nothing is kept on disk, no key is made, no text is a template."""
    return AppriseAsset(
        app_id="Faros Hub",
        app_desc="Faros Hub",
        async_mode=False,
        http_redirects=False,
        storage_mode="memory",
        allow_templates=False,
        pgp_autogen=False,
        pem_autogen=False,
    )


@cache
def _load() -> None:
    with warnings.catch_warnings():
        # Apprise's mail plugin imports a module that Python 3.13 has taken away; it copes, and we need not hear of it.
        warnings.simplefilter("ignore", DeprecationWarning)
        Apprise.instantiate("json://localhost")
