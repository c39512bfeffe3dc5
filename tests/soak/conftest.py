"""The brand of the acceptance tests, for what takes minutes: `make soak` runs it, `make test` does not."""

from tests.acceptance.conftest import brand, terms

__all__ = ["brand", "terms"]
