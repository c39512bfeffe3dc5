"""What the sender says now, without what was said before: quoted mails are cut off, forwarded ones kept. Pure."""

import re
from dataclasses import dataclass

from hub.fulfilment.mails.page import SIGNATURE, Line, Page
from hub.fulfilment.mails.words import fold, says

_HEAD = 10
"""Lines that the head of a forwarded or quoted mail may have."""
_TAG = r"\s*(?:\[[^\]]{1,30}\]\s*)?"
_REPLY = re.compile(
    rf"{_TAG}(?:re|aw|antw|antwort|sv|vs|res|r|rif|odp|ynt|回复|答复|回覆|返信)\s?(?:\[\d+\])?\s?:",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    rf"{_TAG}(?:fwd?|wg|tr|rv|enc|i|doorst|pd|vb|vl|vs|vid|fs|转发|轉寄|転送)\s?:", re.IGNORECASE
)

_OPENING = re.compile(
    r"(?:on|am|le|el|il|op|w dniu|den|em|dne|på|pe|在|on:|\d{4})\b[^:]{0,40}\d", re.IGNORECASE
)
"""How the line begins that says who wrote what follows; in Chinese and by some programs, with the date."""


@dataclass(frozen=True, slots=True)
class Present:
    """A mail's words of today. `subjects` begins with its own; those of forwarded mails follow."""

    page: Page
    subjects: tuple[str, ...]
    past: Page = ()
    is_reply: bool = False


def present(page: Page, subject: str) -> Present:
    """Part a page into what is said now and what was said before."""
    own, forwarded, past = _Reader(page, _FORWARD.match(subject) is not None).read()
    is_reply = _REPLY.match(subject) is not None
    return Present(tuple(own), (subject, *forwarded), tuple(past), is_reply)


def bare(subject: str) -> str:
    """A subject without Re:, Fwd: and their kin."""
    for _ in range(6):
        found = _REPLY.match(subject) or _FORWARD.match(subject)
        if found is None:
            break
        subject = subject[found.end() :]
    return subject.strip()


class _Reader:
    def __init__(self, page: Page, is_forward: bool) -> None:
        self._page = page
        self._is_forward = is_forward
        self._own: list[Line] = []
        self._past: list[Line] = []
        self._subjects: list[str] = []
        self._unquotes = False

    def read(self) -> tuple[list[Line], list[str], list[Line]]:
        place = 0
        in_signature = False
        while place < len(self._page):
            line = self._page[place]
            after = self._turn(place)
            if after is None:
                self._past += self._page[place:]
                break
            if after > place:
                place, in_signature = after, False
                continue
            in_signature = in_signature or line.text.rstrip() == SIGNATURE
            self._keep(line, in_signature)
            place += 1
        return self._own, self._subjects, self._past

    def _keep(self, line: Line, in_signature: bool) -> None:
        quoted = line.text.startswith(">")
        if quoted and self._unquotes:
            line = Line(line.text.lstrip("> "), line.row, line.column, line.table, line.links)
        if in_signature or (quoted and not self._unquotes):
            self._past.append(line)
        else:
            self._own.append(line)

    def _turn(self, place: int) -> int | None:
        """Where to read on: here, behind the head of a forwarded mail, or nowhere (None): the rest is history."""
        text = fold(self._page[place].text.lstrip("> "))
        if len(text) > 300 or not text:
            return place
        if len(text) < 100 and says(text, "forwarded"):
            self._unquotes = self._unquotes or self._is_quoted(place + 1)
            return self._behind_head(place + 1)
        if len(text) < 100 and _is_drawn(text) and says(text, "original"):
            return self._other_mail(place + 1)
        if _begins(text, "from") and self._has_head(place):
            return self._other_mail(place)
        if len(text) < 60 and place and says(text, "other-orders") and not any(s.isdigit() for s in text):
            return None  # Shops show what else one bought, down to the end of the page.
        if self._is_attribution(place, text):
            return place + 1 if self._is_quoted(place + 1) else None
        return place

    def _other_mail(self, place: int) -> int | None:
        said_nothing = not any(line.text.strip() for line in self._own)
        return self._behind_head(place) if self._is_forward or said_nothing else None

    def _has_head(self, place: int) -> bool:
        near = self._page[place + 1 : place + 6]
        return any(_begins(fold(line.text.lstrip("> ")), "subject") for line in near)

    def _behind_head(self, place: int) -> int:
        """Skip From, Date, Subject and To; what the subject says is kept."""
        end = min(len(self._page), place + _HEAD)
        while place < end:
            text = self._page[place].text.lstrip("> ")
            low = fold(text)
            if _begins(low, "subject"):
                self._subjects.append(text.partition(":")[2].strip())
            elif not _begins(low, "from", "header"):
                break
            place += 1
        return place

    def _is_attribution(self, place: int, text: str) -> bool:
        """`On Monday, A wrote:`, which may be broken over two lines."""
        if _attributes(text):
            return True
        following = self._page[place + 1].text if place + 1 < len(self._page) else ""
        return _OPENING.match(text) is not None and _attributes(f"{text} {fold(following)}")

    def _is_quoted(self, place: int) -> bool:
        near = self._page[place : place + 2]
        return any(line.text.startswith(">") for line in near)


def _attributes(text: str) -> bool:
    """Whether a line says who wrote what follows: with an address or a date, and a colon at its end."""
    if len(text) > 300 or not text.rstrip().endswith(":") or not says(text[-60:], "wrote"):
        return False
    return "@" in text or any(sign.isdigit() for sign in text)


def _is_drawn(text: str) -> bool:
    """Whether a line is set apart by dashes or is very short, as no sentence is."""
    return text.startswith(("-", "_", "*", "=")) or len(text) < 45


def _begins(text: str, *whats: str) -> bool:
    """Whether a line begins with the name of a mail's header."""
    return ":" in text[:20] and says(text[: text.index(":") + 1], *whats)
