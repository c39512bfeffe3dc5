"""Trim Shopify's full Admin schema to what the connector's documents reach.

    python -m connectors.shopify.schema.trim admin_2026-07.json.gz 2026-07

The first argument is the introspection file as it lies in the npm package @shopify/dev-mcp, under
`dist/data/`; the second is the version. Writes `<version>.graphql` beside this file.
"""

import gzip
import json
import sys
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_client_schema,
    get_named_type,
    parse,
    print_schema,
    visit,
)

from connectors.shopify.documents import DOCUMENTS

Composite = GraphQLObjectType | GraphQLInterfaceType
Used = dict[str, set[str]]

KEPT_DIRECTIVES = ("skip", "include", "deprecated", "oneOf", "idempotent")


class _Reached(Visitor):
    """Collects which fields of which types the documents name."""

    def __init__(self, info: TypeInfo, used: Used) -> None:
        super().__init__()
        self.info = info
        self.used = used

    def enter_field(self, node: Any, *_: Any) -> None:
        parent = self.info.get_parent_type()
        if parent is not None:
            self.used.setdefault(parent.name, set()).add(node.name.value)
        kind = get_named_type(self.info.get_type())
        if isinstance(kind, (GraphQLObjectType, GraphQLInterfaceType)):
            self.used.setdefault(kind.name, set())


def trim(schema: GraphQLSchema) -> str:
    """The reached part of a schema as SDL: every plain field of a reached type, and no descriptions."""
    used: Used = {}
    for operation in DOCUMENTS:
        info = TypeInfo(schema)
        visit(parse(operation.text), TypeInfoVisitor(info, _Reached(info, used)))
    roots = {t.name for t in (schema.query_type, schema.mutation_type) if t}
    for name, kind in schema.type_map.items():
        kind.description = None
        if isinstance(kind, (GraphQLObjectType, GraphQLInterfaceType)) and name in used:
            _keep_fields(kind, used, only_named=name in roots)
    _keep_types(schema, used)
    return print_schema(schema) + "\n"


def _keep_fields(kind: Composite, used: Used, *, only_named: bool) -> None:
    kept = {
        n: f
        for n, f in kind.fields.items()
        if n in used[kind.name] or (not only_named and _is_plain(f, used))
    }
    for field in kept.values():
        field.description = None
        for argument in field.args.values():
            argument.description = None
    kind.fields = kept
    kind.interfaces = tuple(i for i in kind.interfaces if i.name in used)


def _is_plain(field: GraphQLField, used: Used) -> bool:
    """Scalars and reached types that need no argument; what Shopify has deprecated is left out."""
    kind = get_named_type(field.type)
    known = isinstance(kind, (GraphQLScalarType, GraphQLEnumType)) or kind.name in used
    return known and not field.args and field.deprecation_reason is None


def _keep_types(schema: GraphQLSchema, used: Used) -> None:
    """Drop the types that no kept field or argument names any more."""
    kept: dict[str, GraphQLNamedType] = {}
    ahead = [schema.type_map[n] for n in used]
    while ahead:
        kind = ahead.pop()
        if kind.name in kept:
            continue
        kept[kind.name] = kind
        ahead.extend(_named_by(kind))
    for name in [n for n in schema.type_map if n not in kept]:
        del schema.type_map[name]
    schema.directives = tuple(d for d in schema.directives if d.name in KEPT_DIRECTIVES)
    for directive in schema.directives:
        directive.description = None
        for argument in directive.args.values():
            argument.description = None


def _named_by(kind: GraphQLNamedType) -> list[GraphQLNamedType]:
    if isinstance(kind, GraphQLInputObjectType):
        kind.fields = {n: f for n, f in kind.fields.items() if f.deprecation_reason is None}
        for given in kind.fields.values():
            given.description = None
        return [get_named_type(f.type) for f in kind.fields.values()]
    if isinstance(kind, GraphQLEnumType):
        for value in kind.values.values():
            value.description = None
    if isinstance(kind, (GraphQLScalarType, GraphQLEnumType, GraphQLUnionType)):
        return []
    assert isinstance(kind, (GraphQLObjectType, GraphQLInterfaceType))
    found = [get_named_type(f.type) for f in kind.fields.values()]
    return found + [get_named_type(a.type) for f in kind.fields.values() for a in f.args.values()]


def main(source: Path, version: str) -> None:
    """Trim one file."""
    raw = json.loads(gzip.decompress(source.read_bytes()))
    schema = build_client_schema(raw["data"], assume_valid=True)
    Path(__file__).with_name(f"{version}.graphql").write_text(trim(schema))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
