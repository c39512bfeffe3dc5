"""Wishes to change an order, in a supplier's JSON and back. Pure; a word that is not known raises."""

from typing import Any

from connectors.supplier_api.settings import Fields, SupplierSettings
from connectors.supplier_api.writing import write_address, write_line
from hub.sdk import Answer, Refused, Unreadable
from hub.sdk.amendments import Amendment, AmendmentRef, AmendPurchase
from hub.sdk.paths import MISSING, read_path, read_text, write_path


def write_amendment(wanted: AmendPurchase, fields: Fields) -> dict[str, Any]:
    """What is to change, as this supplier wants to read it."""
    body: dict[str, Any] = {}
    names = fields.amend
    write_path(body, names.id, wanted.amendment)
    write_path(body, names.reference, wanted.reference)
    if wanted.ship_to is not None:
        write_path(body, names.ship_to, write_address(wanted.ship_to, fields))
    if wanted.lines:
        write_path(body, names.lines, [write_line(line, fields) for line in wanted.lines])
    return body


def read_amendment(answer: Answer, asked: AmendmentRef, settings: SupplierSettings) -> Amendment:
    """What a supplier says of a wish to change an order. Anything that is no refusal, and no word of its own on this
    wish, says that it was told."""
    body = answer.json() if answer.content else {}
    theirs = read_text(body, settings.fields.answer.reference)
    if theirs and theirs != asked.reference:
        raise Unreadable("The supplier answered about another order than was asked about.")
    found = read_news(body, asked.reference, settings)
    if found is None:
        return Amendment(reference=asked.reference, amendment=asked.amendment, state="requested")
    if found.amendment != asked.amendment:
        raise Unreadable("The supplier answered about another amendment than was asked about.")
    return found


def read_news(body: Any, reference: str, settings: SupplierSettings) -> Amendment | None:
    """What a supplier's JSON says of a wish to change an order, if anything."""
    names = settings.fields.answer
    if not names.amendment_state or read_path(body, names.amendment_state) is MISSING:
        return None
    word, amendment = read_text(body, names.amendment_state), read_text(body, names.amendment_id)
    if not amendment:
        raise Unreadable(f"It has no {names.amendment_id!r}, so nobody can tell which amendment it means.")
    if word not in settings.amendments:
        raise Unreadable(f"The supplier's word {word!r} is not among `amendments`.")
    reason = read_text(body, names.amendment_reason)
    return Amendment(reference=reference, amendment=amendment, state=settings.amendments[word], reason=reason)


def refusal_of(found: Amendment) -> Refused:
    """The refusal in an answer whose status line says that all is well."""
    return Refused("rejected", found.reason or "The supplier does not change the order.")
