"""Syntax to Python closures, once per flow version: an evaluation then costs about a microsecond."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, assert_never

from hub.flow.evaluation import (
    FUNCTIONS,
    MAX_ITEMS,
    ExpressionFailed,
    Visits,
    arithmetic,
    as_truth,
    compare,
    contains,
    kind,
    negative,
)
from hub.flow.expression_parser import BadExpression
from hub.flow.syntax import (
    Arithmetic,
    Compare,
    Field,
    Index,
    Invocation,
    Listing,
    Logic,
    Macro,
    Name,
    Negative,
    Not,
    Syntax,
    Value,
    levels,
    path_of,
)

Names = Mapping[str, Any]
Closure = Callable[[Names, Visits], Any]


class Missing(ExpressionFailed):
    """A name, a field or an item is not there."""


def closure(node: Syntax) -> Closure:  # noqa: C901  one case for each kind of node
    """A function of (names, visits) that gives the node's value or raises `ExpressionFailed`."""
    match node:
        case Value(value=value):
            return lambda names, visits: value
        case Name(name="now"):
            return lambda names, visits: visits.now
        case Name() | Field():
            return _path(node)
        case Index():
            return _index(node)
        case Compare():
            return _compare(node)
        case Logic():
            return _logic(node)
        case Not(of=of):
            inner = closure(of)
            return lambda names, visits: not as_truth(inner(names, visits))
        case Arithmetic(op=op, left=left, right=right):
            return _two(arithmetic(op), closure(left), closure(right))
        case Negative(of=of):
            inner = closure(of)
            return lambda names, visits: negative(inner(names, visits))
        case Listing(items=items):
            each = tuple(closure(item) for item in items)
            return lambda names, visits: [item(names, visits) for item in each]
        case Invocation():
            return _invocation(node)
        case Macro():
            return _macro(node)
        case _:
            assert_never(node)


def _two(function: Callable[[Any, Any], Any], left: Closure, right: Closure) -> Closure:
    return lambda names, visits: function(left(names, visits), right(names, visits))


def _path(node: Name | Field) -> Closure:
    """A chain of fields from a name is one closure, however long."""
    text = path_of(node)
    if text is None or text.startswith("now."):
        assert isinstance(node, Field)
        return _field(node)
    root, *keys = text.split(".")

    def name(names: Names, visits: Visits) -> Any:
        try:
            return names[root]
        except KeyError:
            raise Missing(f"There is no `{root}` here.") from None

    def path(names: Names, visits: Visits) -> Any:
        try:
            value = names[root]
            for key in keys:
                value = value[key]
            return value
        except (KeyError, TypeError, IndexError):
            raise _lost(names, root, keys) from None

    return path if keys else name


def _lost(names: Names, root: str, keys: list[str]) -> ExpressionFailed:
    """Say which part of the path is not there."""
    if root not in names:
        return Missing(f"There is no `{root}` here.")
    value, walked = names[root], root
    for key in keys:
        if not isinstance(value, dict):
            if value is None:
                return Missing(f"`{walked}` is null, so it has no `{key}`.")
            return ExpressionFailed(f"`{walked}` is a {kind(value)}, which has no fields.")
        walked = f"{walked}.{key}"
        if key not in value:
            return Missing(f"`{walked}` is missing.")
        value = value[key]
    return ExpressionFailed(f"`{walked}` cannot be read.")


def _field(node: Field) -> Closure:
    inner, key = closure(node.of), node.name

    def field(names: Names, visits: Visits) -> Any:
        value = inner(names, visits)
        if value is None:
            raise Missing(f"`.{key}` was asked of null.")
        if not isinstance(value, dict):
            raise ExpressionFailed(f"`.{key}` was asked of a {kind(value)}, which has no fields.")
        if key not in value:
            raise Missing(f"`.{key}` is missing.")
        return value[key]

    return field


def _index(node: Index) -> Closure:
    inner, key = closure(node.of), closure(node.key)

    def index(names: Names, visits: Visits) -> Any:
        value, at = inner(names, visits), key(names, visits)
        if value is None:
            raise Missing("`[...]` was asked of null.")
        if isinstance(value, dict) and isinstance(at, str):
            if at not in value:
                raise Missing("`[...]` has no such field.")
            return value[at]
        if not isinstance(value, (list, tuple)) or kind(at) != "number" or at != int(at):
            raise ExpressionFailed(f"`[...]` does not work on a {kind(value)} with a {kind(at)}.")
        if not -len(value) <= at < len(value):
            raise Missing("The list has no item of that number.")
        return value[int(at)]

    return index


def _compare(node: Compare) -> Closure:
    left, right = closure(node.left), closure(node.right)
    if node.op == "in":
        return _two(contains, left, right)
    if node.op == "not in":
        return lambda names, visits: not contains(left(names, visits), right(names, visits))
    sign = compare(node.op)
    if isinstance(node.right, Value):
        constant = node.right.value
        return lambda names, visits: sign(left(names, visits), constant)
    return _two(sign, left, right)


def _logic(node: Logic) -> Closure:
    each = tuple(closure(part) for part in node.parts)
    decides = node.op == "or"

    def logic(names: Names, visits: Visits) -> bool:
        for part in each:
            if as_truth(part(names, visits)) is decides:
                return decides
        return not decides

    return logic


def _invocation(node: Invocation) -> Closure:
    first, *others = (closure(argument) for argument in node.arguments)
    if node.function in ("has", "default"):
        return _looking(first, others[0] if others else None)
    function = FUNCTIONS[node.function]
    if node.function in ("duration", "moment") and isinstance(node.arguments[0], Value):
        try:
            constant = function(node.arguments[0].value)
        except ExpressionFailed as error:
            raise BadExpression(str(error), node.arguments[0].at) from error
        return lambda names, visits: constant
    if others:
        return _two(function, first, others[0])
    return lambda names, visits: function(first(names, visits))


def _looking(path: Closure, fallback: Closure | None) -> Closure:
    """`has` (without a fallback) and `default`: a missing or null value is not a failure."""

    def found(names: Names, visits: Visits) -> Any:
        try:
            value = path(names, visits)
        except Missing:
            value = None
        if fallback is None:
            return value is not None
        return fallback(names, visits) if value is None else value

    return found


def _macro(node: Macro) -> Closure:
    over, body, name = closure(node.over), closure(node.body), node.name
    cost = sum(1 for _ in levels(node.body)) + 1

    def results(names: Names, visits: Visits) -> Iterator[tuple[Any, Any]]:
        """Each item with what the body gives for it, one at a time."""
        items = over(names, visits)
        if not isinstance(items, (list, tuple)):
            raise ExpressionFailed(f"`.{node.kind}` needs a list, not a {kind(items)}.")
        inside = dict(names)
        for item in items[: MAX_ITEMS + 1]:
            visits.spend(cost)
            inside[name] = item
            found = body(inside, visits)
            if isinstance(found, (str, list)):
                visits.spend(len(found) >> 6)  # so that many long results cannot fill the memory
            yield item, found

    return _gathered(node, results)


def _gathered(node: Macro, results: Callable[[Names, Visits], Iterator[tuple[Any, Any]]]) -> Closure:
    match node.kind:
        case "all":
            return lambda names, visits: all(as_truth(found) for _, found in results(names, visits))
        case "exists":
            return lambda names, visits: any(as_truth(found) for _, found in results(names, visits))
        case "filter":
            return lambda names, visits: [item for item, found in results(names, visits) if as_truth(found)]
        case "map":
            return lambda names, visits: [found for _, found in results(names, visits)]
