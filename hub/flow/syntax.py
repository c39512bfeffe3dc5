"""What an expression is made of: the parser makes these, the checker types them, the evaluator compiles them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

Constant = str | int | Decimal | bool | datetime | timedelta | None


@dataclass(frozen=True, slots=True)
class Value:
    """A literal. `at` is the column in the expression's text, from 0, here and below."""

    value: Constant
    at: int


@dataclass(frozen=True, slots=True)
class Name:
    """A name, such as `order`."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Field:
    """`of.name`; `at` is where the name stands."""

    of: "Syntax"
    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Index:
    """`of[key]`."""

    of: "Syntax"
    key: "Syntax"
    at: int


@dataclass(frozen=True, slots=True)
class Compare:
    """`left op right`; comparisons are never chained."""

    op: Literal["==", "!=", "<", "<=", ">", ">=", "in", "not in"]
    left: "Syntax"
    right: "Syntax"
    at: int


@dataclass(frozen=True, slots=True)
class Logic:
    """`a and b and c`, or the same with `or`."""

    op: Literal["and", "or"]
    parts: tuple["Syntax", ...]
    at: int


@dataclass(frozen=True, slots=True)
class Not:
    """`not of`."""

    of: "Syntax"
    at: int


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`left op right` on numbers, money, moments, durations and texts."""

    op: Literal["+", "-", "*", "/"]
    left: "Syntax"
    right: "Syntax"
    at: int


@dataclass(frozen=True, slots=True)
class Negative:
    """`-of`."""

    of: "Syntax"
    at: int


@dataclass(frozen=True, slots=True)
class Listing:
    """`[a, b]`."""

    items: tuple["Syntax", ...]
    at: int


@dataclass(frozen=True, slots=True)
class Invocation:
    """A function of the language: `size(x)`, or the same as `x.size()`."""

    function: str
    arguments: tuple["Syntax", ...]
    at: int


@dataclass(frozen=True, slots=True)
class Macro:
    """`over.all(name, body)` and its like: the body once for each item."""

    kind: Literal["all", "exists", "filter", "map"]
    over: "Syntax"
    name: str
    body: "Syntax"
    at: int


Syntax = (
    Value
    | Name
    | Field
    | Index
    | Compare
    | Logic
    | Not
    | Arithmetic
    | Negative
    | Listing
    | Invocation
    | Macro
)


def parts(node: Syntax) -> tuple[Syntax, ...]:
    """What a node is directly made of."""
    match node:
        case Value() | Name():
            return ()
        case Field(of=of) | Not(of=of) | Negative(of=of):
            return (of,)
        case Index(of=of, key=key):
            return (of, key)
        case Compare(left=left, right=right) | Arithmetic(left=left, right=right):
            return (left, right)
        case Logic(parts=several) | Listing(items=several) | Invocation(arguments=several):
            return several
        case Macro(over=over, body=body):
            return (over, body)


def levels(node: Syntax) -> Iterator[tuple[int, Syntax]]:
    """Every node with its depth, from 1, without recursion: the depth is not yet known to be small."""
    waiting = [(1, node)]
    while waiting:
        depth, current = waiting.pop()
        yield depth, current
        waiting.extend((depth + 1, part) for part in parts(current))


def path_of(node: Syntax) -> str | None:
    """`order.ship_to.country` as text, if the node is such a path."""
    match node:
        case Name(name=name):
            return name
        case Field(of=of, name=name):
            before = path_of(of)
            return None if before is None else f"{before}.{name}"
        case _:
            return None
