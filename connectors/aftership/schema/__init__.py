"""The models of AfterShip's own client as JSON Schema; see the README beside it."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator

VERSION = "2026-07"


@cache
def definitions() -> dict[str, Any]:
    """Every model by its name."""
    schema = json.loads(files(__name__).joinpath(f"{VERSION}.json").read_bytes())
    found: dict[str, Any] = schema["$defs"]
    return found


@cache
def validator(name: str) -> Draft202012Validator:
    """What checks a body against one model."""
    return Draft202012Validator({"$defs": definitions(), "$ref": f"#/$defs/{name}"})
