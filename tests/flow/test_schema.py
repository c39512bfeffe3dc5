"""The schema for editors says what the reader says."""

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from hub.flow.schema import OPTIONS, VERBS, as_json, schema
from hub.flow.step_reader import KEYS
from tests.flow.writing import flow

ROOT = Path(__file__).parents[2]


def tree(text: str) -> Any:
    return yaml.load(text, Loader=yaml.BaseLoader)


def test_the_schema_in_the_repository_is_up_to_date() -> None:
    assert (ROOT / "flows" / "schema.json").read_text(encoding="utf-8") == as_json()


def test_every_verb_and_every_key_is_described() -> None:
    assert set(VERBS) == set(KEYS)
    assert set(OPTIONS) == {key for keys in KEYS.values() for key in keys}
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("name", ["order_intake", "tracking_watch"])
def test_a_good_flow_fits_the_schema(name: str) -> None:
    found = yaml.load(Path(__file__).with_name(f"{name}.yaml").read_text(), Loader=yaml.SafeLoader)

    # SafeLoader, as editors do, reads `on` as true; JSON Schema then sees no such key.
    jsonschema.validate(_with_on(found), schema())


@pytest.mark.parametrize(
    "steps",
    ["- step: a\n  whait: {for: 1 day}", "- step: a", "- step: A\n  stop: x", "- step: a\n  stop: x\n  with: {}",
     "- step: a\n  wait: {event: shop.order_paid}", "- step: a\n  choose: []\n  otherwise: []"],
)  # fmt: skip
def test_a_bad_flow_does_not_fit_the_schema(steps: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tree(flow(steps)), schema())


def _with_on(value: Any) -> Any:
    if isinstance(value, dict):
        return {"on" if key is True else key: _with_on(inner) for key, inner in value.items()}
    return [_with_on(item) for item in value] if isinstance(value, list) else value
