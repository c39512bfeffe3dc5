"""The API for machines: webhooks in, runs, cases, orders, flows and connections out. FastAPI lives here."""

from hub.api.app import create_app

__all__ = ["create_app"]
