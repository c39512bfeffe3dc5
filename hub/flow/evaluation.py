"""What the operators mean on values: exact numbers, money of one currency, aware moments, nothing guessed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Context, Decimal, DecimalException
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from hub.flow.span import BadSpan, parse_span
from hub.sdk import HubError

MAX_TEXT = 65_536
MAX_ITEMS = 10_000
MAX_VISITS = 10_000

_EXACT = Context(prec=50)
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": eq,
    "!=": ne,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}
_SAME = frozenset({str, int, Decimal, bool, timedelta})
_ORDERED = frozenset({"text", "number", "moment", "duration"})


class ExpressionFailed(HubError):
    """An expression could not be evaluated on these values. The message names paths and kinds, never the values."""


class Visits:
    """One evaluation: what `now` is, and how many more nodes may be visited."""

    __slots__ = ("left", "now")

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.left = MAX_VISITS

    def spend(self, visits: int) -> None:
        """Account for visited nodes; raises `ExpressionFailed` when the bound is reached."""
        self.left -= visits
        if self.left < 0:
            raise ExpressionFailed(f"The expression takes more than {MAX_VISITS} steps.")


def kind(value: Any) -> str:
    """What a value is called in messages."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, Decimal)):
        return "number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, datetime):
        return "moment"
    if isinstance(value, timedelta):
        return "duration"
    if isinstance(value, dict):
        return "money" if value.keys() == {"amount", "currency"} else "record"
    return "list" if isinstance(value, (list, tuple)) else type(value).__name__


def compare(op: str) -> Callable[[Any, Any], bool]:
    """The comparison of that sign; raises `ExpressionFailed` for kinds that do not compare."""
    sign = _COMPARISONS[op]
    is_equality = op in ("==", "!=")

    def compared(left: Any, right: Any) -> bool:
        of = type(left)
        if of is type(right) and of in _SAME and (is_equality or of is not bool):
            return sign(left, right)
        return _compare_kinds(op, left, right)

    return compared


def _compare_kinds(op: str, left: Any, right: Any) -> bool:
    sign, kinds = _COMPARISONS[op], {kind(left), kind(right)}
    if op in ("==", "!=") and "null" in kinds:
        return (left is right) == (op == "==")
    if kinds == {"moment", "text"}:
        return sign(as_moment(left), as_moment(right))
    if len(kinds) > 1:
        raise ExpressionFailed(f"A {kind(left)} cannot be compared with a {kind(right)}.")
    only = kinds.pop()
    if only == "money":
        _same_currency(left, right)
        return sign(left["amount"], right["amount"])
    if only == "moment":
        return sign(as_moment(left), as_moment(right))
    if op not in ("==", "!=") and only not in _ORDERED:
        raise ExpressionFailed(f"A {only} is neither more nor less than another; only == and != work.")
    return sign(left, right)


_equal = compare("==")


def contains(value: Any, among: Any) -> bool:
    """`value in among`: an item of a list, or a key of a record."""
    if isinstance(among, dict):
        return isinstance(value, str) and value in among
    if not isinstance(among, (list, tuple)):
        raise ExpressionFailed(
            f"`in` needs a list, not a {kind(among)}. For a part of a text, use `contains`."
        )
    return any(_equal(value, item) for item in among)


def arithmetic(op: str) -> Callable[[Any, Any], Any]:
    """The operation of that sign; raises `ExpressionFailed` for kinds it does not know."""
    exact: Callable[[Any, Any], Any] = {
        "+": _EXACT.add, "-": _EXACT.subtract, "*": _EXACT.multiply, "/": _EXACT.divide
    }[op]  # fmt: skip

    def reckoned(left: Any, right: Any) -> Any:
        try:
            found = _reckon(op, exact, left, right)
        except (DecimalException, OverflowError, ZeroDivisionError) as error:
            raise ExpressionFailed(f"The result of `{op}` is no usable {kind(left)}.") from error
        if found is None:
            raise ExpressionFailed(f"`{op}` does not work on a {kind(left)} and a {kind(right)}.")
        return found

    return reckoned


def _reckon(  # noqa: C901  one case for each pair of kinds
    op: str, exact: Callable[[Any, Any], Any], left: Any, right: Any
) -> Any:
    match kind(left), op, kind(right):
        case "number", _, "number":
            whole = _whole(op, left, right)
            return exact(left, right) if whole is None else whole
        case "money", "+" | "-", "money":
            _same_currency(left, right)
            return {"amount": exact(left["amount"], right["amount"]), "currency": left["currency"]}
        case "money", "*" | "/", "number":
            return {"amount": exact(left["amount"], right), "currency": left["currency"]}
        case "number", "*", "money":
            return {"amount": exact(left, right["amount"]), "currency": right["currency"]}
        case _, "+", _:
            return _joined(left, right)
        case ("moment", "-", "moment") | ("text", "-", "moment") | ("moment", "-", "text"):
            return as_moment(left) - as_moment(right)
        case "moment" | "duration", "-", "duration":
            return left - right
        case "duration", "*" | "/", "number":
            return _scaled(exact, left, right)
        case "number", "*", "duration":
            return _scaled(exact, right, left)
    return None


