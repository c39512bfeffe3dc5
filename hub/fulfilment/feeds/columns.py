"""What the columns of a file mean, and of which kind the file is: by their names, their contents and each other."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from hub.fulfilment.feeds.contents import guess, has_words, share
from hub.fulfilment.feeds.meanings import MEANINGS, Named, named
from hub.fulfilment.feeds.profile import Column, Kind
from hub.sdk.commerce import Record

IDS = ("sku", "supplier_sku", "gtin")
"""By any of these an article is known."""
_ASKED = (
    "carrier", "cost", "currency", "gtin", "order_reference", "price", "quantity", "ship_date", "sku", "status",
    "stock", "supplier_reference", "supplier_sku", "tracking_number",
)  # fmt: skip
"""Two columns of one of these meanings are a question; of others the first is as good."""


class Question(Record):
    """What only a person can say. `about` names the part of the profile that the answer goes into."""

    about: str
    text: str


@dataclass
class _Draft:
    """The columns while they are being understood."""

    names: Sequence[str]
    cells: Sequence[Sequence[str]]
    meanings: list[str | None]
    close: list[str]
    questions: list[Question] = field(default_factory=list)

    def at(self, meaning: str) -> list[int]:
        return [place for place, found in enumerate(self.meanings) if found == meaning]

    def has(self, *meanings: str) -> bool:
        return any(meaning in self.meanings for meaning in meanings)

    def rename(self, old: str, new: str | None) -> None:
        for place in self.at(old):
            self.meanings[place] = new

    def ask(self, about: str, text: str) -> None:
        self.questions.append(Question(about=about, text=text))


def understand(
    names: Sequence[str] | None, cells: Sequence[Sequence[str]]
) -> tuple[tuple[Column, ...], Kind | None, list[Question]]:
    """The columns with their meanings, the kind of file, and what is not certain. `cells` are the columns' contents."""
    if names is None:
        draft = _Draft(
            [f"column {at}" for at in range(1, len(cells) + 1)], cells, guess(cells), [""] * len(cells)
        )
        draft.ask("columns", "The file has no header. Do the columns mean what their contents look like?")
    else:
        draft = _by_name(names, cells)
        if not draft.has(*_ASKED, "any_order", "any_reference", "availability"):
            draft.meanings = guess(cells)
            draft.ask(
                "columns",
                "The names of the columns are not known here. Do they mean what their contents look like?",
            )
    _tell_codes_from_titles(draft)
    _tell_counts_from_answers(draft)
    _settle_orders(draft)
    _settle_references(draft)
    kind = _kind(draft)
    _suit(draft, kind)
    _ask_about_doubles(draft)
    if kind is None:
        draft.ask("kind", "What is this file: stock, acknowledgements, tracking, orders or invoices?")
    columns = tuple(
        Column.model_validate({"name": name, "meaning": meaning if meaning in MEANINGS else None})
        for name, meaning in zip(draft.names, draft.meanings, strict=True)
    )
    return columns, kind, draft.questions


def _by_name(names: Sequence[str], cells: Sequence[Sequence[str]]) -> _Draft:
    found = [named(name) for name in names]
    meanings = [_choose(each, column) if each else None for each, column in zip(found, cells, strict=True)]
    draft = _Draft(names, cells, meanings, [each.close if each else "" for each in found])
    for name, each in zip(names, found, strict=True):
        if each and each.close == "like":
            draft.ask("columns", f"Is {name!r} the {each.meanings[0].replace('_', ' ')}?")
    for name, count in Counter(name.strip().casefold() for name in names if name.strip()).items():
        if count > 1:
            draft.ask("columns", f"{count} columns are called {name!r}. Which of them counts?")
    return draft


def _choose(found: Named, cells: Sequence[str]) -> str:
    """Of several meanings of one name the one that the contents speak for."""
    if "title" in found.meanings and "sku" in found.meanings:
        return "title" if share(cells, has_words) >= 0.5 else "sku"
    return found.meanings[0]


def _tell_codes_from_titles(draft: _Draft) -> None:
    """`Article` and `Name` can be the number or the text; phrases are no numbers, and `#1001` is an order's name."""
    codes = draft.at("sku")
    for place in codes:
        if share(draft.cells[place], has_words) >= 0.5 and (len(codes) > 1 or not draft.has("title")):
            draft.meanings[place] = "title"
    titles = draft.at("title")
    for place in titles:
        if len(titles) > 1 and share(draft.cells[place], lambda cell: cell.startswith("#")) >= 0.5:
            draft.meanings[place] = "any_order"


