"""The type of an expression, and everything in it that can never be right."""

from collections.abc import Callable, Mapping
from typing import assert_never

from hub.flow.expression_types import (
    ANY,
    DURATION,
    MOMENT,
    NULL,
    NUMBER,
    TEXT,
    TRUTH,
    Choice,
    ListOf,
    MapOf,
    Record,
    Type,
    category,
    joined,
    noun,
    type_of,
)
from hub.flow.noting import did_you_mean
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
)

Scope = Mapping[str, Type]
Report = Callable[[int, str, str], None]
"""Takes the column, what is wrong, and the remedy."""

_ORDERED = {"text", "number", "moment", "duration", "money", "any"}
_ARITHMETIC = {
    ("number", "+", "number"), ("number", "-", "number"), ("number", "*", "number"), ("number", "/", "number"),
    ("money", "+", "money"), ("money", "-", "money"), ("money", "*", "number"), ("money", "/", "number"),
    ("moment", "+", "duration"), ("moment", "-", "duration"), ("duration", "+", "duration"),
    ("duration", "-", "duration"), ("duration", "*", "number"), ("duration", "/", "number"),
    ("text", "+", "text"), ("list", "+", "list"),
}  # fmt: skip
"""What gives the type of its left side."""
_RIGHT = {("number", "*", "money"), ("number", "*", "duration"), ("duration", "+", "moment")}
"""What gives the type of its right side."""
_FUNCTIONS: dict[str, tuple[tuple[str, ...], Type]] = {
    "duration": (("text", "duration"), DURATION), "moment": (("text", "moment"), MOMENT),
    "number": (("text", "number"), NUMBER), "size": (("text", "list", "record"), NUMBER),
    "text": (("text", "number", "truth", "moment", "money"), TEXT),
    "lower": (("text",), TEXT), "upper": (("text",), TEXT), "trim": (("text",), TEXT),
    "starts_with": (("text",), TRUTH), "ends_with": (("text",), TRUTH), "contains": (("text",), TRUTH),
}  # fmt: skip
"""What a function's arguments may be, and what it gives."""


def infer(node: Syntax, scope: Scope, report: Report) -> Type:
    """The type of an expression in a scope; whatever is unknown is `any`, so one mistake is reported once."""
    return _Inference(report).of(node, scope)


