"""Putting something else in the place of a name of the product, in a process that the tests own."""

from typing import Any


def swap(owner: Any, name: str, value: Any) -> Any:
    """Replace `owner.name`; gives what was there. The name must exist, so that a renamed guard is noticed."""
    real = getattr(owner, name)
    setattr(owner, name, value)
    return real
