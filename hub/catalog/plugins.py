"""Finding plugins: every entry point is loaded on its own, and a broken one is listed, never fatal."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from importlib.resources.abc import Traversable
from typing import Any

import pluggy

from hub.sdk import PROJECT, Connector, hooks


@dataclass(frozen=True, slots=True)
class BrokenPlugin:
    """An entry point that would not load, or whose connectors cannot be used, and why."""

    name: str
    distribution: str
    reason: str


@dataclass(frozen=True, slots=True)
class Installed:
    """Everything that plugins brought. `origin` says which distribution a connector came from."""

    connectors: dict[str, type[Connector[Any]]]
    flows: tuple[Traversable, ...]
    origin: dict[str, str]
    broken: tuple[BrokenPlugin, ...]


def discover(allowed: Iterable[str] = (), entries: Iterable[EntryPoint] | None = None) -> Installed:
    """Load every plugin of the `faros` group.

    `allowed` lists `distribution==version`; empty allows all. Two plugins that offer one connector name are both
    refused, in a message that names both.
    """
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hooks)
    wanted = set(allowed)
    broken: list[BrokenPlugin] = []
    offers: dict[str, list[tuple[type[Connector[Any]], str]]] = {}
    flows: list[Traversable] = []
    for entry in entries if entries is not None else entry_points(group=PROJECT):
        origin = _origin(entry)
        if wanted and origin not in wanted and not origin.startswith("faros-hub=="):
            broken.append(
                BrokenPlugin(entry.name, origin, "It is not on the allow-list `plugins:` of hub.yaml.")
            )
            continue
        try:
            connectors, folders = _ask(manager, entry)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            broken.append(BrokenPlugin(entry.name, origin, f"{type(error).__name__}: {error}"))
            continue
        flows.extend(folders)
        for connector in connectors:
            offers.setdefault(connector.name, []).append((connector, origin))
    connectors_by_name = {name: offer[0][0] for name, offer in offers.items() if len(offer) == 1}
    for name, offer in offers.items():
        if len(offer) > 1:
            both = " and ".join(sorted({o for _, o in offer}))
            broken.append(
                BrokenPlugin(name, both, f"Connector {name!r} is offered by {both}; neither is used.")
            )
    origins = {name: offers[name][0][1] for name in connectors_by_name}
    return Installed(connectors_by_name, tuple(flows), origins, tuple(broken))


def _ask(
    manager: pluggy.PluginManager, entry: EntryPoint
) -> tuple[list[type[Connector[Any]]], list[Traversable]]:
    module = entry.load()
    manager.register(module, name=entry.name)
    try:
        only_this = manager.subset_hook_caller(
            "hub_connectors", [p for p in manager.get_plugins() if p is not module]
        )
        connectors = [c for answer in only_this() for c in answer]
        for connector in connectors:
            if not (isinstance(connector, type) and issubclass(connector, Connector)):
                raise TypeError(f"hub_connectors gave {connector!r}, which is not a Connector class.")
        only_this = manager.subset_hook_caller(
            "hub_flows", [p for p in manager.get_plugins() if p is not module]
        )
        return connectors, [folder for answer in only_this() for folder in answer]
    except BaseException:
        manager.unregister(module)
        raise


def _origin(entry: EntryPoint) -> str:
    distribution = getattr(entry, "dist", None)
    return f"{distribution.name}=={distribution.version}" if distribution else "unknown"
