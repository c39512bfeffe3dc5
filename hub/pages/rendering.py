"""From views to pages: templates that escape everything, one stylesheet inside the page, and its hash in the policy."""

import base64
import hashlib
from functools import lru_cache
from importlib import resources
from typing import Any

import minijinja
from starlette.responses import HTMLResponse

from hub.pages.colour import on_dark, on_light
from hub.pages.views import Brand

_ROOM = resources.files("hub.pages") / "templates"
FUEL = 200_000
"""A page of an order with hundreds of lines takes a tenth."""

NEUTRAL = "#5c6470"
"""The colour of pages that must not say whose they are."""


def _load(name: str) -> str | None:
    place = _ROOM / name
    return place.read_text(encoding="utf-8") if place.is_file() else None


_TEMPLATES = minijinja.Environment(
    loader=_load,
    debug=False,
    fuel=FUEL,
    undefined_behavior="strict",
    auto_escape_callback=lambda _: True,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(template: str, status: int = 200, /, *, brand: Brand | None = None, **shown: Any) -> HTMLResponse:
    """A finished page. What is shown is data; only our own stylesheet goes in unescaped."""
    style = stylesheet(brand.colour if brand else NEUTRAL)
    html = _TEMPLATES.render_template(template, brand=brand, style=style, **shown)
    return HTMLResponse(html, status, headers={"content-security-policy": policy(style)})


@lru_cache(maxsize=256)
def stylesheet(colour: str) -> str:
    """The one stylesheet with a brand's colour in it, which is six hexadecimal digits by its type."""
    text = (_ROOM / "pages.css").read_text(encoding="utf-8")
    for name, value in (("brand", colour), ("light", on_light(colour)), ("dark", on_dark(colour))):
        text = text.replace(f"/*{name}*/#000", value)
    return text


@lru_cache(maxsize=256)
def policy(style: str) -> str:
    """The content security policy: this stylesheet, our own images, our own forms, and nothing else at all."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src 'self' data:; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
