"""The connector's schema, made anew from AfterShip's own client: `python -m tests.connectors.aftership.trimming`."""

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema
from tracking import models

from connectors.aftership import schema as kept
from connectors.aftership.schema import VERSION

KEPT = (models.CreateTrackingRequest, models.MarkTrackingCompletedByIdRequest, models.Meta, models.Tracking)
"""The two bodies the sandbox takes, and the two things it says."""

PROSE = frozenset({"description", "title", "default"})


def trimmed() -> dict[str, Any]:
    """The models and all they name, without descriptions, titles and defaults; nullable written as a type."""
    _, schema = models_json_schema([(model, "validation") for model in KEPT])
    source = f"PyPI aftership-tracking-sdk {version('aftership-tracking-sdk')} (MIT), API version {VERSION}"
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": f"The models of {source}: no descriptions, titles and defaults; nullable is written as a type.",
        "$defs": {name: _without_prose(model) for name, model in sorted(schema["$defs"].items())},
    }


def _without_prose(schema: Any) -> Any:
    """A schema without prose. A property may itself be called `title`, so names of properties are left alone."""
    if isinstance(schema, list):
        return [_without_prose(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    match schema:
        case {"anyOf": [{"type": str(plain), **rest}, {"type": "null"}]} if not rest:
            return {"type": [plain, "null"]}
    return {
        key: {name: _without_prose(one) for name, one in value.items()}
        if key == "properties"
        else _without_prose(value)
        for key, value in schema.items()
        if key not in PROSE
    }


if __name__ == "__main__":
    place = Path(kept.__file__).with_name(f"{VERSION}.json")
    place.write_text(json.dumps(trimmed(), indent=1) + "\n", encoding="utf-8")
