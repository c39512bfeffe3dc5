"""The page on which customers see their order move."""

from collections.abc import Callable
from datetime import datetime

from starlette.responses import Response

from hub.pages.rendering import page
from hub.pages.views import Brand, TrackingView
from hub.pages.wording import tell


def show_tracking(view: TrackingView | None, brand_of: Callable[[str], Brand], now: datetime) -> Response:
    """An order with the ladder of each of its parcels."""
    if view is None:
        return page("gone.html", 404)
    brand = brand_of(view.store)
    parcels = [{"view": parcel, "told": tell(parcel, brand, now)} for parcel in view.parcels]
    return page("tracking.html", brand=brand, order=view, parcels=parcels)
