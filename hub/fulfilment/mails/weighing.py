"""From what was found to what is believed: everything together decides, what is left out is said. Pure."""

from dataclasses import dataclass, field, replace

from hub.fulfilment.mails import kinds, numbers, references
from hub.fulfilment.mails.history import Present
from hub.fulfilment.mails.kinds import KINDS, STATES, Told
from hub.fulfilment.mails.numbers import Number
from hub.fulfilment.mails.references import Known, Reference
from hub.fulfilment.mails.words import fold, longest, said, says

_PARCEL = ("shipped", "out_for_delivery", "delivered")
_MOST = 40
"""Numbers of one kind in a mail; a longer list is a file's business."""


@dataclass(slots=True)
class Findings:
    """All that was found in a mail."""

    told: Told
    orders: list[Reference]
    numbers: list[Number]
    states: list[str]
    present: Present
    known: Known
    suspicions: list[str]
    is_bulk: bool


@dataclass(slots=True)
class Belief:
    """What is left of it, and what is not with the reason."""

    told: Told
    orders: list[Reference] = field(default_factory=list)
    numbers: list[Number] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


def believed(found: Findings) -> Belief:
    """Decide. Each rule may only take away or doubt, but for the last: a parcel's number is news of a parcel."""
    belief = Belief(found.told)
    if found.suspicions:
        why = "; ".join(found.suspicions)
        belief.left_out = [(one.number, why) for one in found.numbers if one.confidence >= numbers.SHOWN]
        belief.left_out.append(("kind", why))
        belief.told = _other(found.told)
        return belief
    belief.orders = _orders(found, belief.left_out)
    belief.numbers = _numbers(found, belief)
    belief.told = _kind(found, belief)
    _drop_idle_orders(found, belief)
    return belief


def _drop_idle_orders(found: Findings, belief: Belief) -> None:
    """A mail of which nothing else speaks of trade may mean another order than a shop's: a court's, a regulator's."""
    if belief.told.kind != "other" or belief.numbers or found.known.references or found.told.hits:
        return
    text = fold("\n".join([*found.present.subjects, *(line.text for line in found.present.page[:150])]))
    if says(text, *STATES, "invoice", "yours"):
        return
    idle = [one for one in belief.orders if not is_ours(one) and one.confidence < 0.93]
    belief.left_out += [(one.text, "an order is named, but nothing is said of it") for one in idle]
    belief.orders = [one for one in belief.orders if one not in idle]


def is_ours(one: Reference) -> bool:
    """Whether an order is named by what only we write: a reference of ours, or the address of our mail."""
    ours = ("a reference of our own", "our reply address has it", "our reply address has its token")
    return any(why in ours for why in one.evidence)


def _orders(found: Findings, left_out: list[tuple[str, str]]) -> list[Reference]:
    ours, strangers = references.matched(found.orders, found.known)
    left_out += [(one.text, "no order of ours has this number") for one in strangers]
    parcels = {one.number for one in found.numbers if one.confidence >= 0.85}
    kept: list[Reference] = []
    for one in ours:
        if one.confidence < references.SHOWN:
            left_out.append((one.text, f"may be something else: {'; '.join(one.evidence)}"))
        elif one.text.upper() in parcels and one.confidence < 0.85:
            left_out.append((one.text, "is a tracking number"))
        else:
            kept.append(one)
    kept = _without_old_subject(kept, found, left_out)
    if len(kept) > _MOST:
        left_out.append((f"{len(kept)} orders", "more than a mail can be read for"))
        return []
    return _without_parts(kept)


def _without_old_subject(
    kept: list[Reference], found: Findings, left_out: list[tuple[str, str]]
) -> list[Reference]:
    """An answer keeps the subject of what it answers; where its text names another such order, that one is meant."""
    if not found.present.is_reply:
        return kept
    shapes = {references.shape(one.text) for one in kept if one.line >= 0}
    old = [one for one in kept if one.line == -1 and references.shape(one.text) in shapes]
    left_out += [(one.text, "only in the subject, and the text names another order") for one in old]
    return [one for one in kept if one not in old]


def _without_parts(kept: list[Reference]) -> list[Reference]:
    """`1003` in `1003-1-7cgxsg` is the same order, said shorter."""
    longer = {one.text for one in kept if "a reference of our own" in one.evidence}
    return [one for one in kept if not any(other.startswith(f"{one.text}-") for other in longer)]


def _numbers(found: Findings, belief: Belief) -> list[Number]:
    if "returning" in found.told.subject:
        belief.left_out += [(one.number, "the mail is about a return") for one in found.numbers]
        return []
    if found.is_bulk and not belief.orders and not any(hit.is_yours for hit in found.told.hits):
        belief.left_out += [(one.number, "in a newsletter, as far as can be told") for one in found.numbers]
        return []
    orders = {one.text.upper(): one for one in belief.orders}
    is_news = found.told.kind != "other" or bool(orders)
    kept: list[Number] = []
    for one in found.numbers:
        sure = one.confidence - (0.0 if is_news or one.confidence >= 0.85 else 0.1)
        rival = orders.get(one.number)
        if sure < numbers.SHOWN:
            if sure > 0.2:
                belief.left_out.append((one.number, f"not sure enough: {'; '.join(one.evidence)}"))
        elif rival and rival.confidence >= one.confidence - 0.1:
            belief.left_out.append((one.number, "is an order's number"))
        else:
            kept.append(replace(one, confidence=round(sure, 2)))
    if len(kept) > _MOST:
        belief.left_out.append((f"{len(kept)} numbers", "more than a mail can be read for"))
        return []
    return kept


