"""What a mail says to machines: schema.org's ParcelDelivery and Order, as JSON-LD or microdata. Pure."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hub.fulfilment.mails.markup import Element

_STATES = {
    "orderintransit": "shipped",
    "orderdelivered": "delivered",
    "orderproblem": "exception",
}
"""schema.org's OrderStatus, as far as it is one of our kinds."""
_DEEPEST = 12
_MOST = 500


@dataclass(frozen=True, slots=True)
class Declared:
    """A parcel or an order as the markup has it; empty is not said."""

    number: str = ""
    order: str = ""
    carrier: str = ""
    link: str = ""
    state: str = ""


def declared(root: Element) -> list[Declared]:
    """All parcels and orders of an HTML text's markup."""
    things = [thing for script in _scripts(root) for thing in _things(script, 0)]
    things += [_microdata(one) for one in root.walk() if _type_of(one) in ("parceldelivery", "order")]
    return [found for thing in things[:_MOST] if (found := _of(thing))]


def _scripts(root: Element) -> Iterator[Any]:
    for one in root.walk():
        if one.tag == "script" and "ld+json" in one.attributes.get("type", "").lower():
            text = "".join(child for child in one.children if isinstance(child, str))
            try:
                yield json.loads(text.strip().removeprefix("<!--").removesuffix("-->"), strict=False)
            except (ValueError, RecursionError):
                continue


def _things(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        if _kind(value) in ("parceldelivery", "order"):
            yield value
        inner: Any = value.values()
    else:
        inner = value if isinstance(value, list) else ()
    for one in inner:
        if isinstance(one, dict | list):
            yield from _things(one, depth + 1)


def _of(thing: dict[str, Any]) -> Declared | None:
    is_parcel = _kind(thing) == "parceldelivery"
    orders = _list(thing.get("partOfOrder")) if is_parcel else [thing]
    order = next((one for one in orders if isinstance(one, dict)), {})
    found = Declared(
        number=_word(thing, "trackingNumber") if is_parcel else "",
        order=_word(order, "orderNumber", "confirmationNumber"),
        carrier=_name(thing.get("carrier")) or _name(thing.get("provider")),
        link=_word(thing, "trackingUrl"),
        state=_STATES.get(_last(_word(order, "orderStatus")), ""),
    )
    return found if found.number or found.order or found.link else None


def _kind(thing: dict[str, Any]) -> str:
    kinds = [_last(one) for one in _list(thing.get("@type")) if isinstance(one, str)]
    return next((kind for kind in kinds if kind in ("parceldelivery", "order")), "")


def _word(thing: dict[str, Any], *names: str) -> str:
    for name in names:
        for value in _list(thing.get(name)):
            if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
                return str(value).strip()[:500]
    return ""


def _name(value: Any) -> str:
    for one in _list(value):
        if isinstance(one, dict) and (name := _word(one, "name")):
            return name
        if isinstance(one, str):
            return one[:100]
    return ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _last(address: str) -> str:
    """The name at the end of a schema.org address, in lower case."""
    return address.rstrip("/").rsplit("/", 1)[-1].lower()


def _type_of(element: Element) -> str:
    return _last(element.attributes.get("itemtype", "").split(" ")[0])


def _microdata(scope: Element, depth: int = 0) -> dict[str, Any]:
    thing: dict[str, Any] = {"@type": scope.attributes.get("itemtype", "").split(" ")[0]}
    stack = [child for child in reversed(scope.children) if isinstance(child, Element)]
    while stack:
        one = stack.pop()
        inner = "itemscope" in one.attributes
        if name := one.attributes.get("itemprop", ""):
            value = _microdata(one, depth + 1) if inner and depth < _DEEPEST else _value(one)
            thing.setdefault(name, value)
        if not inner:
            stack += [child for child in reversed(one.children) if isinstance(child, Element)]
    return thing


def _value(element: Element) -> str:
    for name in ("content", "href", "src", "datetime", "value"):
        if element.attributes.get(name):
            return element.attributes[name]
    return element.words()
