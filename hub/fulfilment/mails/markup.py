"""HTML as a page: what is seen of it, which cells lie side by side, and where its links lead. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import accumulate

from hub.fulfilment.mails.page import LINES, SIGNS, WIDTH, Line, Page, clean

_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_UNSEEN = frozenset(["script", "style", "head", "title", "template", "noscript", "object", "svg", "select"])
_WITHIN_LINES = """
a abbr b bdi bdo big cite code em font i img ins kbd label mark q s samp small span strike strong
sub sup time tt u var
"""
_INLINE = frozenset(_WITHIN_LINES.split())
_DEEPEST = 120
_MOST = 60_000
_LONGEST = 1_000_000
"""Signs of markup that are read; more is pictures written as text, or an attack."""
_HIDDEN = re.compile(
    r"display:none|visibility:hidden|mso-hide:all|font-size:0(?![.\d])|max-height:0(?![.\d])|opacity:0(?![.\d])"
)


@dataclass(slots=True)
class Element:
    """A tag with what is in it."""

    tag: str
    attributes: dict[str, str]
    children: "list[Element | str]" = field(default_factory=list)

    def walk(self) -> "Iterator[Element]":
        """This element and every one within it, in the order of the text."""
        stack = [self]
        while stack:
            one = stack.pop()
            yield one
            stack.extend(child for child in reversed(one.children) if isinstance(child, Element))

    def words(self) -> str:
        """All of its text, however deep."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child._texts()
                yield " "


class _Grower(HTMLParser):
    """Grows a tree that is never deeper than what the readers of it can follow."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("body", {})
        self._open = [self.root]
        self._count = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._count += 1
        if self._count > _MOST:
            return
        self._close_siblings(tag)
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in _VOID and len(self._open) < _DEEPEST:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self._open) - 1, max(0, len(self._open) - 40), -1):
            if self._open[place].tag == tag:
                del self._open[place:]
                return
            if self._open[place].tag == "table" and tag != "table":
                return

    def handle_data(self, data: str) -> None:
        if self._count <= _MOST:
            self._open[-1].children.append(data)

    def _close_siblings(self, tag: str) -> None:
        """Cells, rows, items and paragraphs end where the next begins, said or not."""
        ends = {"td": ("td", "th"), "th": ("td", "th"), "tr": ("td", "th", "tr"), "li": ("li",), "p": ("p",)}
        while len(self._open) > 1 and self._open[-1].tag in ends.get(tag, ()):
            self._open.pop()


def parse(html: str) -> Element:
    """The tree of an HTML text, however broken."""
    grower = _Grower()
    grower.feed(html[:_LONGEST])
    grower.close()
    return grower.root


def from_html(root: Element) -> Page:
    """What is seen of a tree, line by line."""
    return tuple(_Layout().of(root))


class _Layout:
    """Writes lines: a block begins a new one, cells of an innermost table lie side by side."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._text: list[str] = []
        self._links: list[str] = []
        self._row = 0
        self._tables = 0
        self._cell: tuple[int, int, int] | None = None

    def of(self, root: Element) -> list[Line]:
        self._children(root)
        self._break()
        read = accumulate(len(line.text) for line in self.lines)
        within = sum(signs <= SIGNS for signs in read)
        return self.lines[: min(LINES, within)]

    def _children(self, element: Element) -> None:
        for child in element.children:
            if isinstance(child, str):
                self._text.append(re.sub(r"\s+", " ", child) if element.tag != "pre" else child)
            elif not _is_unseen(child):
                self._element(child)

    def _element(self, element: Element) -> None:
        if element.tag == "br":
            self._break()
        elif element.tag == "table" and _is_grid(element) and self._cell is None:
            self._grid(element)
        elif element.tag in _INLINE:
            self._inline(element)
        else:
            self._break()
            self._children(element)
            self._break()

    def _inline(self, element: Element) -> None:
        if element.tag == "img":
            self._text.append(f" {element.attributes.get('alt', '')[:200]} ")
        if element.tag == "a" and (address := element.attributes.get("href")):
            self._links.append(address[:WIDTH])
        self._children(element)

    def _grid(self, table: Element) -> None:
        self._break()
        self._tables += 1
        for row in (one for one in table.walk() if one.tag == "tr" and not _is_unseen(one)):
            self._row += 1
            column = 0
            for cell in _cells(row):
                self._cell = (self._row, column, self._tables)
                self._children(cell)
                self._break()
                column += _span(cell)
            self._cell = None

    def _break(self) -> None:
        written = "".join(self._text)
        links, self._text, self._links = tuple(self._links), [], []
        for piece in clean(written).split("\n"):
            text = " ".join(piece.split())[:WIDTH]
            if text or links:
                row, column, table = self._cell or (self._next_row(), 0, 0)
                self.lines.append(Line(text, row, column, table, links))
                links = ()

    def _next_row(self) -> int:
        self._row += 1
        return self._row


def _is_grid(table: Element) -> bool:
    """Whether it is an innermost table with cells side by side, not one that only holds others in place."""
    within = table.walk()
    next(within)
    if any(one.tag == "table" for one in within):
        return False
    return any(len(_cells(one)) > 1 for one in table.walk() if one.tag == "tr")


def _cells(row: Element) -> list[Element]:
    return [
        one
        for one in row.children
        if isinstance(one, Element) and one.tag in ("td", "th") and not _is_unseen(one)
    ]


def _is_unseen(element: Element) -> bool:
    if element.tag in _UNSEEN or "hidden" in element.attributes:
        return True
    style = element.attributes.get("style", "")
    return bool(style) and _HIDDEN.search(re.sub(r"\s", "", style.lower())[:1000]) is not None


def _span(cell: Element) -> int:
    span = cell.attributes.get("colspan", "1").strip()
    return min(int(span), 50) if span.isdecimal() and span.isascii() and int(span) else 1
