"""One exception, the one of the address.

It is a page of its own, as an order is: a link from a page to itself leaves the browser's address as it was.
"""

from dashboard import address, deciding, parts


def show() -> None:
    """The case of the address."""
    id = address.at("case")
    if id is None:
        parts.heading("Exception")
        parts.empty(
            "No exception is named.", "Choose one on the page Exceptions; its address then leads here."
        )
    else:
        deciding.show(id)


show()
