"""What kind of news a mail brings, told from what it says has happened; what will, may or did not happen is no news.

The subject weighs most, then the first lines. `If`, `when`, `not yet` and `will` before an event take it back, and so
does a question mark after it. Where the mail says two things that cannot both be meant, it says neither. Pure.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from hub.fulfilment.mails.history import bare
from hub.fulfilment.mails.page import Page
from hub.fulfilment.mails.words import Said, fold, longest, said, says

Kind = Literal["shipped", "out_for_delivery", "delivered", "exception", "out_of_stock", "other"]
KINDS: tuple[Kind, ...] = get_args(Kind)
EVENTS = ("shipped", "out_for_delivery", "delivered", "exception", "out_of_stock", "waiting")
"""What can have happened; `waiting` to be collected is news of none of our kinds."""
_BARE = tuple(f"bare-{event}" for event in EVENTS)
SHOWN = 0.6
"""A kind of less confidence is `other`, with the reason."""

_RANK = {"shipped": 0, "out_for_delivery": 1, "delivered": 2, "waiting": 3, "out_of_stock": 4, "exception": 5}
STATES = (*EVENTS, "pending", "returning", "restock", "cancelled")
"""All that a trade mail can say of an order."""
_CLAUSE = re.compile(r"[^.!?;:,。、]{1,400}(?:[.!?;:,。、](?=\s|$|[^\x00-\x7f])|[.!?;:,。、]|$)")
_PARTS = re.compile(r"\s[-\u2010-\u2015|\u2022>\u00bb]\s|[\u2022|\u2713\u2714]")
_NAMED = re.compile(r"(?<!\w)#?[a-z]{0,6}-?\d[\w-]{2,40}")
"""An order or a parcel by its number."""
_PARCEL = ("shipped", "out_for_delivery", "delivered")
_LAST = 1_500
"""Lines in which news is looked for."""
_FAR = 4
"""Words over which a guard reaches."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An event that the mail says has happened. `line` is -1 for the subject."""

    kind: str
    weight: float
    line: int
    words: str
    is_bare: bool = False
    is_yours: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """The kind, how sure it is, and the words that say it. `subject` are the states its subject names."""

    kind: Kind
    confidence: float
    evidence: tuple[str, ...]
    hits: tuple[Hit, ...] = ()
    subject: frozenset[str] = frozenset()


def told(page: Page, subjects: Sequence[str], *, is_reply: bool) -> Told:
    """What a mail says by itself, before anybody asks whether it is to be believed."""
    heads = [
        hit for s in subjects for hit in _hits(bare(s), -1, 0.5 if is_reply and s == subjects[0] else 1.0)
    ]
    states = frozenset(s.what for subject in subjects for s in said(fold(subject), *STATES, "invoice"))
    body = list(_without_bars([hit for hit in _of_page(page)]))
    kind, sure, hits = _weighed(heads, body)
    if kind == "shipped" and (nearer := _nearer(body)):
        kind, sure, hits = "out_for_delivery", 0.85, nearer
    if kind == "mixed":
        return Told("other", 0.0, ("mixed",), tuple(hits), states)
    if kind == "waiting":
        return Told("other", sure, ("waits to be collected",), tuple(hits), states)
    named: Kind = next((one for one in KINDS if one == kind), "other")
    return Told(
        named, sure, tuple(dict.fromkeys(f"'{hit.words}'" for hit in hits))[:4], (*heads, *body), states
    )


def _weighed(heads: list[Hit], body: list[Hit]) -> tuple[str, float, list[Hit]]:
    strong = [hit for hit in heads if hit.weight >= 0.75]
    if strong:
        kind = max((hit.kind for hit in strong), key=lambda k: _RANK[k])
        return kind, 0.95 if any(not hit.is_bare for hit in strong) else 0.85, strong
    best: dict[str, float] = {}
    for hit in (*heads, *body):
        more = 0.05 if hit.kind in best else 0.0
        best[hit.kind] = min(0.92, max(best.get(hit.kind, 0.0), hit.weight) + more)
    if not best:
        return "other", 0.0, []
    top = max(best.values())
    rivals = [kind for kind, weight in best.items() if weight >= top - 0.12]
    if "out_of_stock" in rivals and len(set(rivals) & {"shipped", "out_for_delivery", "delivered"}):
        return "mixed", 0.0, [hit for hit in body if hit.kind in rivals]
    # What is said first is the news; delays and damages further down are mostly advice for all parcels.
    first = {hit.kind: hit.line for hit in reversed((*heads, *body)) if not hit.is_bare}
    kind = min(rivals, key=lambda k: (first.get(k, _LAST), -_RANK[k]))
    sure = best[kind] - (0.08 if len(rivals) > 1 else 0.0)
    return kind, round(sure, 2), [hit for hit in (*heads, *body) if hit.kind == kind]


