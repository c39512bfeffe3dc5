"""Text to syntax, by hand: nothing is ever given to Python's own compiler, and numbers are read as Decimal."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NoReturn

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
)

MAX_BYTES = 2048
MAX_DEPTH = 32
MAX_DIGITS = 40

MACROS = ("all", "exists", "filter", "map")
FUNCTIONS: dict[str, int] = {
    "has": 1, "default": 2, "size": 1, "duration": 1, "moment": 1, "number": 1, "text": 1,
    "lower": 1, "upper": 1, "trim": 1, "starts_with": 2, "ends_with": 2, "contains": 2,
}  # fmt: skip
"""The functions of the language, and how many arguments each takes."""

RESERVED = frozenset({"and", "or", "not", "in", "true", "false", "null", "now", "if", "else", *FUNCTIONS})
"""Words that cannot be names."""

_TOKEN = re.compile(
    r"""(?P<number>\d+(?:\.\d+)?(?![\w.]))|(?P<word>[A-Za-z]\w*)"""
    r"""|(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<sign><=|>=|==|!=|[<>()\[\],.+\-*/])""",
    re.ASCII | re.DOTALL,
)
_SPACE = re.compile(r"\s*")
_HINTS = {
    "&": "Write the word: `and`.", "|": "Write the word: `or`.", "!": "Write the word: `not`.",
    "=": "To compare, write `==`.", "?": "There is no `? :`; use an `if` step.", "*": "There is no power operator.",
    "$": "Write it without ${ }.", "{": "There are no braces here.", "_": "Names begin with a letter.",
    "%": "There is no `%` operator.",
}  # fmt: skip
_WORDS = {
    "True": "true",
    "False": "false",
    "None": "null",
    "AND": "and",
    "OR": "or",
    "NOT": "not",
    "IN": "in",
}
_ESCAPES = {"n": "\n", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


class BadExpression(ValueError):
    """The text is not an expression. `at` is the column of the mistake, from 0; `hint` says what would be right."""

    def __init__(self, message: str, at: int = 0, hint: str = "") -> None:
        super().__init__(f"{message} {hint}".strip())
        self.message = message
        self.at = at
        self.hint = hint


def parse(text: str) -> Syntax:
    """Read an expression. Raises `BadExpression`, also when it is too long or too deep."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise BadExpression(f"The expression is longer than {MAX_BYTES} bytes.")
    found = _Parser(text).whole()
    if any(depth > MAX_DEPTH for depth, _ in levels(found)):
        raise BadExpression(
            f"The expression is nested deeper than {MAX_DEPTH} levels.", hint="Use a `set` step."
        )
    return found


