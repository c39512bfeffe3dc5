"""Whether the values an author writes fit the fields they are written for."""

from functools import lru_cache
from typing import Annotated, Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.errors import PydanticSchemaGenerationError
from pydantic.fields import FieldInfo

from hub.flow.compiler import source
from hub.flow.expression import BadExpression, Hole, compile_expression, holes
from hub.flow.expression_types import (
    ANY,
    TEXT,
    Choice,
    ListOf,
    MapOf,
    Record,
    Type,
    category,
    joined,
    misfit,
    noun,
    type_of,
)
from hub.flow.inference import Scope, infer
from hub.flow.noting import Notes, did_you_mean
from hub.flow.reader import Block, Scalar, Sequence, Tree


class Fitting:
    """Types the values of one flow and notes what does not fit."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes

    def expression(self, text: Scalar, scope: Scope) -> Type:
        """The type of a text that is wholly an expression, with or without `${}`."""
        try:
            inner, at = source(text)
        except BadExpression as error:
            self.notes.under(text, error.at, error.message, error.hint)
            return ANY
        return self.inferred(text, inner, at, scope)

    def inferred(self, text: Scalar, inner: str, at: int, scope: Scope) -> Type:
        """The type of an expression that stands in a text at a column."""
        try:
            syntax = compile_expression(inner).syntax
        except BadExpression as error:
            self.notes.under(text, at + error.at, error.message, error.hint)
            return ANY
        return infer(syntax, scope, lambda where, said, hint: self.notes.under(text, at + where, said, hint))

    def expects(self, text: Scalar, scope: Scope, *categories: str) -> Type:
        """The type of an expression that must be of certain categories, such as truth or list."""
        before = len(self.notes.problems)
        found = self.expression(text, scope)
        if category(found) not in (*categories, "any") and len(self.notes.problems) == before:
            wanted = " or ".join("true or false" if c == "truth" else f"a {c}" for c in categories)
            self.notes.under(text, 0, f"This must be {wanted}; it is {noun(found)}.")
        return found

    def template(self, tree: Tree, scope: Scope) -> Type:
        """The type of a value in which `${}` may occur anywhere."""
        if isinstance(tree, Block):
            own = tuple((str(key), self.template(value, scope)) for key, value in tree.items())
            return Record("This block", None, own)
        if isinstance(tree, Sequence):
            return ListOf(joined([self.template(item, scope) for item in tree]) if tree else ANY)
        return self.text(tree, scope)

    def text(self, text: Scalar, scope: Scope) -> Type:
        """The type of a text: the expression's if it is wholly one, else text."""
        try:
            parts = holes(text)
        except BadExpression as error:
            self.notes.under(text, error.at, error.message, error.hint)
            return ANY
        types = [self.inferred(text, p.source, p.at, scope) for p in parts if isinstance(p, Hole)]
        if len(parts) == 1 and types:
            return types[0]
        for found in types:
            if category(found) in ("record", "list", "null", "duration"):
                self.notes.under(text, 0, f"{noun(found).capitalize()} cannot stand inside a text.")
        return TEXT

    def model(
        self, tree: Tree | None, model: type[BaseModel], scope: Scope, owner: str, place: Scalar
    ) -> None:
        """The fields for a model: those given exist and fit, those required are given."""
        if tree is not None and not isinstance(tree, Block):
            if isinstance(tree, Scalar):
                self.whole(tree, type_of(model), scope, owner)
            else:
                self.notes.wrong(tree.place, f"{owner} takes a block of fields.")
            return
        given: dict[str, Any] = tree if tree is not None else {}
        fields = model.model_fields
        for key, value in given.items():
            if key in fields:
                self.field(value, fields[key], scope, str(key))
                continue
            self.template(value, scope)
            if model.model_config.get("extra") != "allow":
                key_place = tree.key(key).place if isinstance(tree, Block) else place.place
                self.notes.wrong(key_place, f'{owner} has no field "{key}".', did_you_mean(key, fields))
        missing = [name for name, field in fields.items() if field.is_required() and name not in given]
        if missing:
            where = tree.place if isinstance(tree, Block) else place.place
            self.notes.wrong(where, f"{owner} needs {', '.join(missing)}.")

    def field(self, value: Tree, field: FieldInfo, scope: Scope, name: str) -> None:
        """One value for one field."""
        wanted = type_of(field.annotation)
        if isinstance(value, Scalar) and "${" not in value:
            self.literal(value, field.annotation, tuple(field.metadata), name)
        else:
            self.value(value, wanted, scope, name)

    def value(self, value: Tree, wanted: Type, scope: Scope, name: str) -> None:
        """A value that is not a constant for a type."""
        if isinstance(value, Scalar):
            self.whole(value, wanted, scope, name)
        elif isinstance(value, Block) and isinstance(wanted, Record) and wanted.model is not None:
            self.model(value, wanted.model, scope, wanted.title, value.key(next(iter(value))))
        elif isinstance(value, Sequence) and isinstance(wanted, ListOf):
            for item in value:
                self.value(item, wanted.item, scope, name)
        elif isinstance(value, Block) and isinstance(wanted, MapOf):
            for inner in value.values():
                self.value(inner, wanted.value, scope, name)
        else:
            found = self.template(value, scope)
            reason = misfit(found, wanted)
            if reason:
                self.notes.wrong(value.place, f'"{name}": {reason}')

    def whole(self, text: Scalar, wanted: Type, scope: Scope, name: str) -> None:
        """A text, with `${}` or without, for a type that is not a field's own."""
        if "${" not in text and isinstance(wanted, Choice) and text not in wanted.members:
            self.never(text, wanted, name)
            return
        reason = misfit(self.text(text, scope), wanted)
        if reason and not ("${" not in text and category(wanted) in ("number", "truth", "duration")):
            self.notes.under(text, 0, f'"{name}": {reason}')

    def literal(self, text: Scalar, annotation: Any, metadata: tuple[Any, ...], name: str) -> None:
        """A constant for a field: YAML gives text, and the field's own type says whether it can be read."""
        wanted = type_of(annotation)
        if isinstance(wanted, Choice) and text not in wanted.members:
            self.never(text, wanted, name)
            return
        if category(wanted) in ("record", "money", "list"):
            self.notes.wrong(
                text.place, f'"{name}": {noun(wanted)} is needed, not a text.', "Give a block or ${...}."
            )
            return
        try:
            adapter = _adapter(annotation, metadata)
            if adapter is not None:
                adapter.validate_python(str(text))
        except ValidationError as error:
            said = error.errors(include_input=False, include_url=False)[0]["msg"]
            self.notes.under(text, 0, f'"{name}" is {noun(wanted)}: {said[:1].lower()}{said[1:]}.')

    def never(self, text: Scalar, wanted: Choice, name: str) -> None:
        """A constant that a choice does not have."""
        hint = did_you_mean(text, wanted.members)
        hint = hint if hint.startswith("Did") else ""
        self.notes.under(text, 0, f'"{name}" is never "{text}", only {", ".join(wanted.members)}.', hint)


@lru_cache(maxsize=512)
def _cached_adapter(key: Any) -> TypeAdapter[Any]:
    return TypeAdapter(key)


def _adapter(annotation: Any, metadata: tuple[Any, ...]) -> TypeAdapter[Any] | None:
    """The field's own reader; None for a type that pydantic knows only with its model's settings."""
    whole: Any = Annotated[annotation, *metadata] if metadata else annotation
    try:
        return _cached_adapter(whole)
    except TypeError:
        return TypeAdapter(whole)  # its metadata cannot be a key
    except PydanticSchemaGenerationError:
        return None
