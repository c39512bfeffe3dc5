"""Runs documents against the trimmed official schema, as Shopify would: check, price, execute, explain."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    IntValueNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_schema,
    execute_sync,
    get_directive_values,
    get_named_type,
    is_leaf_type,
    parse,
    validate,
    visit,
)

from connectors.shopify.schema import read_schema

Node = dict[str, Any]

MAX_COST = 1000

IDEMPOTENT = "idempotent"
"""The directive whose key makes a repeated mutation answer what it answered before."""


@dataclass(frozen=True)
class Checked:
    """A document that was parsed and checked once: its mistakes, or what it asks for in points."""

    document: DocumentNode | None
    errors: tuple[Node, ...]
    cost: int


@lru_cache
def load_schema(version: str) -> GraphQLSchema:
    """The schema of one version. Enums stay open: a newer Shopify may say words that this schema lacks."""
    schema = build_schema(read_schema(version), assume_valid=True)
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLEnumType) and not kind.name.startswith("__"):
            kind.coerce_output_value = str  # type: ignore[assignment]  # str(value) is all that is wanted
    return schema


@lru_cache(maxsize=256)
def check(version: str, text: str) -> Checked:
    """Parse and check a document against a version, and price it."""
    schema = load_schema(version)
    try:
        document = parse(text)
    except GraphQLError as error:
        return Checked(None, ({"message": error.message, "extensions": {"code": "parseError"}},), 0)
    errors = tuple(_validation_error(e) for e in validate(schema, document))
    if errors:
        return Checked(None, errors, 0)
    return Checked(document, (), price(schema, document))


def price(schema: GraphQLSchema, document: DocumentNode) -> int:
    """Points asked for: 10 for a mutation, 1 for an object, a page's size times its node. Never less than
    Shopify's."""
    visitor = _Price(TypeInfo(schema))
    visit(document, TypeInfoVisitor(visitor.info, visitor))
    return visitor.total


class _Price(Visitor):
    """Adds one for every object field, times the sizes of the pages around it."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self.info = info
        self.total = 0
        self.pages: list[int] = [1]

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        kind = self.info.get_type()
        size = self.pages[-1]
        if kind is not None and not is_leaf_type(get_named_type(kind)):
            self.total += self._own(node, size)
            size *= next((n for a in node.arguments or () if (n := _page_size(a))), 1)
        self.pages.append(size)

    def leave_field(self, node: FieldNode, *_: Any) -> None:
        self.pages.pop()

    def _own(self, node: FieldNode, size: int) -> int:
        parent = self.info.get_parent_type()
        if parent is not None and parent.name == "Mutation":
            return 10
        return 0 if node.name.value == "pageInfo" else size


def _page_size(argument: ArgumentNode) -> int:
    if argument.name.value in ("first", "last") and isinstance(argument.value, IntValueNode):
        return int(argument.value.value)
    return 0


def execute(
    version: str, document: DocumentNode, root: Node, request: Mapping[str, Any], withheld: set[str]
) -> Node:
    """Run a checked document over a tree of dictionaries and functions; data and errors, as Shopify's JSON
    has them."""
    result = execute_sync(
        load_schema(version),
        document,
        root_value=root,
        variable_values=dict(request.get("variables") or {}),
        operation_name=request.get("operationName"),
        field_resolver=_resolver(withheld),
    )
    body: Node = {}
    if result.data is not None:
        body["data"] = result.data
    if result.errors:
        body["errors"] = [_execution_error(e) for e in result.errors]
    return body


def count_objects(data: Any) -> int:
    """What an answer really cost: one point for each object in it."""
    if isinstance(data, dict):
        return 1 + sum(count_objects(v) for v in data.values())
    return sum(count_objects(v) for v in data) if isinstance(data, list) else 0


def _resolver(withheld: set[str]) -> Callable[..., Any]:
    def resolve(source: Node, info: "GraphQLResolveInfo[Any]", **arguments: Any) -> Any:
        place = f"{info.parent_type.name}.{info.field_name}"
        if place in withheld:
            message = f"This app is not approved to access the {place} field."
            raise GraphQLError(message, extensions={"code": "ACCESS_DENIED"})
        if info.field_name not in source:
            raise LookupError(f"The sandbox has no {place}.")
        value = source[info.field_name]
        return value(arguments | _idempotency(info)) if callable(value) else value

    return resolve


def _idempotency(info: "GraphQLResolveInfo[Any]") -> Node:
    """The key of `@idempotent`, as an argument of that name; the schema cannot say which mutations need one."""
    directive = info.schema.get_directive(IDEMPOTENT)
    assert directive is not None
    given = get_directive_values(directive, info.field_nodes[0], info.variable_values)
    return {IDEMPOTENT: given["key"]} if given else {}


def _validation_error(error: GraphQLError) -> Node:
    code = "undefinedField" if error.message.startswith("Cannot query field") else "invalidDocument"
    where = [{"line": x.line, "column": x.column} for x in error.locations or []]
    return {"message": error.message, "locations": where, "extensions": {"code": code}}


def _execution_error(error: GraphQLError) -> Node:
    if error.path is None:
        return {"message": error.message, "extensions": {"code": "INVALID_VARIABLE"}}
    code = (error.extensions or {}).get("code", "INTERNAL_SERVER_ERROR")
    return {"message": error.message, "path": list(error.path), "extensions": {"code": code}}