class _Parser:
    """Recursive descent; `depth` bounds the recursion before the tree exists."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.depth = 0
        self.tokens = _tokens(text)
        self.position = 0

    @property
    def token(self) -> tuple[str, str, int]:
        return self.tokens[self.position]

    def take(self, *wanted: str) -> str | None:
        """Step over a sign or a word if it is one of these."""
        kind, text, _ = self.token
        if kind in ("sign", "word") and text in wanted:
            self.position += 1
            return text
        return None

    def need(self, sign: str) -> None:
        if not self.take(sign):
            self.wrong(f"Here a `{sign}` is missing.")

    def wrong(self, message: str = "", hint: str = "") -> NoReturn:
        kind, text, at = self.token
        said = "The expression ends too early." if kind == "end" else f"`{text[:20]}` cannot stand here."
        raise BadExpression(message or said, at, hint)

    def whole(self) -> Syntax:
        found = self.any()
        if self.token[0] != "end":
            self.wrong(hint=f"Write `{_WORDS[self.token[1]]}`." if self.token[1] in _WORDS else "")
        return found

    def any(self) -> Syntax:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.wrong(f"The expression is nested deeper than {MAX_DEPTH} levels.", "Use a `set` step.")
        found = self.logic("or", lambda: self.logic("and", self.negation))
        self.depth -= 1
        return found

    def logic(self, op: Any, part: Callable[[], Syntax]) -> Syntax:
        at = self.token[2]
        found = [part()]
        while self.take(op):
            found.append(part())
        return found[0] if len(found) == 1 else Logic(op, tuple(found), at)

    def negation(self) -> Syntax:
        before: list[int] = []
        while self.token[:2] == ("word", "not"):
            before.append(self.token[2])
            self.position += 1
        found = self.comparison()
        for at in reversed(before):
            found = Not(found, at)
        return found

    def comparison(self) -> Syntax:
        left = self.sum()
        at = self.token[2]
        op: Any = self.comparison_sign()
        if op is None:
            return left
        found = Compare(op, left, self.sum(), at)
        if self.comparison_sign():
            raise BadExpression("Comparisons cannot be chained.", at, "Write `a < b and b < c`.")
        return found

    def comparison_sign(self) -> str | None:
        if self.token[:2] == ("word", "not") and self.tokens[self.position + 1][:2] == ("word", "in"):
            self.position += 2
            return "not in"
        return self.take("==", "!=", "<", "<=", ">", ">=", "in")

    def sum(self) -> Syntax:
        return self.chain(("+", "-"), lambda: self.chain(("*", "/"), self.signed))

    def chain(self, signs: tuple[str, ...], part: Callable[[], Syntax]) -> Syntax:
        found = part()
        while True:
            at = self.token[2]
            op: Any = self.take(*signs)
            if op is None:
                return found
            found = Arithmetic(op, found, part(), at)

    def signed(self) -> Syntax:
        before: list[int] = []
        while self.token[:2] == ("sign", "-"):
            before.append(self.token[2])
            self.position += 1
        found = self.path()
        for at in reversed(before):
            found = Negative(found, at)
        return found

    def path(self) -> Syntax:
        found = self.primary()
        while sign := self.take(".", "["):
            at = self.token[2]
            if sign == "[":
                found = Index(found, self.any(), at)
                self.need("]")
                continue
            kind, word, at = self.token
            if kind != "word":
                self.wrong("After the point a field's name is missing.")
            self.position += 1
            found = self.method(found, word, at) if self.take("(") else Field(found, word, at)
        return found

    def method(self, receiver: Syntax, word: str, at: int) -> Syntax:
        if word not in MACROS:
            return self.invocation(word, at, (receiver,))
        kind, name, place = self.token
        if kind != "word" or name in RESERVED:
            self.wrong(f"`.{word}` takes a name and an expression, as in `.{word}(x, x > 1)`.")
        self.position += 1
        self.need(",")
        made: Any = word
        found = Macro(made, receiver, name, self.any(), place)
        self.need(")")
        return found

    def invocation(self, word: str, at: int, before: tuple[Syntax, ...] = ()) -> Syntax:
        if word not in FUNCTIONS:
            known = ", ".join((*FUNCTIONS, *MACROS))
            raise BadExpression(f"There is no function `{word}`.", at, f"There are: {known}.")
        arguments = (*before, *self.listed(")"))
        if len(arguments) != FUNCTIONS[word]:
            raise BadExpression(f"`{word}` takes {FUNCTIONS[word]} argument(s), not {len(arguments)}.", at)
        if word in ("has", "default") and not isinstance(arguments[0], (Field, Index, Name)):
            raise BadExpression(f"`{word}` takes a path, as in `{word}(order.note...)`.", at)
        return Invocation(word, arguments, at)

    def listed(self, end: str) -> tuple[Syntax, ...]:
        if self.take(end):
            return ()
        found = [self.any()]
        while self.take(","):
            found.append(self.any())
        self.need(end)
        return tuple(found)

    def primary(self) -> Syntax:
        kind, text, at = self.token
        if kind == "end" or (kind == "word" and text in ("and", "or", "in", "not", "if", "else")):
            self.wrong()
        self.position += 1
        if kind == "number":
            return Value(_number(text, at), at)
        if kind == "text":
            return Value(_unescape(text, at), at)
        if kind == "word":
            return self.word(text, at)
        if text == "(":
            found = self.any()
            self.need(")")
            return found
        if text == "[":
            return Listing(self.listed("]"), at)
        self.position -= 1
        self.wrong(hint=_HINTS.get(text, ""))

    def word(self, text: str, at: int) -> Syntax:
        if text in ("true", "false"):
            return Value(text == "true", at)
        if text == "null":
            return Value(None, at)
        if self.take("("):
            return self.invocation(text, at)
        if text in _WORDS:
            raise BadExpression(f"`{text}` is not a word here.", at, f"Write `{_WORDS[text]}`.")
        if text in FUNCTIONS:
            raise BadExpression(f"`{text}` is a function.", at, f"Write `{text}(...)`.")
        return Name(text, at)


def _tokens(text: str) -> list[tuple[str, str, int]]:
    found: list[tuple[str, str, int]] = []
    position = 0
    while True:
        position = _SPACE.match(text, position).end()  # type: ignore[union-attr]  # matches the empty text too
        if position == len(text):
            return [*found, ("end", "", position), ("end", "", position)]
        token = _TOKEN.match(text, position)
        if token is None or token.lastgroup is None:
            sign = text[position]
            said = "This text has no closing quote." if sign in "\"'" else f"`{sign}` cannot stand here."
            raise BadExpression(said, position, _HINTS.get(sign, ""))
        found.append((token.lastgroup, token.group(), position))
        position = token.end()


def _number(text: str, at: int) -> int | Decimal:
    if len(text) > MAX_DIGITS:
        raise BadExpression(f"A number has at most {MAX_DIGITS} digits.", at)
    return Decimal(text) if "." in text else int(text)


def _unescape(quoted: str, at: int) -> str:
    def plain(match: re.Match[str]) -> str:
        if match[1] not in _ESCAPES:
            raise BadExpression(
                f"`\\{match[1]}` is not known in a text.", at, 'There are \\n, \\t, \\\\ and \\".'
            )
        return _ESCAPES[match[1]]

    return re.sub(r"\\(.)", plain, quoted[1:-1], flags=re.DOTALL)
