"""The format of flow files as JSON Schema, for editors: `python -m hub.flow.schema` writes flows/schema.json.

It knows shapes, not meanings: the checker knows more, but an editor cannot ask it at every keystroke.
"""

import json
import sys
from pathlib import Path
from typing import Any

from hub.flow.document import FORMAT, HEAD
from hub.flow.expression_types import input_types
from hub.flow.playbook import COLUMNS
from hub.flow.step_reader import ASK, EFFECTS, KEYS, STAGES
from hub.flow.verb import NAME, STEP_ID

Schema = dict[str, Any]

_TEXT: Schema = {"type": ["string", "number", "boolean"]}
_VALUE: Schema = {"description": "A value; a text may hold ${expression}."}
_STEPS: Schema = {"$ref": "#/$defs/steps"}
_NAMED: Schema = {"type": "object", "minProperties": 1, "additionalProperties": _STEPS}
_FIELDS: Schema = {"type": ["object", "string"], "description": "The fields of the input."}
_NAME: Schema = {"type": "string", "pattern": f"^{NAME.pattern}$"}
_DOTTED: Schema = {"type": "string", "pattern": r"^[^.\s]+\.[^.\s]+$"}


def _object(required: tuple[str, ...], **properties: Schema) -> Schema:
    return {
        "type": "object",
        "required": list(required),
        "properties": properties,
        "additionalProperties": False,
    }


_WAIT: Schema = {
    "oneOf": [
        _object(("for",), **{"for": {"type": "string", "examples": ["3 days", "90 minutes"]}}),
        _object(("until",), until={"type": "string"}),
        _object(
            ("event", "timeout"), event=_DOTTED, match={"type": "object"}, timeout={"type": "string"},
            since={"enum": ["run", "always"]},
        ),
    ]
}  # fmt: skip
_HOLD = _object(
    ("case", "title", "choices"),
    case={"type": "string", "pattern": f"^{STEP_ID.pattern}$"},
    title=_TEXT,
    choices={"type": "object", "minProperties": 1, "additionalProperties": _TEXT},
    due={"type": "string", "examples": ["4 working hours", "1 day"]},
    detail=_VALUE,
    event={**_DOTTED, "description": "An event that settles the case without a person."},
    match={"type": "object"},
    timeout={"type": "string", "description": "After this long it is settled without a person."},
    owner={"type": "string", "examples": ["ops", "support"]},
    checklist={"type": "object", "minProperties": 1, "additionalProperties": _TEXT},
    checked_first={"type": "array", "items": {"type": "string"}, "minItems": 1},
)
_EXCEPTION = _object(
    COLUMNS,
    type={
        "type": "string",
        "pattern": f"^{STEP_ID.pattern}$",
        "description": "A case or a clock of this flow.",
    },
    detection={"type": "string", "description": "How it is noticed."},
    action={"type": "string", "description": "What the hub does about it by itself."},
    escalation={"type": "string", "description": "When a person is asked."},
    sla={"type": "string", "examples": ["Resolve or cancel within 24 hours"]},
)
_CASES: Schema = {
    "type": "array",
    "minItems": 1,
    "items": _object(("when", "steps"), when=_TEXT, steps=_STEPS),
}

VERBS: dict[str, Schema] = {
    "do": {**_DOTTED, "description": "Perform an action: role.action."},
    "if": {**_TEXT, "description": "A condition."},
    "choose": _CASES,
    "for_each": {"type": "string", "description": "A list."},
    "parallel": _NAMED,
    "repeat_until": {**_TEXT, "description": "A condition."},
    "wait": _WAIT,
    "hold": _HOLD,
    "set": {"type": "object", "minProperties": 1, "propertyNames": _NAME},
    "emit": {"type": "string", "pattern": r"^hub\.\w+$"},
    "run": {"type": "string", "description": "The name of another flow."},
    "start_clock": {"type": "string"},
    "stop_clock": {"type": "string"},
    "stop": {**_TEXT, "description": "The reason the run ends here."},
}
"""What stands under each verb."""

OPTIONS: dict[str, Schema] = {
    "with": _FIELDS,
    "as": _NAME,
    "on": {"type": "string", "description": "Which connection of a role with many."},
    "on_refused": {
        "anyOf": [_NAMED, {"const": ASK}],
        "description": "A block for each refusal code; `otherwise` for the rest. Or `ask`: a person decides.",
    },
    "if_in_doubt": {"enum": ["repeat", "skip"]},
    "effect": {"enum": list(EFFECTS)},
    "then": _STEPS,
    "else": _STEPS,
    "otherwise": _STEPS,
    "steps": _STEPS,
    "at_once": {"type": "integer", "minimum": 1, "maximum": 100},
    "at_most": {"type": "integer", "minimum": 1, "maximum": 10_000},
    "on_timeout": _STEPS,
}
"""What stands under the keys beside a verb."""

_REQUIRED = {
    "if": ("then",), "choose": ("otherwise",), "for_each": ("as", "steps"), "repeat_until": ("at_most", "steps")
}  # fmt: skip


def schema() -> Schema:
    """The whole schema (draft 2020-12)."""
    role = _object(
        (),
        capability={"type": "string"},
        connector={"type": "string"},
        many={"type": "boolean"},
        optional={"type": "boolean"},
    )
    head: dict[str, Schema] = {
        "format": {"enum": [int(FORMAT), FORMAT]},
        "flow": {"type": "string", "pattern": f"^{STEP_ID.pattern}$"},
        "title": _TEXT,
        "uses": {"type": "object", "additionalProperties": {"anyOf": [{"type": "string"}, role]}},
        "trigger": _object(("event", "key"), event=_DOTTED, key={"type": "string"}, when=_TEXT),
        "inputs": {"type": "object", "additionalProperties": {"enum": sorted(input_types())}},
        "clocks": {
            "type": "object",
            "additionalProperties": _object(("due",), due=_TEXT, warn={"type": "string"}),
        },
        "exceptions": {"type": "array", "minItems": 1, "items": _EXCEPTION},
        "stage": {"enum": list(STAGES)},
        "steps": _STEPS,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A flow of Faros Hub",
        **_object(("format", "flow", "title", "steps"), **{key: head[key] for key in HEAD}),
        "oneOf": [{"required": ["trigger"]}, {"required": ["inputs"]}],
        "$defs": {
            "steps": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/step"}},
            "step": {"oneOf": [_step(verb) for verb in KEYS]},
        },
    }


def _step(verb: str) -> Schema:
    properties: dict[str, Schema] = {
        "step": {"type": "string", "pattern": f"^{STEP_ID.pattern}$"},
        "stage": {"enum": list(STAGES)},
        verb: VERBS[verb],
        **{key: OPTIONS[key] for key in KEYS[verb]},
    }
    return {**_object(("step", verb, *_REQUIRED.get(verb, ())), **properties), "title": verb}


def as_json() -> str:
    """The schema as it stands in flows/schema.json."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "flows/schema.json")
    target.parent.mkdir(exist_ok=True)
    target.write_text(as_json(), encoding="utf-8")
