"""Whether a mail is from whom it says, by what our own mail server wrote on it (RFC 8601), and nobody else. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from hub.fulfilment.mails.opening import Mail
from hub.sdk.commerce import Record

_COMMENT = re.compile(r"\((?:[^()\\]|\\.){0,500}\)")
_METHOD = re.compile(r"\s*([a-z0-9-]{1,30})(?:/\d{1,3})?\s*=\s*([a-z]{1,20})", re.IGNORECASE)
_PROPERTY = re.compile(
    r"([a-z0-9-]{1,20}\.[a-z0-9-]{1,20})\s*=\s*(\"[^\"]{0,300}\"|[^\s;]{1,300})", re.IGNORECASE
)
_PARTIAL = re.compile(r"(?:^|;)\s*l\s*=\s*\d")


@dataclass(frozen=True, slots=True)
class Gate:
    """Whom we believe: the name our own server gives itself in Authentication-Results, and the senders we expect.

    `allowed` are addresses, or domains for everybody there; a domain does not stand for those below it.
    """

    authserv_id: str = ""
    allowed: Collection[str] = ()


class Trust(Record):
    """Whether the mail's sender is proved and expected, and every reason why not."""

    trusted: bool
    reasons: list[str] = []


def judge(mail: Mail, gate: Gate | None) -> Trust:
    """Trusted only if our own server's topmost result proves the one sender, whom we expect."""
    senders = mail.senders()
    if gate is None or not gate.authserv_id:
        return Trust(trusted=False, reasons=["no mail server of ours is named (authserv-id)"])
    if len(senders) != 1 or sum(name == "from" for name, _ in mail.headers) != 1:
        return Trust(trusted=False, reasons=["not exactly one sender"])
    address = _ascii(senders[0][1])
    reasons = [
        *([] if _is_allowed(address, gate.allowed) else ["the sender is not on the list"]),
        *_unproved(mail, address.rpartition("@")[2], gate.authserv_id),
    ]
    return Trust(trusted=not reasons, reasons=reasons)


def _unproved(mail: Mail, domain: str, authserv_id: str) -> list[str]:
    results = [value for name, value in mail.headers if name == "authentication-results"]
    if not results:
        return ["our server wrote no Authentication-Results"]
    # Only the topmost: what lies below came with the mail, and anybody can write it.
    named, found = _read(results[0])
    if named != authserv_id.casefold():
        return ["the topmost Authentication-Results are not our server's"]
    if any(_PARTIAL.search(value) for name, value in mail.headers if name == "dkim-signature"):
        return ["a signature covers only a part of the text"]
    if _dmarc(found, domain) or _dkim(found, domain):
        return []
    return ["neither DMARC nor an aligned DKIM signature passed"]


Results = list[tuple[str, str, dict[str, str]]]


def _read(value: str) -> tuple[str, Results]:
    """Who wrote a header, and its results: method, verdict, properties. What cannot be read proves nothing."""
    text = " ".join(value.split())[:20_000]
    for _ in range(8):
        text, count = _COMMENT.subn(" ", text)
        if not count:
            break
    head, *clauses = _split(text)
    words = head.split()
    if not words or "(" in text:
        return "", []
    results: Results = []
    for clause in clauses[:100]:
        method = _METHOD.match(clause)
        if method:
            properties = {p[1].lower(): p[2].strip('"').lower() for p in _PROPERTY.finditer(clause)}
            results.append((method[1].lower(), method[2].lower(), properties))
    return words[0].strip('"').casefold(), results


def _split(text: str) -> list[str]:
    """At semicolons, but not at those within quotes."""
    pieces, quoted = [""], False
    for sign in text:
        quoted ^= sign == '"'
        if sign == ";" and not quoted:
            pieces.append("")
        else:
            pieces[-1] += sign
    return pieces


def _dmarc(results: Results, domain: str) -> bool:
    return any(
        method == "dmarc" and verdict == "pass" and _ascii(properties.get("header.from", "")) == domain
        for method, verdict, properties in results
    )


def _dkim(results: Results, domain: str) -> bool:
    """Aligned: signed by the sender's domain or one above it, for who owns a domain owns what is below."""
    for method, verdict, properties in results:
        signer = _ascii(properties.get("header.d") or properties.get("header.i", "").rpartition("@")[2])
        is_aligned = "." in signer and (domain == signer or domain.endswith(f".{signer}"))
        if method == "dkim" and verdict == "pass" and is_aligned:
            return True
    return False


def _is_allowed(address: str, allowed: Collection[str]) -> bool:
    for one in allowed:
        wanted = _ascii(one.strip().lower())
        if address == wanted or ("@" in address and address.rpartition("@")[2] == wanted.removeprefix("@")):
            return True
    return False


def _ascii(address: str) -> str:
    """An address with its domain as the name system has it, so that look-alikes stay apart."""
    local, at, domain = address.lower().rpartition("@")
    try:
        return f"{local}{at}{domain.encode('idna').decode() if not domain.isascii() else domain}"
    except UnicodeError:
        return address