class _Inference:
    def __init__(self, report: Report) -> None:
        self.report = report

    def of(self, node: Syntax, scope: Scope) -> Type:  # noqa: C901  one case for each kind of node
        match node:
            case Value(value=value):
                return NULL if value is None else type_of(type(value))
            case Name(name=name, at=at):
                return self.name(name, at, scope)
            case Field(of=of, name=name, at=at):
                return self.field(self.of(of, scope), name, at)
            case Index(of=of, key=key, at=at):
                return self.index(self.of(of, scope), self.of(key, scope), key, at)
            case Compare():
                return self.compare(node, scope)
            case Logic(parts=parts):
                for part in parts:
                    self.truth(part, scope)
                return TRUTH
            case Not(of=of):
                self.truth(of, scope)
                return TRUTH
            case _:
                return self.reckoned(node, scope)

    def reckoned(self, node: Arithmetic | Negative | Listing | Invocation | Macro, scope: Scope) -> Type:
        match node:
            case Arithmetic():
                return self.arithmetic(node, scope)
            case Negative(of=of, at=at):
                found = self.of(of, scope)
                if category(found) not in ("number", "money", "duration", "any"):
                    self.report(at, f"{_capital(noun(found))} has no negative.", "")
                return found
            case Listing(items=items):
                return ListOf(joined([self.of(item, scope) for item in items]))
            case Invocation():
                return self.invocation(node, scope)
            case Macro():
                return self.macro(node, scope)
            case _:
                assert_never(node)

    def truth(self, node: Syntax, scope: Scope) -> None:
        found = self.of(node, scope)
        if category(found) not in ("truth", "any"):
            self.report(node.at, f"This must be true or false; it is {noun(found)}.", "")

    def name(self, name: str, at: int, scope: Scope) -> Type:
        if name == "now":
            return MOMENT
        if name not in scope:
            self.report(at, f'There is no name "{name}" here.', did_you_mean(name, [*scope, "now"]))
            return ANY
        return scope[name]

    def field(self, of: Type, name: str, at: int) -> Type:
        match of:
            case Record() as record:
                fields = record.fields()
                if name not in fields and not record.is_open:
                    self.report(at, f'{record.title} has no field "{name}".', did_you_mean(name, fields))
                return fields.get(name, ANY)
            case MapOf(value=value):
                return value
            case _ if category(of) == "any":
                return ANY
        self.report(at, f"{_capital(noun(of))} has no fields.", "")
        return ANY

    def index(self, of: Type, key: Type, node: Syntax, at: int) -> Type:
        is_record = category(of) in ("record", "money")
        if category(key) not in ("any", "text" if is_record else "number"):
            self.report(at, f"In [ ] of {noun(of)} stands {'a text' if is_record else 'a number'}.", "")
        if isinstance(of, Record):
            constant = node.value if isinstance(node, Value) else None
            return self.field(of, constant, at) if isinstance(constant, str) else ANY
        if isinstance(of, (ListOf, MapOf)):
            return of.item if isinstance(of, ListOf) else of.value
        if category(of) != "any":
            self.report(at, f"{_capital(noun(of))} has no items.", "")
        return ANY

    def compare(self, node: Compare, scope: Scope) -> Type:
        left, right = self.of(node.left, scope), self.of(node.right, scope)
        if node.op in ("in", "not in"):
            self.among(node, left, right)
        elif node.op in ("==", "!=") and "null" in (category(left), category(right)):
            return TRUTH
        else:
            self.alike(node, left, right)
            if node.op not in ("==", "!=") and category(left) not in _ORDERED:
                self.report(
                    node.left.at, f"{_capital(noun(left))} is neither more nor less than another.", ""
                )
        return TRUTH

    def among(self, node: Compare, left: Type, right: Type) -> None:
        if category(right) not in ("list", "any", "record"):
            self.report(
                node.right.at, "After `in` stands a list.", "For a part of a text, use contains(a, b)."
            )
        if isinstance(node.right, Listing):
            for item in node.right.items:
                self.alike(Compare("==", node.left, item, node.at), left, self.literal(item))
        elif isinstance(right, ListOf):
            self.alike(Compare("==", node.left, node.right, node.at), left, right.item)

    def literal(self, item: Syntax) -> Type:
        return type_of(type(item.value)) if isinstance(item, Value) else ANY

    def alike(self, node: Compare, left: Type, right: Type) -> None:
        """Whether two sides can ever be equal."""
        kinds = {category(left), category(right)}
        if kinds & {"any", "null"}:
            return
        if len(kinds) > 1 and kinds != {"moment", "text"}:
            self.report(node.left.at, f"{_capital(noun(left))} cannot be compared with {noun(right)}.", "")
            return
        for choice, other, side in ((left, node.right, right), (right, node.left, left)):
            if isinstance(choice, Choice):
                self.member(node.left.at, choice, other, side)

    def member(self, at: int, choice: Choice, other: Syntax, side: Type) -> None:
        known = choice.members
        if isinstance(other, Value) and isinstance(other.value, str) and other.value not in known:
            hint = did_you_mean(other.value, known)
            hint = hint if hint.startswith("Did") else ""
            self.report(at, f'It is never "{other.value}", only {", ".join(known)}.', hint)
        elif isinstance(side, Choice) and not set(known) & set(side.members):
            self.report(at, f"These are never equal: one is {', '.join(known)}.", "")

    def arithmetic(self, node: Arithmetic, scope: Scope) -> Type:
        left, right = self.of(node.left, scope), self.of(node.right, scope)
        kinds = (category(left), node.op, category(right))
        if "any" in kinds:
            return ANY
        if kinds in _ARITHMETIC:
            return TEXT if kinds[0] == "text" else left
        if kinds in _RIGHT:
            return right
        if kinds == ("moment", "-", "moment"):
            return DURATION
        self.report(node.at, f"`{node.op}` does not work on {noun(left)} and {noun(right)}.", "")
        return ANY

    def invocation(self, node: Invocation, scope: Scope) -> Type:
        types = [self.of(argument, scope) for argument in node.arguments]
        if node.function == "has":
            return TRUTH
        if node.function == "default":
            return joined(types)
        allowed, gives = _FUNCTIONS[node.function]
        for argument, found in zip(node.arguments, types, strict=True):
            if category(found) not in (*allowed, "any"):
                self.report(argument.at, f"{node.function} does not take {noun(found)}.", "")
        return gives

    def macro(self, node: Macro, scope: Scope) -> Type:
        over = self.of(node.over, scope)
        if category(over) not in ("list", "any"):
            self.report(node.at, f"`.{node.kind}` needs a list; this is {noun(over)}.", "")
        if node.name in scope:
            self.report(node.at, f'"{node.name}" already means something here.', "Choose another name.")
        item = over.item if isinstance(over, ListOf) else ANY
        inside = {**scope, node.name: item}
        if node.kind == "map":
            return ListOf(self.of(node.body, inside))
        self.truth(node.body, inside)
        return over if node.kind == "filter" else TRUTH


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
