"""The types an author meets: texts, numbers, moments, records. They are read from the connectors' pydantic models."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AwareDatetime, BaseModel, FutureDatetime, PastDatetime

from hub.sdk import commerce

Category = Literal["any", "text", "number", "truth", "moment", "duration", "null"]


@dataclass(frozen=True, slots=True)
class Simple:
    """A value without parts; `any` is what nothing is known of, and is never wrong."""

    category: Category


ANY = Simple("any")
TEXT = Simple("text")
NUMBER = Simple("number")
TRUTH = Simple("truth")
MOMENT = Simple("moment")
DURATION = Simple("duration")
NULL = Simple("null")


@dataclass(frozen=True, slots=True)
class Choice:
    """A text that is always one of these."""

    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """Something with named fields: a pydantic model's, or `own` ones."""

    title: str
    model: type[BaseModel] | None = None
    own: tuple[tuple[str, "Type"], ...] = ()

    def fields(self) -> dict[str, "Type"]:
        """Every field with its type."""
        return dict(self.own) if self.model is None else _fields_of(self.model)

    @property
    def is_open(self) -> bool:
        """Whether it may have fields that nobody declared."""
        return self.model is not None and self.model.model_config.get("extra") == "allow"


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list."""

    item: "Type"


@dataclass(frozen=True, slots=True)
class MapOf:
    """A record with any field names."""

    value: "Type"


Type = Simple | Choice | Record | ListOf | MapOf

_CLASSES: tuple[tuple[type, Simple], ...] = (
    (bool, TRUTH), (int, NUMBER), (Decimal, NUMBER), (float, NUMBER), (str, TEXT), (datetime, MOMENT),
    (timedelta, DURATION), (NoneType, NULL), (AwareDatetime, MOMENT), (PastDatetime, MOMENT), (FutureDatetime, MOMENT),
)  # fmt: skip


@lru_cache(maxsize=512)
def _fields_of(model: type[BaseModel]) -> dict[str, Type]:
    fields = {name: type_of(field.annotation) for name, field in model.model_fields.items()}
    computed = {name: type_of(field.return_type) for name, field in model.model_computed_fields.items()}
    return {**fields, **computed}


def type_of(annotation: Any) -> Type:
    """The type of a field's annotation. `X | None` is X: whether it is there is asked with `has`."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return type_of(arguments[0])
    if origin in (Union, UnionType):
        return joined([type_of(a) for a in arguments if a is not NoneType])
    if origin is Literal:
        is_text = all(isinstance(a, str) for a in arguments)
        return Choice(arguments) if is_text else joined([type_of(type(a)) for a in arguments])
    if isinstance(origin, type):
        return _container(origin, arguments)
    if isinstance(annotation, type):
        return _class(annotation)
    return ANY


def _container(origin: type, arguments: tuple[Any, ...]) -> Type:
    if issubclass(origin, Mapping):
        return MapOf(type_of(arguments[1]))
    if issubclass(origin, (Sequence, set, frozenset)):
        return ListOf(type_of(arguments[0]))
    return ANY


def _class(found: type) -> Type:
    if issubclass(found, BaseModel):
        return Record(found.__name__, found)
    if issubclass(found, Enum) and issubclass(found, str):
        return Choice(tuple(str(member.value) for member in found))
    if issubclass(found, Mapping):
        return MapOf(ANY)
    if found in (list, tuple, set):
        return ListOf(ANY)
    return next((known for of, known in _CLASSES if issubclass(found, of)), ANY)


def joined(types: list[Type]) -> Type:
    """What is known of a value that has one of these types."""
    different = list(dict.fromkeys(types))
    if len(different) == 1:
        return different[0]
    if different and all(isinstance(t, Choice) for t in different):
        return Choice(tuple(dict.fromkeys(m for t in different if isinstance(t, Choice) for m in t.members)))
    categories = {category(t) for t in different}
    return TEXT if categories == {"text"} else ANY


def widened(found: Type) -> Type:
    """The type of a name that holds such a value and may later hold others of its kind."""
    return TEXT if isinstance(found, Choice) else ANY if found == NULL else found


def category(found: Type) -> str:
    """What operators look at: text, number, truth, moment, duration, null, any, money, record or list."""
    match found:
        case Simple(category=simple):
            return simple
        case Choice():
            return "text"
        case ListOf():
            return "list"
        case Record(model=model) if model is not None and issubclass(model, commerce.Money):
            return "money"
        case _:
            return "record"


_NOUNS = {"truth": "true or false", "null": "null", "any": "anything"}


def noun(found: Type) -> str:
    """The type in a sentence: `a number`, `Money`, `a list`."""
    if isinstance(found, Record):
        return found.title
    what = category(found)
    return _NOUNS.get(what, f"a {what}")


_SIMPLE_INPUTS: dict[str, Type] = {
    "any": ANY, "text": TEXT, "number": NUMBER, "flag": TRUTH, "moment": MOMENT, "duration": DURATION,
    "list": ListOf(ANY), "record": MapOf(ANY),
}  # fmt: skip


@lru_cache(maxsize=1)
def input_types() -> dict[str, Type]:
    """The type names a flow's `inputs` may use: simple ones, and the commerce vocabulary in snake case."""
    models = [m for m in vars(commerce).values() if isinstance(m, type) and issubclass(m, commerce.Record)]
    named = {snake(m.__name__): type_of(m) for m in models if m is not commerce.Record}
    return {**_SIMPLE_INPUTS, **named}


def snake(name: str) -> str:
    """`PurchaseOrder` as `purchase_order`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def misfit(found: Type, wanted: Type) -> str | None:
    """Why a value of one type cannot stand where another is wanted, or None if it can."""
    have, want = category(found), category(wanted)
    if "any" in (have, want) or have == "null":
        return None
    if isinstance(found, Choice) and isinstance(wanted, Choice):
        strange = [m for m in found.members if m not in wanted.members]
        return f"It can be {', '.join(strange)}, which is not allowed here." if strange else None
    if have == want or (have, want) == ("text", "moment") or {have, want} == {"record", "money"}:
        return _misfit_inside(found, wanted)
    hint = {("text", "number"): " Write number(...).", ("number", "text"): " Write text(...)."}.get(
        (have, want), ""
    )
    return f"It is {noun(found)}, and {noun(wanted)} is needed.{hint}"


def _misfit_inside(found: Type, wanted: Type) -> str | None:
    if isinstance(found, ListOf) and isinstance(wanted, ListOf):
        inside = misfit(found.item, wanted.item)
        return f"In the list: {inside}" if inside else None
    if not isinstance(found, Record) or not isinstance(wanted, Record) or found.model is None:
        return None
    if wanted.model is None or issubclass(found.model, wanted.model) or issubclass(wanted.model, found.model):
        return None
    needed = [name for name, field in wanted.model.model_fields.items() if field.is_required()]
    missing = [name for name in needed if name not in found.fields()]
    return f"{noun(found)} is not {noun(wanted)}: it has no {', '.join(missing)}." if missing else None