def _kind(found: Findings, belief: Belief) -> Told:
    told = found.told
    if told.kind == "other":
        return _by_number(found, belief)
    if doubt := _doubt(found, belief):
        belief.left_out.append((told.kind, doubt))
        return _other(told)
    if told.confidence < kinds.SHOWN:
        is_sure = _answers_us(found, belief) or _is_list_of_parcels(found, belief)
        if told.kind == "shipped" and is_sure and _is_parcel(found, belief):
            return replace(told, confidence=0.7)  # `Shipped.` or `Shipped: 11/10`, an order and its number
        belief.left_out.append((told.kind, f"not sure enough: {'; '.join(told.evidence)}"))
        return _other(told)
    return told


def _doubt(found: Findings, belief: Belief) -> str:
    """Why the words may not mean what they say."""
    told = found.told
    heads = [hit for hit in told.hits if hit.line < 0 and hit.kind == told.kind and hit.weight > 0.7]
    about_us = bool(belief.orders or belief.numbers)
    text = fold("\n".join(line.text for line in found.present.page[:150]))
    if other := _about_another_thing(found):
        return other
    if not heads and told.subject & {"pending", "invoice", "waiting"} and not belief.numbers:
        return "its subject is an order, an invoice or a parcel to be collected"
    is_told_you = any(hit.is_yours for hit in heads) and (
        not found.is_bulk or says(fold("\n".join(found.present.subjects)), "yours")
    )
    if not about_us and (found.is_bulk or _sells(text)) and not is_told_you:
        return "a newsletter, as far as can be told"
    if not about_us and not any(hit.is_yours for hit in told.hits if hit.kind == told.kind):
        return "no parcel or order of anybody is spoken of"
    if told.kind == "out_of_stock" and not (belief.orders or found.present.is_reply):
        return "stock is spoken of, but no order"
    if told.kind == "out_of_stock" and belief.numbers:
        return "something is out of stock, and something was sent"
    if told.kind in _PARCEL and not heads and _asks(found):
        return "it asks where a parcel is"
    return ""


def _about_another_thing(found: Findings) -> str:
    """What the subject is about, if not a parcel on its way."""
    if "returning" in found.told.subject:
        return "the mail is about a return"
    if found.told.kind in _PARCEL and says(fold("\n".join(found.present.subjects)), "survey"):
        return "it asks how a purchase was"
    return ""


def _by_number(found: Findings, belief: Belief) -> Told:
    """Who answers our order with a tracking number, and no word against it, says that the parcel is on its way."""
    if found.told.evidence == ("waits to be collected",) or "mixed" in found.told.evidence:
        return _other(found.told)
    if found.states and len(set(found.states)) == 1 and belief.orders:
        return Told(_named(found.states[0]), 0.8, ("schema.org markup says it",))
    is_sure = _answers_us(found, belief) or _is_list_of_parcels(found, belief)
    if not is_sure or found.told.hits or not _is_parcel(found, belief):
        return _other(found.told)
    return Told("shipped", 0.7, ("a tracking number, and no word against it",))


def _is_parcel(found: Findings, belief: Belief) -> bool:
    """Whether there is a tracking number, and no word against its being on its way."""
    text = fold("\n".join([found.present.subjects[0], *(line.text for line in found.present.page[:150])]))
    for done in reversed(longest(said(text, "finished", "thanks"))):
        text = (
            text[: done.start] + text[done.end :]
        )  # `finished processing` is no processing, thanks are courtesy
    return bool(belief.numbers) and not says(text, "pending", "returning", "cancelled", "asking", "invoice")


def _answers_us(found: Findings, belief: Belief) -> bool:
    return found.present.is_reply or any(is_ours(one) for one in belief.orders)


def _is_list_of_parcels(found: Findings, belief: Belief) -> bool:
    """Orders beside tracking numbers that are called so: nobody has these before a parcel is on its way."""
    is_called = all(one.confidence >= 0.82 for one in belief.numbers)
    return bool(belief.orders) and is_called and not found.is_bulk


def _named(state: str) -> kinds.Kind:
    return next((kind for kind in KINDS if kind == state), "other")


def _sells(text: str) -> bool:
    return len({text[one.start : one.end] for one in said(text, "marketing")}) >= 3


def _asks(found: Findings) -> bool:
    own = found.present.page
    text = fold("\n".join(line.text for line in own[:15]))
    return len(own) <= 25 and says(text, "asking")


def _other(told: Told) -> Told:
    return replace(told, kind="other")
