"""The pages with a form: an address to correct, a choice to make, a purchase order to answer."""

from collections.abc import Callable
from typing import Literal

from fastapi import Request
from starlette.responses import Response

from hub.pages.desk import Desk
from hub.pages.forms import Filled, fill_address, fill_answer, fill_choice, read_form
from hub.pages.rendering import page
from hub.pages.views import AddressForm, AddressView, Brand, ChoiceView, Done, SupplierView

INVALID = 422
Wish = Literal["", "similar", "refund"]
"""Which way out of a missing article a link was about."""


class Answering:
    """Shows forms and takes answers. A form is read before anything is looked up, and looked up before it is judged."""

    def __init__(self, desk: Desk, brand_of: Callable[[str], Brand]) -> None:
        self._desk = desk
        self._brand_of = brand_of

    async def show_address(self, token: str) -> Response:
        """The address in question, to be corrected."""
        view = await self._desk.address(token)
        if not isinstance(view, AddressView):
            return self._closed(view)
        return self._address(view, Filled[AddressForm](view.address.model_dump()))

    async def take_address(self, token: str, request: Request) -> Response:
        """The correction, or the form again with its mistakes."""
        fields = await read_form(request)
        view = await self._desk.address(token)
        if not isinstance(view, AddressView):
            return self._closed(view)
        filled = fill_address(fields, view)
        if filled.meaning is None:
            return self._address(view, filled, INVALID)
        return self._closed(await self._desk.correct_address(token, filled.meaning))

    async def show_choice(self, token: str, wish: Wish = "") -> Response:
        """A similar article, or the money back; what its link was about is chosen already, and not yet confirmed."""
        view = await self._desk.choice(token)
        if not isinstance(view, ChoiceView):
            return self._closed(view)
        return self._choice(view, {}, wish)

    async def take_choice(self, token: str, request: Request, wish: Wish = "") -> Response:
        """The choice, or the form again."""
        fields = await read_form(request)
        view = await self._desk.choice(token)
        if not isinstance(view, ChoiceView):
            return self._closed(view)
        filled = fill_choice(fields, view)
        if filled.meaning is None:
            return self._choice(view, filled.mistakes, wish, INVALID)
        return self._closed(await self._desk.choose(token, filled.meaning))

    async def show_purchase(self, token: str) -> Response:
        """A purchase order, to be accepted, refused or shipped."""
        view = await self._desk.supplier(token)
        if not isinstance(view, SupplierView):
            return self._closed(view)
        typed = dict.fromkeys(("answer", "tracking_number", "carrier", "sure"), "")
        return self._purchase(view, typed, {})

    async def take_purchase(self, token: str, request: Request) -> Response:
        """The supplier's answer, or the form again with its mistakes."""
        fields = await read_form(request)
        view = await self._desk.supplier(token)
        if not isinstance(view, SupplierView):
            return self._closed(view)
        filled = fill_answer(fields)
        if filled.meaning is None:
            return self._purchase(view, filled.typed, filled.mistakes, INVALID)
        return self._closed(await self._desk.supplier_says(token, filled.meaning))

    def _closed(self, done: Done | None) -> Response:
        """Thanks, or a friendly word that it was done before; and one page for everything else."""
        if done is None:
            return page("gone.html", 404)
        return page("done.html", brand=self._brand_of(done.store), done=done)

    def _address(self, view: AddressView, filled: Filled[AddressForm], status: int = 200) -> Response:
        brand = self._brand_of(view.store)
        return page(
            "address.html", status, brand=brand, view=view, typed=filled.typed, mistakes=filled.mistakes
        )

    def _choice(self, view: ChoiceView, mistakes: object, wish: Wish, status: int = 200) -> Response:
        brand = self._brand_of(view.store)
        return page("choice.html", status, brand=brand, view=view, mistakes=mistakes, wish=wish)

    def _purchase(self, view: SupplierView, typed: object, mistakes: object, status: int = 200) -> Response:
        brand = self._brand_of(view.store)
        return page("supplier.html", status, brand=brand, view=view, typed=typed, mistakes=mistakes)