def _nearer(body: list[Hit]) -> list[Hit]:
    """What says early on that it comes today: `on its way` over it says the same, less exactly."""
    early = [hit for hit in body if hit.line < 12 and not hit.is_bare and hit.weight >= 0.7]
    if {hit.kind for hit in early} <= {"shipped", "out_for_delivery"}:
        return [hit for hit in early if hit.kind == "out_for_delivery"]
    return []


def _of_page(page: Page) -> Iterator[Hit]:
    for place, line in enumerate(page[:_LAST]):
        left = page[place - 1] if place and page[place - 1].row == line.row else None
        yield from _hits(line.text, place, 0.82 if place < 25 else 0.6, left.text if left else "")


def _hits(text: str, line: int, weight: float, left: str = "") -> Iterator[Hit]:
    """What a line says. What stands to its left in a table counts if it announces a state."""
    folded = fold(text)
    if not folded or not says(folded, *EVENTS, *_BARE):
        return
    has_noun = says(folded, "noun")
    is_yours = says(folded, "yours") or (line < 0 and has_noun)
    before = fold(left) if left and says(fold(left), "status") else ""
    for part in _PARTS.split(folded):
        for match in _CLAUSE.finditer(part):
            for hit in _in_clause(match[0], before, line):
                share = 1.0 if has_noun or line < 0 or hit.is_bare else 0.85
                yield replace(hit, weight=hit.weight * weight * share, is_yours=is_yours)
            before = match[0]


def _in_clause(clause: str, before: str, line: int) -> Iterator[Hit]:
    if clause.rstrip().endswith("?"):
        return
    found = longest(said(clause, *STATES))
    taken = {(one.start, one.end) for one in _taken_back(found, clause)}
    for one in found:
        if one.what in EVENTS and (one.start, one.end) not in taken:
            words = clause[one.start : one.end].strip()
            # Alone in its line it may be a stop on a bar of progress.
            is_named = _NAMED.search(clause) is not None
            is_bare = (
                line >= 0 and not before and not is_named and says(words, *_BARE) and _is_alone(one, clause)
            )
            yield Hit(one.what, 1.0, line, words, is_bare=is_bare)
    if not found:
        yield from _bare(clause, before, line)


def _bare(clause: str, before: str, line: int) -> Iterator[Hit]:
    """A state that stands alone, as in `Shipped: order 1001` or `Status: delivered`."""
    for one in longest(said(clause, *_BARE))[:1]:
        if not _is_alone(one, clause) or _taken_back([one], clause):
            continue
        is_said = says(before, "status") or (says(clause, "noun") and _NAMED.search(clause) is not None)
        weight = 0.8 if line < 0 else 0.95 if is_said else 0.4
        kind = one.what.removeprefix("bare-")
        yield Hit(kind, weight, line, clause[one.start : one.end], is_bare=not is_said)


def _is_alone(one: Said, clause: str) -> bool:
    """Whether a clause says no more than the state, and whose: `Order 1001 shipped`."""
    rest = f"{clause[: one.start]} {clause[one.end :]}"
    rest = _NAMED.sub("", rest)
    for noun in reversed(longest(said(rest, "noun", "yours"))):
        rest = rest[: noun.start] + rest[noun.end :]
    return sum(sign.isalpha() for sign in rest) <= 6


def _taken_back(found: Sequence[Said], clause: str) -> list[Said]:
    """Events that a guard of their own language stands before."""
    guards = said(clause, "not", "later", "if")
    return [
        one
        for one in found
        if any(guard.language == one.language and _reaches(guard, one, clause) for guard in guards)
    ]


def _reaches(guard: Said, one: Said, clause: str) -> bool:
    if one.start <= guard.start < one.end:
        return guard.what == "not" and one.what in _PARCEL  # "wurde noch nicht versandt" is one phrase
    if guard.start >= one.end:
        # Japanese puts its `if` behind: "if nobody is at home".
        return guard.language == "ja" and guard.what == "if" and guard.start - one.end <= _FAR
    if guard.end > one.start:
        return False
    if guard.what == "if":
        return True
    if guard.what == "later" and one.what.removeprefix("bare-") not in ("shipped", "delivered"):
        return False
    gap = clause[guard.end : one.start]
    if one.language in ("ja", "zh", "ko"):
        return len(gap) <= _FAR
    return len(gap.split()) <= _FAR


def _without_bars(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Leave out bars of progress: bare states of several kinds close together, of which only a colour says which."""
    every = list(hits)
    bares = [hit for hit in every if hit.is_bare]
    for hit in every:
        near = {other.kind for other in bares if abs(other.line - hit.line) <= 8}
        if not hit.is_bare or len(near) < 2:
            yield hit
