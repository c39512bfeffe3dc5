"""Whom the pages ask: everything that needs a database lies behind this narrow desk."""

from typing import Protocol

from hub.pages.views import (
    AddressForm,
    AddressView,
    Choice,
    ChoiceView,
    Done,
    SupplierAnswer,
    SupplierView,
    TrackingView,
)


class Desk(Protocol):
    """Looks tokens up by their hash. None is the one answer for every token that opens nothing: unknown, expired, made
    up, or another purpose's. Reading changes nothing; an answer and the use of its link are one commit, so that of two
    that arrive together one is taken and the other is told that it was done before."""

    async def tracking(self, token: str) -> TrackingView | None:
        """An order and its parcels."""

    async def address(self, token: str) -> AddressView | Done | None:
        """An address in question."""

    async def correct_address(self, token: str, form: AddressForm) -> Done | None:
        """The customer's correction."""

    async def choice(self, token: str) -> ChoiceView | Done | None:
        """A choice to make."""

    async def choose(self, token: str, choice: Choice) -> Done | None:
        """The customer's choice, one of those that were offered."""

    async def supplier(self, token: str) -> SupplierView | Done | None:
        """A purchase order to answer."""

    async def supplier_says(self, token: str, answer: SupplierAnswer) -> Done | None:
        """The supplier's answer."""