def _tell_counts_from_answers(draft: _Draft) -> None:
    """`Confirmed` may be a word or how many; then it counts, and not what was ordered."""
    for place in draft.at("status"):
        if share(draft.cells[place], str.isdecimal) >= 0.6 and any(cell > "1" for cell in draft.cells[place]):
            for other in draft.at("quantity"):
                draft.close[other] = "part"
            draft.meanings[place] = "quantity"


def _is_stock_list(draft: _Draft) -> bool:
    """Figures of articles, and nothing that only orders have."""
    figures = draft.has("stock", "availability", "price", "cost")
    return figures and not draft.has("tracking_number", "ship_date", "order_reference", "reason")


def _settle_orders(draft: _Draft) -> None:
    """`Order number`: ours, unless ours is named otherwise; in a list of articles the number to order them by."""
    for place in draft.at("any_order"):
        if not draft.has("order_reference") and not (_is_stock_list(draft) and not draft.has(*IDS)):
            draft.meanings[place] = "order_reference"
        elif _is_stock_list(draft) and not draft.has(*IDS):
            draft.meanings[place] = "sku"
        elif not draft.has("supplier_reference"):
            draft.meanings[place] = "supplier_reference"
            name = draft.names[place]
            draft.ask("columns", f"Is {name!r} the supplier's own number of the order?")


def _settle_references(draft: _Draft) -> None:
    """`Reference`, `Code`, `No.`: the order where parcels or answers want one, else the article."""
    for place in draft.at("any_reference"):
        is_order = draft.has("tracking_number", "status", "ship_date", "supplier_reference")
        if is_order and not _is_stock_list(draft) and not draft.has("order_reference"):
            draft.meanings[place] = "order_reference"
        elif not draft.has(*IDS):
            draft.meanings[place] = "sku"
        else:
            continue
        draft.ask(
            "columns", f"Is {draft.names[place]!r} the {(draft.meanings[place] or '').replace('_', ' ')}?"
        )
    if not draft.has(*IDS) and draft.has("mpn") and draft.has("stock", "price", "cost", "quantity"):
        name = draft.names[draft.at("mpn")[0]]
        draft.rename("mpn", "sku")
        draft.ask("columns", f"Is {name!r} the number that you know the article by?")


def _kind(draft: _Draft) -> Kind | None:
    is_about_order = draft.has("order_reference", "supplier_reference")
    if is_about_order and draft.has("tracking_number"):
        return "tracking"
    if is_about_order and draft.has("ship_address1", "ship_postcode") and draft.has("quantity", "sku"):
        return "orders"
    if is_about_order and (
        draft.has("status", "reason") or (draft.has("order_reference", "supplier_reference"))
    ):
        if draft.has("status", "availability") or len(draft.at("supplier_reference")) == 1:
            return "acknowledgements"
        return "orders" if draft.has("quantity") else None
    if draft.has(*IDS) and draft.has("stock", "availability", "quantity", "price", "cost"):
        return "stock"
    return None


def _suit(draft: _Draft, kind: Kind | None) -> None:
    """What general words mean in a file of this kind."""
    if kind == "stock":
        for word in ("quantity", "availability", "status"):
            if not draft.has("stock"):
                draft.rename(word, "stock")
    if not draft.has("title"):
        draft.rename("description", "title")
    if kind == "tracking" and not draft.has("ship_date"):
        draft.rename("any_date", "ship_date")
    if kind == "acknowledgements" and not draft.has("status"):
        draft.rename("availability", "status")
    if kind in ("tracking", "acknowledgements", "orders") and not draft.has("quantity"):
        draft.rename("stock", "quantity")


def _ask_about_doubles(draft: _Draft) -> None:
    """Places that each have their stock are added up; of other doubles the first counts until somebody says better."""
    for meaning in _ASKED:
        places = draft.at(meaning)
        if len(places) < 2:
            continue
        exact = [place for place in places if draft.close[place] == "exact"]
        names = ", ".join(repr(draft.names[place]) for place in places)
        if meaning == "stock" and not exact:
            draft.ask("columns", f"Are {names} stock at several places, to be added up?")
            continue
        best = min(exact or places, key=lambda place: (not any(draft.cells[place]), place))
        for place in places:
            draft.meanings[place] = meaning if place == best else None
        draft.ask(
            "columns", f"{names} may each be the {meaning.replace('_', ' ')}. Is it {draft.names[best]!r}?"
        )
