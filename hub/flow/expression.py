"""Expressions and templates, compiled once and evaluated often. Nothing here reads a clock or changes anything."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from hub.flow.closure import Closure, closure
from hub.flow.evaluation import ExpressionFailed, Visits, bounded_text, written
from hub.flow.expression_parser import BadExpression, parse
from hub.flow.span import Span, parse_span, read_span
from hub.flow.syntax import Syntax

__all__ = [
    "BadExpression",
    "CompiledTemplate",
    "Expression",
    "ExpressionFailed",
    "Span",
    "compile_expression",
    "compile_template",
    "holes",
    "parse_span",
    "read_span",
]


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression. It keeps no state: many runs may share one."""

    text: str
    syntax: Syntax = field(repr=False)
    _closure: Closure = field(repr=False, compare=False)

    def evaluate(self, names: Mapping[str, Any], now: datetime) -> Any:
        """The value on these names; raises `ExpressionFailed`, whose message holds no data."""
        return self._closure(names, Visits(now))


@lru_cache(maxsize=4096)
def compile_expression(text: str) -> Expression:
    """Compile an expression; raises `BadExpression` with the column of the mistake."""
    syntax = parse(text)
    return Expression(text, syntax, closure(syntax))


@dataclass(frozen=True, slots=True)
class Hole:
    """`${...}` in a text: the expression's source, and the column where it starts."""

    source: str
    at: int


Rendering = Callable[[Mapping[str, Any], datetime], Any]


@dataclass(frozen=True, slots=True)
class CompiledTemplate:
    """A compiled template. Constants are given back as they are, not copied: never change what `render` returns."""

    is_constant: bool
    _render: Rendering = field(repr=False)

    def render(self, names: Mapping[str, Any], now: datetime) -> Any:
        """The template with every `${...}` filled in; raises `ExpressionFailed`."""
        return self._render(names, now)


def compile_template(template: Any) -> CompiledTemplate:
    """Compile nested JSON whose texts may hold `${expression}`; raises `BadExpression`."""
    if isinstance(template, str):
        return _text(template)
    if isinstance(template, Mapping):
        fields = {str(key): compile_template(value) for key, value in template.items()}
        if all(part.is_constant for part in fields.values()):
            return _constant({key: part.render({}, _NEVER) for key, part in fields.items()})
        pairs = tuple((key, part._render) for key, part in fields.items())
        return CompiledTemplate(False, lambda names, now: {key: part(names, now) for key, part in pairs})
    if isinstance(template, (list, tuple)):
        items = [compile_template(item) for item in template]
        if all(part.is_constant for part in items):
            return _constant([part.render({}, _NEVER) for part in items])
        each = tuple(part._render for part in items)
        return CompiledTemplate(False, lambda names, now: [part(names, now) for part in each])
    return _constant(template)


_NEVER = datetime.min.replace(tzinfo=UTC)  # constants do not look at it
_OPENING = re.compile(r"\$?\$\{")
_STEP = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^"'}]""", re.DOTALL)


def holes(text: str) -> list[str | Hole]:
    """The plain parts and the `${...}` of a text, in order. `$${` is a plain `${`. Raises `BadExpression`."""
    found: list[str | Hole] = []
    plain, position = "", 0
    while opening := _OPENING.search(text, position):
        plain += text[position : opening.start()]
        position = opening.end()
        if opening.group() == "$${":
            plain += "${"
            continue
        if plain:
            found.append(plain)
        plain, start = "", position
        while step := _STEP.match(text, position):
            position = step.end()
        if text[position : position + 1] != "}":
            raise BadExpression("This `${` has no closing `}`.", opening.start())
        found.append(Hole(text[start:position], start))
        position += 1
    plain += text[position:]
    return [*found, plain] if plain or not found else found


def _constant(value: Any) -> CompiledTemplate:
    return CompiledTemplate(True, lambda names, now: value)


def _text(text: str) -> CompiledTemplate:
    parts = holes(text)
    if all(isinstance(part, str) for part in parts):
        return _constant(str(parts[0]))
    compiled = [part if isinstance(part, str) else _inside(part) for part in parts]
    if len(compiled) == 1 and isinstance(compiled[0], Expression):
        return CompiledTemplate(False, compiled[0].evaluate)
    return CompiledTemplate(False, lambda names, now: _concatenated(compiled, names, now))


def _inside(hole: Hole) -> Expression:
    try:
        return compile_expression(hole.source)
    except BadExpression as error:
        raise BadExpression(error.message, error.at + hole.at, error.hint) from error


def _concatenated(parts: list[str | Expression], names: Mapping[str, Any], now: datetime) -> str:
    filled = (part if isinstance(part, str) else _written(part, names, now) for part in parts)
    return bounded_text("".join(filled))


def _written(expression: Expression, names: Mapping[str, Any], now: datetime) -> str:
    value = expression.evaluate(names, now)
    if isinstance(value, str):
        return value
    try:
        return written(value)
    except ExpressionFailed as error:
        raise ExpressionFailed(f"In `${{{expression.text}}}`: {error}") from None
