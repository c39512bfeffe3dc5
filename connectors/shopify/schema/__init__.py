"""Shopify's official Admin schema, trimmed to what this connector reaches; see the README beside it."""

from importlib.resources import files

VERSIONS = ("2026-07", "2026-10")
"""The versions kept here, oldest first."""


def read_schema(version: str) -> str:
    """The trimmed schema of one version, as SDL."""
    return files(__name__).joinpath(f"{version}.graphql").read_text()
