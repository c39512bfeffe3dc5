"""`faros connector show`: what a connector needs to be told, what it can do, and what it promises of each effect."""

from typing import Annotated, Any

import typer

from hub.assembly import catalog_of
from hub.cli.terminal import Json, as_json, out, show_table
from hub.sdk import Connector, actions_of, polls_of, webhooks_of
from hub.sdk.events import first_sentence


def show(name: Annotated[str, typer.Argument(help="The connector's name.")], json: Json = None) -> None:
    """A connector's settings, actions with the kind of each effect, and events."""
    connector = catalog_of().connector(name)
    found = described(connector)
    if as_json(found, json):
        return
    out.print(f"{connector.title}: {first_sentence(connector.__doc__)}")
    out.print(f"base_url: {found['base_url']}\n")
    rows = [(s["name"], "yes" if s["required"] else "", s["type"], s["default"]) for s in found["settings"]]
    show_table(("setting", "needed", "is", "default"), rows, "It has no settings.")
    out.print()
    acts = [(a["name"], a["effect"], ", ".join(a["refusals"]), a["summary"]) for a in found["actions"]]
    show_table(("action", "effect", "may be refused", "does"), acts, "It has no actions.")
    out.print()
    events = [(e["name"], e["from"], ", ".join(e["match"])) for e in found["events"]]
    show_table(("event", "comes by", "a wait may match"), events, "It has no events.")


def described(connector: type[Connector[Any]]) -> dict[str, Any]:
    """Everything about a connector that a merchant may want to know, as plain data."""
    schema = connector.settings_type().model_json_schema()
    needed = set(schema.get("required", ()))
    return {
        "name": connector.name,
        "title": connector.title,
        "base_url": connector.default_base_url or _own_address(connector),
        "settings": [
            {"name": n, "required": n in needed, "type": _type(p), "default": _default(p)}
            for n, p in schema.get("properties", {}).items()
        ],
        "actions": [
            {"name": n, "effect": a.kind.name, "refusals": list(a.refusals), "summary": a.shape.summary}
            for n, a in actions_of(connector).items()
        ],
        "events": [
            {"name": e.event_type.event_name(), "from": by, "match": list(e.event_type.match_fields)}
            for by, sources in (("webhook", webhooks_of(connector)), ("poll", polls_of(connector)))
            for e in sources.values()
        ],
    }


def _own_address(connector: type[Connector[Any]]) -> str:
    is_known = connector.live_base_url is not Connector.live_base_url
    return "worked out from the settings" if is_known else "yours to give, where it calls out"


def _type(field: dict[str, Any]) -> str:
    if "anyOf" in field or "oneOf" in field:
        parts = [_type(f) for f in field.get("anyOf") or field["oneOf"]]
        return " or ".join(p for p in dict.fromkeys(parts) if p != "null")
    if "$ref" in field:
        return str(field["$ref"].rsplit("/", 1)[-1])
    if field.get("format") == "password":
        return "secret"
    return (
        "list of " + _type(field["items"])
        if field.get("type") == "array"
        else str(field.get("type", "anything"))
    )


def _default(field: dict[str, Any]) -> str:
    value = field.get("default")
    return "" if value is None or isinstance(value, (dict, list)) else str(value)
