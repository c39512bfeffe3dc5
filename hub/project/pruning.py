"""hub.yaml without a routing rule, as a diff: what somebody would remove by hand."""

import difflib

from hub.flow.reader import Block, Place, Sequence, read


def without(text: str, path: str, store: str, rules: set[str]) -> str:
    """The diff that removes these rules; empty if none stands on lines of its own, or if no rule would be left."""
    blocks = _rules(text, path, store)
    gone = [block for block in blocks if str(block.get("id")) in rules]
    if not gone or len(gone) == len(blocks):
        return ""
    lines = text.splitlines(keepends=True)
    if any(not lines[block.place.line - 1].lstrip().startswith("- ") for block in gone):
        return ""
    drop = {number for block in gone for number in _extent(lines, block.place)}
    kept = [line for number, line in enumerate(lines) if number not in drop]
    return "".join(difflib.unified_diff(lines, kept, path, path, n=1))


def _rules(text: str, path: str, store: str) -> list[Block]:
    """The store's own rules, or those of all stores."""
    tree = read(text, path)
    top = tree if isinstance(tree, Block) else Block(Place(path, 1, 1))
    stores = top.get("stores")
    own = stores.get(store) if isinstance(stores, Block) else None
    listed = own.get("rules") if isinstance(own, Block) and "rules" in own else top.get("rules")
    return [block for block in listed if isinstance(block, Block)] if isinstance(listed, Sequence) else []


def _extent(lines: list[str], place: Place) -> range:
    """The lines of a list's item: from its dash to the next line that stands no deeper than the dash."""
    first = place.line - 1
    indent = _indent(lines[first])
    last = first + 1
    while last < len(lines) and lines[last].strip() and _indent(lines[last]) > indent:
        last += 1
    return range(first, last)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
