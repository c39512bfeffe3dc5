"""The double's mailbox by IMAP (RFC 9051): as much of it as a client needs that looks and changes nothing."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from connectors.supplier_email.sandbox_wire import Wire
from hub.sdk.testing.token_desk import TokenDesk

FOLDER = "INBOX"
_WORDS = re.compile(r'"((?:[^"\\]|\\.)*)"|\(([^()]*)\)|([^\s()"]+)')
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Kept:
    """A mail in the mailbox, and when it came (its INTERNALDATE)."""

    content: bytes
    came_at: datetime


class Box(Protocol):
    """What is looked into."""

    uid_validity: int
    tokens: TokenDesk

    def opens_for(self, username: str, password: str) -> bool:
        """Whether these are the mailbox's credentials."""
        ...

    def lying(self) -> Mapping[int, Kept]:
        """The mails by UID."""
        ...


class BadCommandError(Exception):
    """The client asks for something that is not spoken here, or not understood."""


class ImapSession:
    """One conversation. It is answered BAD what is not spoken here; nothing is offered that is not kept."""

    def __init__(self, box: Box, wire: Wire, username: str) -> None:
        self._box, self._wire, self._username = box, wire, username
        self._is_known = self._is_open = self._is_over = False
        self._steps: dict[str, Callable[[list[str]], Awaitable[str]]] = {
            "CAPABILITY": self._capability, "NOOP": self._noop, "LOGIN": self._login,
            "AUTHENTICATE": self._authenticate, "EXAMINE": self._examine,
            "UID": self._uid, "LOGOUT": self._logout,
        }  # fmt: skip

    async def talk(self) -> None:
        """From the greeting to the farewell."""
        await self._untagged("OK ready")
        while not self._is_over:
            tag, _, rest = (await self._wire.line()).decode("utf-8", "replace").partition(" ")
            command, _, rest = rest.partition(" ")
            step = self._steps.get(command.upper())
            try:
                said = await step(_words(rest)) if step else f"BAD {command} is not spoken here"
            except BadCommandError as error:
                said = f"BAD {error}"
            await self._wire.say(f"{tag} {said}".encode())

    async def _untagged(self, text: str) -> None:
        await self._wire.say(f"* {text}".encode())

    async def _capability(self, words: list[str]) -> str:
        await self._untagged("CAPABILITY IMAP4rev1 AUTH=XOAUTH2 AUTH=OAUTHBEARER")
        return "OK done"

    async def _noop(self, words: list[str]) -> str:
        return "OK done"

    async def _login(self, words: list[str]) -> str:
        username, password = words if len(words) == 2 else ("", "")
        self._is_known = self._box.opens_for(username, password)
        return (
            "OK welcome" if self._is_known else "NO [AUTHENTICATIONFAILED] The credentials are not accepted"
        )

    async def _authenticate(self, words: list[str]) -> str:
        """A token that is not good is told why in a challenge, and fails once that is answered."""
        if [word.upper() for word in words] not in (["XOAUTH2"], ["OAUTHBEARER"]):
            return "NO Only XOAUTH2 and OAUTHBEARER are spoken here"
        await self._wire.say(b"+ ")
        given = (await self._wire.line()).decode("ascii", "replace")
        self._is_known = self._box.tokens.admits_bearer(given, self._username)
        if self._is_known:
            return "OK welcome"
        await self._wire.say(f"+ {self._box.tokens.challenge()}".encode())
        await self._wire.line()
        return "NO [AUTHENTICATIONFAILED] The credentials are not accepted"

    async def _examine(self, words: list[str]) -> str:
        """Open the mailbox to be read only."""
        if not self._is_known:
            return "NO Log in first"
        if [word.upper() for word in words] != [FOLDER]:
            return "NO [NONEXISTENT] There is no such mailbox"
        self._is_open = True
        found = self._box.lying()
        await self._untagged("FLAGS ()")
        await self._untagged(f"{len(found)} EXISTS")
        await self._untagged(f"OK [UIDVALIDITY {self._box.uid_validity}] these are their UIDs")
        await self._untagged(f"OK [UIDNEXT {max(found, default=0) + 1}] the next one's")
        return "OK [READ-ONLY] done"

    async def _uid(self, words: list[str]) -> str:
        if not self._is_open:
            return "NO Open a mailbox first"
        match words:
            case [verb, *criteria] if verb.upper() == "SEARCH" and criteria:
                return await self._search(criteria)
            case [verb, wanted, items] if verb.upper() == "FETCH":
                return await self._fetch(wanted, items.upper())
        raise BadCommandError("Only UID SEARCH and UID FETCH are spoken here")

    async def _search(self, criteria: list[str]) -> str:
        found = dict(self._box.lying())
        rest = iter(criteria)
        for key in rest:
            if key.upper() == "UID":
                uids = _uids(next(rest, ""), found)
                found = {uid: kept for uid, kept in found.items() if uid in uids}
            elif key.upper() == "SINCE":
                since = _date(next(rest, ""))
                found = {uid: kept for uid, kept in found.items() if kept.came_at.date() >= since}
            else:
                raise BadCommandError(f"{key} is not searched for here")
        await self._untagged(" ".join(["SEARCH", *map(str, sorted(found))]))
        return "OK done"

    async def _fetch(self, wanted: str, items: str) -> str:
        found = self._box.lying()
        if items not in ("RFC822.SIZE", "BODY.PEEK[]"):
            raise BadCommandError("Only RFC822.SIZE and BODY.PEEK[] are fetched here")
        uids = _uids(wanted, found)
        for place, uid in enumerate(sorted(found), 1):
            if uid not in uids:
                continue
            content, size = found[uid].content, len(found[uid].content)
            if items == "RFC822.SIZE":
                await self._untagged(f"{place} FETCH (UID {uid} RFC822.SIZE {size})")
            else:
                head = f"* {place} FETCH (UID {uid} BODY[] {{{size}}}".encode()
                await self._wire.say(head, content + b")")
        return "OK done"

    async def _logout(self, words: list[str]) -> str:
        self._is_over = True
        await self._untagged("BYE until later")
        return "OK done"


def _words(text: str) -> list[str]:
    """The arguments: atoms, quoted strings, and what stands between parentheses. Literals are not spoken here."""
    if text.rstrip().endswith("}"):
        raise BadCommandError("Literals are not spoken here")
    return [
        re.sub(r"\\(.)", r"\1", found[1]) if found[0].startswith('"') else found[2] or found[3] or ""
        for found in _WORDS.finditer(text)
    ]


def _uids(text: str, found: Mapping[int, Kept]) -> set[int]:
    """Which of the mails a sequence set means, such as `1,4:7,9:*`; `*` is the last one."""
    last = max(found, default=0)
    meant: set[int] = set()
    for part in text.split(","):
        ends = [last if end == "*" else int(end) if end.isdecimal() else 0 for end in part.split(":")]
        if len(ends) > 2 or (0 in ends and found):
            raise BadCommandError(f"{part} is no UID and no range of them")
        meant |= {uid for uid in found if min(ends) <= uid <= max(ends)}
    return meant


def _date(text: str) -> date:
    """A date as RFC 9051 writes it, such as 1-Feb-1994."""
    day, _, rest = text.partition("-")
    month, _, year = rest.partition("-")
    try:
        return date(int(year), _MONTHS.index(month.capitalize()) + 1, int(day))
    except ValueError:
        raise BadCommandError(f"{text} is no date") from None
