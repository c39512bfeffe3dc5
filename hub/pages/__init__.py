"""Pages for customers and suppliers: tracking, an address to correct, a choice to make, a purchase to answer."""

from hub.pages.app import create_pages

__all__ = ["create_pages"]
