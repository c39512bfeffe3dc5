"""A flow as a picture: where each step stands, and its boxes and ways. Pure; no program beside Python draws it."""

from dashboard.drawing.picture import Light, draw

__all__ = ["Light", "draw"]
