"""Each store's brand as its pages wear it, from the `brand` of hub.yaml."""

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from hub.engine.world import StoreConfig, World
from hub.pages.views import Brand


def brands_of(world: Callable[[], World]) -> Callable[[str], Brand]:
    """The brand of a store by its id, as the configuration now in force has it."""
    return lambda store: brand_of(world().stores[store])


def brand_of(store: StoreConfig) -> Brand:
    """A brand with all that a page can use of it. What it cannot, such as a logo elsewhere, which would tell a stranger
    who opens the page, is left out: the page stays readable."""
    given = store.settings.get("brand") or {}
    name = str(given.get("name") or store.settings.get("name") or store.id)[:60]
    wanted = {
        "logo": given.get("logo"),
        "colour": given.get("colour"),
        "zone": store.zone,
        "email": given.get("support_email"),
    }
    return Brand(name=name, **{field: value for field, value in wanted.items() if _fits(field, value)})


def _fits(field: str, value: Any) -> bool:
    if not value:
        return False
    try:
        Brand(name="x", **{field: value})
    except ValidationError:
        return False
    return True
