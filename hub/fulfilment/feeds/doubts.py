"""What of a stock list needs a person before it is applied: prices that jump, and lists that have shrunk. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from hub.fulfilment.feeds.facts import Article

JUMP = Decimal("0.30")
"""A price that moves further than this, up or down, is looked at by a person first."""
SHRINKAGE = Decimal("0.30")
"""A full list that misses more of the known articles than this may be half an upload."""


@dataclass(frozen=True, slots=True)
class KnownCost:
    """What an article cost until now."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Held:
    """An article that is not applied until a person says so, and why."""

    article: Article
    reason: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What may be applied at once, what waits for a person, and the articles that a full list no longer has.

    `shrinkage` says why the missing ones are not believed to be gone; empty: they are not in stock.
    """

    clear: tuple[Article, ...]
    held: tuple[Held, ...]
    missing: tuple[str, ...] = ()
    shrinkage: str = ""


def judge(articles: Collection[Article], known: Mapping[str, KnownCost | None], *, is_full: bool) -> Judged:
    """Compare a list with what was known, by the supplier's number of each article."""
    clear: list[Article] = []
    held: list[Held] = []
    for article in articles:
        reason = _jump(article, known.get(supplier_number(article)))
        if reason:
            held.append(Held(article, reason))
        else:
            clear.append(article)
    if not is_full:
        return Judged(tuple(clear), tuple(held))
    listed = {supplier_number(article) for article in articles}
    missing = tuple(sorted(number for number in known if number not in listed))
    too_many = len(missing) > SHRINKAGE * len(known)
    shrinkage = f"{len(missing)} of {len(known)} known articles are not in the list." if too_many else ""
    return Judged(tuple(clear), tuple(held), missing, shrinkage)


def supplier_number(article: Article) -> str:
    """The number by which the supplier knows the article."""
    return article.supplier_sku or article.sku or article.gtin


def _jump(article: Article, before: KnownCost | None) -> str:
    if article.cost is None or before is None:
        return ""
    if article.currency and before.currency and article.currency != before.currency:
        return f"Its price was in {before.currency} and is now in {article.currency}."
    if before.amount <= 0 or abs(article.cost - before.amount) <= JUMP * before.amount:
        return ""
    percent = (article.cost / before.amount - 1) * 100
    return f"Its price went from {before.amount} to {article.cost} ({percent:+.0f} %)."
