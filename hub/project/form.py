"""A block of hub.yaml held against a pydantic model: every mistake at its own place, and none that quotes a secret."""

import re
from collections.abc import Mapping
from datetime import timedelta
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr, ValidationError

from hub.flow.noting import Notes, did_you_mean
from hub.flow.reader import Block, Place, Scalar, Sequence, Tree
from hub.flow.span import BadSpan, parse_span
from hub.sdk.commerce import Money

M = TypeVar("M", bound=BaseModel)

REFERENCE = re.compile(r"\$\{(env|secret):[A-Za-z_][\w.-]*\}", re.ASCII)
_MONEY = re.compile(r"(\d+(?:\.\d+)?)\s+([A-Z]{3})", re.ASCII)
_LISTS = (list, tuple, set, frozenset)


class Form:
    """Reads one block as one model. Lengths of time are written `30 minutes`, money `12.50 USD` or as a block."""

    def __init__(self, block: Block, model: type[BaseModel], notes: Notes, noun: str) -> None:
        self.block = block
        self.noun = noun
        self._model = model
        self._notes = notes
        self._noted: set[Place] = set()
        self.given: dict[str, Any] = self._block(block, [model])
        """The block as JSON, secrets still named."""

    def read(self, over: Mapping[str, Any] | None = None) -> BaseModel | None:
        """The model's value, with `over` in place of what was written; None if something is wrong, which is noted."""
        try:
            return self._model.model_validate({**self.given, **(over or {})})
        except ValidationError as error:
            for found in error.errors(include_input=False, include_url=False, include_context=False):
                self._note(found["loc"], found["type"], found["msg"])
            return None

    def _wrong(self, place: Place, message: str, hint: str = "") -> None:
        self._noted.add(place)
        self._notes.wrong(place, message, hint)

    def _plain(self, tree: Tree, wanted: Any) -> Any:
        options = _leaves(wanted)
        if isinstance(tree, Block):
            return self._block(tree, options)
        lists = [get_args(option) for option in options if get_origin(option) in _LISTS]
        if isinstance(tree, Sequence):
            inner = lists[0][0] if lists and lists[0] else Any
            return [self._plain(child, inner) for child in tree]
        if lists and str not in options and lists[0]:
            return [self._scalar(tree, _leaves(lists[0][0]))]
        return self._scalar(tree, options)

    def _block(self, block: Block, options: list[Any]) -> dict[str, Any]:
        models = [o for o in options if isinstance(o, type) and issubclass(o, BaseModel)]
        fields: dict[str, Any] = {
            n: f.annotation for m in reversed(models) for n, f in m.model_fields.items()
        }
        values = [get_args(o)[1] for o in options if get_origin(o) is dict and get_args(o)]
        plain = {}
        for key, value in block.items():
            if models and key not in fields:
                self._wrong(
                    block.key(key).place, f'{self.noun} has no key "{key}".', did_you_mean(key, fields)
                )
                continue
            wanted = fields[key] if models else (values[0] if values else Any)
            plain[str(key)] = self._plain(value, wanted)
        return plain

    def _scalar(self, text: Scalar, options: list[Any]) -> Any:
        if REFERENCE.fullmatch(text):
            return str(text)
        if "${" in text:
            self._wrong(text.place, "A secret stands alone, as ${env:NAME} or ${secret:NAME}.")
        if SecretStr in options:
            said = "This secret is written out in the file."
            self._notes.doubtful(text.place, said, "Move it to the environment: ${env:NAME}.", "W-SECRET")
        if not text.style and text in ("", "null", "~"):
            return None
        words = {
            str(word): word
            for option in options
            if get_origin(option) is Literal
            for word in get_args(option)
        }
        if text in words:
            return words[text]
        if timedelta in options:
            return self._seconds(text)
        if Money in options and (found := _MONEY.fullmatch(text)):
            return {"amount": found[1], "currency": found[2]}
        return str(text)

    def _seconds(self, text: Scalar) -> Any:
        try:
            return int(parse_span(text).total_seconds())
        except BadSpan as error:
            self._wrong(text.place, str(error))
            return 0

    def _note(self, steps: tuple[int | str, ...], kind: str, said: str) -> None:
        """Note one of pydantic's errors, unless its place has been noted or is a secret that is not known here."""
        tree, place = self._find(steps)
        if (kind != "missing" and place in self._noted) or (
            isinstance(tree, Scalar) and REFERENCE.fullmatch(tree)
        ):
            return
        name = ".".join(str(s) for s in steps if not isinstance(s, int)) or self.noun
        if kind == "missing":
            self._wrong(place, f'{self.noun} needs "{name}".')
        elif kind == "extra_forbidden":
            self._wrong(place, f'{self.noun} has no key "{name}" here.')
        else:
            # What a model's own check says begins with pydantic's words, which are nobody's business.
            reason = said.removeprefix("Value error, ").rstrip(".")
            self._wrong(place, f"{name}: {reason}.")

    def _find(self, steps: tuple[int | str, ...]) -> tuple[Tree, Place]:
        """The value an error is about, or the nearest around it. Tags of unions stand in a path but in no file."""
        tree: Tree = self.block
        place = tree.place
        for step in steps:
            if isinstance(tree, Block) and step in tree:
                place = tree.key(str(step)).place
                tree = tree[str(step)]
                place = tree.place if isinstance(tree, Scalar) else place
            elif isinstance(tree, Sequence) and isinstance(step, int) and step < len(tree):
                tree = tree[step]
                place = tree.place
        return tree, place


def fit(
    block: Block, model: type[M], notes: Notes, noun: str, over: Mapping[str, Any] | None = None
) -> M | None:
    """The block as that model, with `over` in place of what was written; None if a mistake was noted."""
    found = Form(block, model, notes, noun).read(over)
    return found if isinstance(found, model) else None


def _leaves(wanted: Any) -> list[Any]:
    """The plain types of an annotation."""
    if get_origin(wanted) is Annotated:
        return _leaves(get_args(wanted)[0])
    if get_origin(wanted) in (Union, UnionType):
        return [leaf for part in get_args(wanted) for leaf in _leaves(part)]
    return [wanted]