def _whole(op: str, left: Any, right: Any) -> int | None:
    """Whole numbers stay whole, unless they divide or grow out of hand."""
    if not isinstance(left, int) or not isinstance(right, int) or op == "/":
        return None
    found = left + right if op == "+" else left - right if op == "-" else left * right
    return found if abs(found) < 10**50 else None


def _joined(left: Any, right: Any) -> Any:
    kinds = (kind(left), kind(right))
    if kinds == ("text", "text"):
        return bounded_text(left + right)
    if kinds == ("list", "list"):
        if len(left) + len(right) > MAX_ITEMS:
            raise ExpressionFailed(f"A list has at most {MAX_ITEMS} items.")
        return [*left, *right]
    if kinds in (("moment", "duration"), ("duration", "moment"), ("duration", "duration")):
        return left + right
    return None


def _scaled(exact: Callable[[Any, Any], Any], length: timedelta, by: Any) -> timedelta:
    return timedelta(microseconds=int(exact(length // timedelta(microseconds=1), by)))


def negative(value: Any) -> Any:
    """`-value`."""
    if kind(value) == "money":
        return {"amount": -value["amount"], "currency": value["currency"]}
    if kind(value) not in ("number", "duration"):
        raise ExpressionFailed(f"A {kind(value)} has no negative.")
    return -value


def _same_currency(left: Any, right: Any) -> None:
    if left["currency"] != right["currency"]:
        raise ExpressionFailed("Money of different currencies is never added or compared.")
    if kind(left["amount"]) != "number" or kind(right["amount"]) != "number":
        raise ExpressionFailed("An amount of money must be a number.")


def as_moment(value: Any) -> datetime:
    """A moment, read from ISO 8601 text if need be; raises `ExpressionFailed` without a zone."""
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise ExpressionFailed("A moment is written like 2026-03-01T17:00:00Z.") from error
    if found.tzinfo is None:
        raise ExpressionFailed("A moment needs its zone, as in 2026-03-01T17:00:00Z.")
    return found


def bounded_text(text: str) -> str:
    """The text; raises `ExpressionFailed` when it is too long to be kept."""
    if len(text) > MAX_TEXT:
        raise ExpressionFailed(f"A text has at most {MAX_TEXT} characters.")
    return text


def written(value: Any) -> str:
    """A value inside a longer text. Raises `ExpressionFailed` for null and for records and lists."""
    match kind(value):
        case "text":
            return str(value)
        case "number":
            return format(value, "f") if isinstance(value, Decimal) else str(value)
        case "true or false":
            return "true" if value else "false"
        case "moment":
            return str(value.isoformat())
        case "money":
            return f"{value['amount']:f} {value['currency']}"
        case other:
            raise ExpressionFailed(f"A {other} cannot stand inside a text.")


def as_truth(value: Any) -> bool:
    """The value, which must be true or false."""
    if value is True or value is False:
        return bool(value)
    raise ExpressionFailed(f"A condition must be true or false, not a {kind(value)}.")


def as_list(value: Any) -> list[Any] | tuple[Any, ...]:
    """The value, which must be a list; a text is not one, although Python could walk its letters."""
    if isinstance(value, (list, tuple)):
        return value
    raise ExpressionFailed(f"A list is needed here, not a {kind(value)}.")


def size(value: Any) -> int:
    """How many characters, items or fields."""
    if not isinstance(value, (str, list, tuple, dict)):
        raise ExpressionFailed(f"A {kind(value)} has no size.")
    return len(value)


def as_duration(value: Any) -> timedelta:
    """`duration("3 days")`."""
    if isinstance(value, timedelta):
        return value
    try:
        return parse_span(_text(value))
    except BadSpan as error:
        raise ExpressionFailed("This is not a length of plain time, such as 3 days.") from error


def as_number(value: Any) -> int | Decimal:
    """`number("12.50")`, exactly."""
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return value
    text = _text(value).strip()
    try:
        read = Decimal(text)
    except DecimalException as error:
        raise ExpressionFailed("This text is not a number.") from error
    if not read.is_finite() or len(text) > 40 or abs(read.adjusted()) > 40:
        raise ExpressionFailed("This text is not a usable number.")
    return read


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ExpressionFailed(f"A text is needed here, not a {kind(value)}.")
    return value


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "size": size,
    "duration": as_duration,
    "moment": as_moment,
    "number": as_number,
    "text": written,
    "lower": lambda value: _text(value).lower(),
    "upper": lambda value: bounded_text(_text(value).upper()),
    "trim": lambda value: _text(value).strip(),
    "starts_with": lambda value, part: _text(value).startswith(_text(part)),
    "ends_with": lambda value, part: _text(value).endswith(_text(part)),
    "contains": lambda value, part: _text(part) in _text(value),
}
"""The functions that look only at their arguments; `has` and `default` look at paths and are compiled apart."""
