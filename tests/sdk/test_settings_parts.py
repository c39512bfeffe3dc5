"""The parts settings are made of: dotted paths, lengths of time, declared effects."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from hub.sdk import Checkable, Keyed, Read, Unreadable, Unsafe
from hub.sdk.declared import DeclaredEffect
from hub.sdk.paths import MISSING, read_json, read_path, read_text, write_path


@pytest.mark.parametrize(
    ("path", "found"),
    [("", {"a": [{"b": None}]}), ("a.0", {"b": None}), ("a.0.b", None), ("a.1", MISSING), ("a.b", MISSING)],
)  # fmt: skip
def test_a_path_tells_null_from_nothing(path: str, found: Any) -> None:
    assert read_path({"a": [{"b": None}]}, path) == found


def test_text_is_a_text_or_a_number_and_nothing_else() -> None:
    body = read_json(b'{"n": 1.50, "t": "x", "z": null, "o": {}, "y": true}')

    assert [read_text(body, path) for path in ("n", "t", "z", "gone", "")] == ["1.50", "x", "", "", ""]
    for path in ("o", "y"):
        with pytest.raises(Unreadable):
            read_text(body, path)


def test_a_written_path_nests_and_an_empty_one_leaves_out() -> None:
    body: dict[str, Any] = {}

    for path in ("a.b", "a.c", ""):
        write_path(body, path, 1)

    assert body == {"a": {"b": 1, "c": 1}}


def test_silence_is_unsafe_and_a_word_is_enough() -> None:
    def kind(said: Any, step: Any = None, has_lookup: bool = True) -> Any:
        return DeclaredEffect.model_validate(said).resolve(step or {}, has_lookup=has_lookup)

    assert kind({}) == Unsafe()
    assert kind({"kind": "keyed", "keyed_for": "2 weeks"}) == Keyed(timedelta(days=14))
    assert kind("checkable") == Checkable(timedelta(minutes=2))
    assert kind("checkable", has_lookup=False) == Unsafe()
    assert kind("keyed", {"effect": "read"}) == Read()


@pytest.mark.parametrize("length", ["soon", "5 fortnights", "-1 hours"])
def test_a_length_of_time_nobody_can_read_is_rejected(length: str) -> None:
    with pytest.raises(ValidationError):
        DeclaredEffect.model_validate({"kind": "keyed", "keyed_for": length})
