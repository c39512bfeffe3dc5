"""Doubles of remote services, and the standard tests that hold a connector to its word."""

from hub.sdk.testing.sandbox import Fault, Sandbox, SandboxTransport, route

__all__ = ["Fault", "Sandbox", "SandboxTransport", "route"]
