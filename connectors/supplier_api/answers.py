"""What a supplier's HTTP answers say before their bodies are read: taken, refused, or in doubt."""

from collections.abc import Callable
from typing import Any

from connectors.supplier_api import mapping
from connectors.supplier_api.settings import SupplierSettings
from hub.sdk import Answer, NotDone, Refused, Unreadable
from hub.sdk.commerce import PurchaseOrder
from hub.sdk.paths import read_path, read_text


def acknowledged(answer: Answer, reference: str, settings: SupplierSettings) -> PurchaseOrder:
    """An order that was received, and of which no more is said."""
    try:
        theirs = read_text(answer.json(), settings.fields.answer.id)
    except Unreadable:
        theirs = ""
    return PurchaseOrder(reference=reference, status="requested", supplier_reference=theirs)


def raise_unless_taken(
    answer: Answer,
    settings: SupplierSettings,
    refusal: Callable[[Answer, SupplierSettings], Refused] = mapping.read_refusal,
) -> None:
    """A 4xx is a refusal in the supplier's words; a 5xx, a 408 or a redirect leaves open what happened."""
    status = answer.status_code
    if 400 <= status < 500 and status not in (401, 403, 408, 425, 429):
        raise refusal(answer, settings)
    if status == 425:
        raise NotDone("The supplier asks to try later.", retry_after=answer.retry_after())
    answer.raise_for_status()


def raise_unless_read(answer: Answer) -> None:
    """Questions change nothing, so whatever is not an answer may be asked again."""
    try:
        answer.raise_for_status()
    except Refused as error:
        raise NotDone(f"The supplier answered {answer.status_code} to a question.") from error


def raise_unless_empty(body: Any, path: str) -> None:
    """An empty list where the order would stand is a clear no; anything else is not understood."""
    parent, _, last = path.rpartition(".")
    if last.isdecimal() and isinstance(read_path(body, parent), list):
        return
    raise Unreadable(f"The look-up's answer has nothing at {path!r}.")
