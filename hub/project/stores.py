"""The stores of hub.yaml with their policies, suppliers and routing rules."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hub.catalog.catalog import Catalog
from hub.flow.noting import Keys, Notes, did_you_mean
from hub.flow.reader import Block, Scalar, Sequence, Tree
from hub.fulfilment.policies import Policies
from hub.fulfilment.rules import Rule
from hub.fulfilment.supplier import SupplierSpec
from hub.project.form import fit
from hub.store.configuration import ConnectionSpec

KEYS = ("name", "public_url", "zone", "currency", "brand", "hours", "policies", "roles", "rules")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_SELECTOR = re.compile(r"region:[A-Z]{2}(-[A-Z0-9]{1,3})?|level:[123]")


@dataclass
class Shelf:
    """A store being read: what it says of itself, and the parts that are read after it."""

    id: str
    settings: dict[str, Any] = field(default_factory=dict)
    policies: Policies = field(default_factory=Policies)
    logo: Scalar | None = None
    roles: Block | None = None
    rules: Sequence | None = None


def read_stores(top: Keys, notes: Notes) -> dict[str, Shelf]:
    """Every store, by id."""
    found: dict[str, Shelf] = {}
    for key, value in (top.mapping("stores", True) or {}).items():
        _check_id(key, "store", notes)
        if isinstance(value, Block):
            found[str(key)] = _store(str(key), Keys(value, notes, f'Store "{key}"', KEYS), notes)
        else:
            notes.wrong(value.place, f'Store "{key}" is a block with zone, currency, policies.')
    return found


def _store(id: str, keys: Keys, notes: Notes) -> Shelf:
    shelf = Shelf(id, roles=keys.mapping("roles"), rules=keys.sequence("rules"))
    for name in ("name", "public_url"):
        if text := keys.text(name):
            shelf.settings[name] = str(text)
    shelf.settings |= _where(keys, notes)
    if brand := keys.mapping("brand"):
        shelf.settings["brand"] = _texts(brand)
        logo = brand.get("logo")
        shelf.logo = logo if isinstance(logo, Scalar) and logo else None
    if hours := keys.mapping("hours"):
        known = ("days", "opens", "closes", "holidays")
        shelf.settings["hours"] = _hours(Keys(hours, notes, "`hours`", known), notes)
    if policies := keys.mapping("policies"):
        shelf.policies = fit(policies, Policies, notes, "`policies`") or Policies()
    return shelf


def _where(keys: Keys, notes: Notes) -> dict[str, str]:
    zone, currency = keys.text("zone"), keys.text("currency", True)
    if zone is not None and not _is_zone(zone):
        notes.wrong(zone.place, f'There is no time zone "{zone}".', "Write it like America/New_York.")
    if currency is not None and not re.fullmatch(r"[A-Z]{3}", currency):
        notes.wrong(currency.place, f'"{currency}" is no currency.', "Write its ISO 4217 code, such as USD.")
    return {name: str(text) for name, text in (("zone", zone), ("currency", currency)) if text is not None}


def _hours(keys: Keys, notes: Notes) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in ("opens", "closes"):
        text = keys.text(name)
        if text is not None and not _TIME.fullmatch(text):
            notes.wrong(text.place, f'"{text}" is no time of day.', "Write it like 09:00.")
        elif text is not None:
            found[name] = str(text)
    days = keys.sequence("days")
    for day in days or ():
        if day not in DAYS:
            notes.wrong(day.place, "A day is one of mon, tue, wed, thu, fri, sat, sun.")
    if days:
        found["days"] = [DAYS.index(day) for day in days if day in DAYS]
    if holidays := keys.sequence("holidays"):
        found["holidays"] = [day for listed in holidays if (day := _date(listed, notes))]
    return found


def _date(listed: Tree, notes: Notes) -> str | None:
    try:
        return date.fromisoformat(str(listed)).isoformat()
    except ValueError:
        notes.wrong(listed.place, f'"{str(listed)[:20]}" is no date.', "Write it like 2026-12-25.")
        return None


def read_suppliers(
    top: Keys, connections: Mapping[str, ConnectionSpec], catalog: Catalog, notes: Notes
) -> dict[str, tuple[str, SupplierSpec]]:
    """Every supplier, by the name hub.yaml gives it, with the store whose connection it is. How it is spoken to (its
    level) its connector says, unless hub.yaml does."""
    found: dict[str, tuple[str, SupplierSpec]] = {}
    for key, value in (top.mapping("suppliers") or {}).items():
        if not isinstance(value, Block):
            notes.wrong(value.place, f'Supplier "{key}" is a block with connection, region, level.')
            continue
        name, place = value.get("connection", key), getattr(value.get("connection"), "place", value.place)
        over: dict[str, Any] = {"connection": str(name), "name": str(value.get("name", key))}
        level = catalog.connector(connections[str(name)].connector).level if name in connections else None
        if level is not None and "level" not in value:
            over["level"] = level
        spec = fit(value, SupplierSpec, notes, f'Supplier "{key}"', over)
        if name not in connections:
            hint = did_you_mean(str(name), connections)
            notes.wrong(place, f'Supplier "{key}": there is no connection "{name}".', hint)
        # With a mistake in it, it is still a supplier: rules and the SKU map name it rightly.
        store = connections[str(name)].store_id if name in connections else ""
        found[str(key)] = (store, spec or SupplierSpec(connection=str(name), name=str(key)))
    return found


def read_rules(
    listed: Sequence | None, suppliers: Mapping[str, tuple[str, SupplierSpec]], notes: Notes
) -> list[Rule]:
    """Routing rules in their order. A supplier is named as in `suppliers:`."""
    found: dict[str, Rule] = {}
    for number, block in enumerate(listed or (), 1):
        if not isinstance(block, Block):
            notes.wrong(block.place, f"Rule {number} is a block with id, when, and use, prefer or exclude.")
            continue
        rule = fit(block, Rule, notes, f"Rule {block.get('id', number)}")
        if rule is None:
            continue
        if rule.id in found:
            notes.wrong(
                block["id"].place, f'There are two rules "{rule.id}".', "Give one of them another id."
            )
        if not (rule.use or rule.prefer or rule.exclude or rule.tags):
            notes.wrong(
                block.place, f'Rule "{rule.id}" decides nothing.', "Give it use, prefer, exclude or tags."
            )
        meant = {name: _selectors(block.get(name), suppliers, notes) for name in ("use", "prefer", "exclude")}
        found[rule.id] = rule.model_copy(update=meant)
    return list(found.values())


def _selectors(listed: Any, suppliers: Mapping[str, tuple[str, SupplierSpec]], notes: Notes) -> list[str]:
    found = []
    for selector in (listed,) if isinstance(listed, Scalar) else listed or ():
        if selector in suppliers:
            found.append(suppliers[selector][1].connection)
        elif _SELECTOR.fullmatch(selector):
            found.append(str(selector))
        else:
            hint = did_you_mean(str(selector), [*suppliers, "region:US", "level:3"])
            notes.wrong(selector.place, f'There is no supplier "{selector}".', hint)
    return found


def _check_id(key: Any, noun: str, notes: Notes) -> None:
    if not ID.fullmatch(key):
        notes.wrong(
            key.place, f'"{key[:70]}" cannot be a {noun}\'s name.', "Use small letters, digits and hyphens."
        )


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _texts(tree: Tree) -> Any:
    if isinstance(tree, Block):
        return {str(key): _texts(value) for key, value in tree.items()}
    return [_texts(value) for value in tree] if isinstance(tree, Sequence) else str(tree)
