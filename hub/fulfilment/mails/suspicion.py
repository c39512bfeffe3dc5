"""Whether a mail asks for something that a parcel's news does not: money, a password, a click. Pure."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from hub.fulfilment.carrier_table import linked_by
from hub.fulfilment.mails.naming import carriers_named
from hub.fulfilment.mails.opening import Mail
from hub.fulfilment.mails.page import Page, clean
from hub.fulfilment.mails.words import fold, says

_FAILED = re.compile(r"\b(?:dmarc|dkim|spf)\s?=\s?(?:fail|softfail|permerror)\b", re.IGNORECASE)
_TELEPHONE = re.compile(r"\+?\d[\d().\s-]{7,16}\d")
_PROGRAM_ENDINGS = "zip html htm exe js vbs iso img rar 7z scr docm xlsm ace gz jar lnk hta"
_PROGRAMS = frozenset(_PROGRAM_ENDINGS.split())
_PASSED = re.compile(r"\bdmarc\s?=\s?pass\b", re.IGNORECASE)


def suspicions(mail: Mail, page: Page) -> list[str]:
    """Reasons not to believe a mail; empty for an honest one. One reason is enough to ask a person."""
    senders = mail.senders()
    hosts = {address.rpartition("@")[2] for _, address in senders}
    names = clean(" ".join(name for name, _ in senders))
    is_carrier = any(linked_by(f"https://{host}") for host in hosts)
    claims = bool(carriers_named(names) or carriers_named(clean(mail.subject)[:20]) or _signed_by(page))
    reasons = list(
        _reasons(mail, page, hosts, claims=claims or is_carrier, stranger=claims and not is_carrier)
    )
    if carriers_named(names) and not is_carrier and _charges(mail, page):
        reasons.append("calls itself a carrier, writes from elsewhere, and wants money for a parcel")
    return reasons


def _charges(mail: Mail, page: Page) -> bool:
    """Whether a parcel is held back until money is paid on a page that is no carrier's."""
    text = fold("\n".join([mail.subject, *(line.text for line in page[:200])]))
    links = [link for line in page for link in line.links if _host(link)]
    is_held = says(text, "money") and says(text, "exception", "waiting")
    return bool(links) and is_held and not any(linked_by(link) for link in links)


def _reasons(mail: Mail, page: Page, hosts: set[str], *, claims: bool, stranger: bool) -> Iterator[str]:
    text = fold("\n".join([mail.subject, *(line.text for line in page[:200])]))
    links = [link for line in page for link in line.links]
    leads_away = any(_leads_away(link, hosts) for link in links) and not any(
        linked_by(link) for link in links
    )
    asks = [what for what in ("money", "data") if says(text, what)]
    if claims and leads_away and (len(asks) == 2 or (asks and _is_short(page))):
        yield f"speaks for a carrier, asks for {' and '.join(asks)}, and leads elsewhere"
    if (
        leads_away
        and not claims
        and "money" in asks
        and _is_short(page)
        and says(text, "exception", "waiting")
    ):
        yield "wants money for a parcel, and leads elsewhere"
    if says(text, "alarm") and _TELEPHONE.search(text):
        yield "frightens with a purchase, and wants to be called"
    if stranger and _is_forged(mail):
        yield "speaks for a carrier, and its sender could not be proved"
    if not any(linked_by(link) for link in links) and any(map(_is_risky, mail.attachments)):
        yield "carries a file that could be a program, and no carrier's link"
    if any(_pretends(line.text, link) for line in page for link in line.links):
        yield "shows a carrier's address and leads elsewhere"


def _is_risky(name: str) -> bool:
    return name.lower().rpartition(".")[2] in _PROGRAMS


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
