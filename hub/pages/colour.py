"""A brand's colour, made readable: contrast by WCAG 2's formula, on light paper and on dark. Pure."""

LIGHT_PAPER = "#f4f3f0"
DARK_PAPER = "#1d2024"
"""The grounds that text in the brand's colour stands on; on lighter or darker ones it is read more easily still."""

READABLE = 4.6
"""WCAG asks for 4.5; colours are rounded to 256 steps."""


def contrast(one: str, other: str) -> float:
    """From 1, the same, to 21, black on white."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def on_light(colour: str) -> str:
    """The colour, darkened as little as it takes to be read on light paper."""
    return _readable(colour, "#000000", LIGHT_PAPER)


def on_dark(colour: str) -> str:
    """The colour, lightened as little as it takes to be read on dark paper."""
    return _readable(colour, "#ffffff", DARK_PAPER)


def _readable(colour: str, towards: str, paper: str) -> str:
    for step in range(101):
        mixed = _mix(colour, towards, step / 100)
        if contrast(mixed, paper) >= READABLE:
            return mixed
    return towards


def _mix(one: str, other: str, share: float) -> str:
    mixed = (round(a + (b - a) * share) for a, b in zip(_channels(one), _channels(other), strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (v / 255 for v in _channels(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
