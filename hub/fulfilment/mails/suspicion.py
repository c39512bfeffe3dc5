"""Whether a mail asks for something that a parcel's news does not: money, a password, a click. Pure."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from hub.fulfilment.carrier_table import linked_by
from hub.fulfilment.mails.naming import carriers_named
from hub.fulfilment.mails.opening import Mail
from hub.fulfilment.mails.page import Page
from hub.fulfilment.mails.words import fold, says

_FAILED = re.compile(r"\b(?:dmarc|dkim|spf)\s?=\s?(?:fail|softfail|permerror)\b", re.IGNORECASE)
_PASSED = re.compile(r"\bdmarc\s?=\s?pass\b", re.IGNORECASE)


def suspicions(mail: Mail, page: Page) -> list[str]:
    """Reasons not to believe a mail; empty for an honest one. One reason is enough to ask a person."""
    senders = mail.senders()
    names = " ".join(name for name, _ in senders)
    hosts = {address.rpartition("@")[2] for _, address in senders}
    claimed = carriers_named(f"{names} {mail.subject}") or _signed_by(page)
    is_carrier = any(linked_by(f"https://{host}") for host in hosts)
    stranger = bool(claimed) and not is_carrier
    return list(_reasons(mail, page, stranger=stranger, hosts=hosts))


def _reasons(mail: Mail, page: Page, *, stranger: bool, hosts: set[str]) -> Iterator[str]:
    text = fold(" \n".join([mail.subject, *(line.text for line in page[:200])]))
    leads_away = any(_leads_away(link, hosts) for line in page for link in line.links)
    if says(text, "money") and says(text, "data") and leads_away and stranger:
        yield "speaks for a carrier from elsewhere, and asks for money"
    elif stranger and leads_away and (says(text, "money") and _is_short(page)):
        yield "speaks for a carrier from elsewhere, and speaks of a fee"
    elif (
        stranger and leads_away and says(text, "data") and _is_short(page) and not _has_own_carrier_link(page)
    ):
        yield "speaks for a carrier from elsewhere, and asks for a click"
    if stranger and _is_forged(mail):
        yield "speaks for a carrier, and its sender could not be proved"
    if any(_pretends(line.text, link) for line in page for link in line.links):
        yield "shows a carrier's address and leads elsewhere"


def _signed_by(page: Page) -> frozenset[str]:
    """The carrier a page opens or closes with, as its letterhead does."""
    edge = [line.text for line in (*page[:3], *page[-3:]) if len(line.text) < 60]
    return carriers_named(" ".join(edge))


def _leads_away(link: str, hosts: set[str]) -> bool:
    host = _host(link)
    return bool(host) and not linked_by(link) and not any(_same_site(host, own) for own in hosts)


def _same_site(one: str, other: str) -> bool:
    """Whether two hosts end alike in their last two names; near enough for a suspicion, never for a trust."""
    return one.split(".")[-2:] == other.split(".")[-2:]


def _has_own_carrier_link(page: Page) -> bool:
    return any(linked_by(link) for line in page for link in line.links)


def _is_short(page: Page) -> bool:
    return sum(len(line.text) for line in page) < 2500


def _is_forged(mail: Mail) -> bool:
    """Whether any server on the way says that the sender is not who it claims to be: doubt may come from anybody."""
    results = [value for name, value in mail.headers if name == "authentication-results"]
    return bool(results) and _FAILED.search(results[0]) is not None and _PASSED.search(results[0]) is None


def _pretends(text: str, link: str) -> bool:
    shown = re.search(
        r"(?<![\w.@-])(?:https?://)?((?:[a-z0-9-]{1,40}\.){1,4}[a-z]{2,6})(?=/|\s|$)", text.lower()
    )
    if shown is None or not (carriers := linked_by(f"https://{shown[1]}")):
        return False
    return (
        bool(_host(link))
        and not carriers & linked_by(link)
        and re.search(r"\d{1,3}(?:\.\d{1,3}){3}", _host(link)) is not None
    )


def _host(link: str) -> str:
    try:
        return (urlsplit(link.strip()).hostname or "").lower()
    except ValueError:
        return ""
