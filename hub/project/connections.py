"""The connections of hub.yaml, their settings held against their connectors'."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from hub.catalog.catalog import Catalog, Unknown
from hub.flow.noting import Keys, Notes, did_you_mean
from hub.flow.reader import Block, Place, Scalar
from hub.project.form import Form
from hub.project.hearing import read_hears
from hub.project.stores import ID
from hub.sdk import Connector
from hub.store.configuration import ConnectionSpec

KEYS = ("connector", "store", "mode", "base_url", "hears", "settings")


def read_connections(
    top: Keys, stores: Iterable[str], catalog: Catalog, notes: Notes
) -> dict[str, ConnectionSpec]:
    """Every connection, by id."""
    found: dict[str, ConnectionSpec] = {}
    names = list(stores)
    for key, value in (top.mapping("connections") or {}).items():
        if not ID.fullmatch(key):
            hint = "Use small letters, digits and hyphens."
            notes.wrong(
                top.block["connections"].key(key).place, f'"{key[:70]}" cannot be a connection\'s name.', hint
            )
        if not isinstance(value, Block):
            notes.wrong(value.place, f'Connection "{key}" is a block with connector, mode and settings.')
            continue
        spec = _connection(str(key), Keys(value, notes, f'Connection "{key}"', KEYS), names, catalog, notes)
        if spec is not None:
            found[str(key)] = spec
    return found


def _connection(
    id: str, keys: Keys, stores: list[str], catalog: Catalog, notes: Notes
) -> ConnectionSpec | None:
    name, mode = keys.text("connector", True), keys.one_of("mode", ("live", "sandbox")) or "live"
    store = _store(id, keys, stores, notes)
    block = keys.value("settings")
    if block is not None and not isinstance(block, Block):
        notes.wrong(block.place, '"settings" is a block of `name: value` lines.')
        block = None
    if name is None:
        return None
    try:
        connector = catalog.connector(str(name))
    except Unknown as error:
        notes.wrong(name.place, _why(str(name), catalog) or str(error))
        return None
    base_url = _base_url(keys, connector, notes)
    written = block if block is not None else Block(keys.block.place)
    settings = _settings(
        Form(written, connector.settings_type(), notes, f'Connection "{id}"'), connector, mode, notes
    )
    hears = read_hears(id, keys, connector, notes)
    return ConnectionSpec(id, store or "", connector.name, mode, base_url, settings, hears)


def _store(id: str, keys: Keys, stores: list[str], notes: Notes) -> str | None:
    store = keys.text("store")
    if store is None:
        if len(stores) > 1:
            notes.wrong(keys.block.place, f'Connection "{id}" needs "store".', did_you_mean("", stores))
        return stores[0] if len(stores) == 1 else None
    if store not in stores:
        notes.wrong(store.place, f'There is no store "{store}".', did_you_mean(store, stores))
    return str(store)


def _base_url(keys: Keys, connector: type[Connector[Any]], notes: Notes) -> str | None:
    url = keys.value("base_url")
    if url is None or url in ("", "null", "~"):
        return None
    if not isinstance(url, Scalar) or not _is_address(url, connector.schemes):
        known = " or ".join(f"{scheme}://" for scheme in connector.schemes)
        notes.wrong(url.place, f'"base_url" is an address that begins with {known}.')
        return None
    if not _has_usable_port(url):
        notes.wrong(
            url.place, '"base_url" has a port that cannot be used.', "A port is a number from 1 to 65535."
        )
        return None
    return str(url)


def _is_address(url: str, schemes: Iterable[str]) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and parts.username is None
    except ValueError:
        return False


def _has_usable_port(url: str) -> bool:
    """Whether there is none, or one that can be gone to."""
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _settings(form: Form, connector: type[Connector[Any]], mode: str, notes: Notes) -> dict[str, Any]:
    """The settings as they are stored. A sandbox brings its own credentials, so none need be written for it."""
    over: dict[str, Any] = {}
    if mode == "sandbox":
        try:
            over = connector.sandbox().settings()
        except LookupError as error:
            place: Place = form.block.place
            notes.wrong(place, f"{form.noun}: {error}", "Use `mode: live`.")
            return form.given
    form.read(over)
    return form.given


def _why(name: str, catalog: Catalog) -> str | None:
    """What is wrong with the plugin of that name, if that is why there is no such connector."""
    broken = next((b for b in catalog.installed.broken if b.name == name), None)
    return f'The plugin of connector "{name}" cannot be used: {broken.reason}' if broken else None
