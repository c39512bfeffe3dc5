"""The page at the door, without a script: a name and a password, or a key, or the way to the organisation's sign-in."""

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from starlette.responses import HTMLResponse

from dashboard.markup import Markup, join, tag

HERE = Path(__file__).parent
STYLE = (HERE / "door.css").read_text(encoding="utf-8")
MARK = base64.b64encode((HERE.parent / "mark.svg").read_bytes()).decode()
PLACE, LEAVE = "/sign-in", "/sign-out"
ELSEWHERE = f"{PLACE}/organisation"
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    # A form that is sent tells its own origin, by which it is known; with `no-referrer` it would not.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page asks, and why. `to` is where somebody wanted to go; with `by_key` a key is asked for."""

    to: str = "/"
    by_key: bool = False
    has_provider: bool = False
    name: str = ""
    said: str = ""
    is_wrong: bool = False


def shown(asked: Asked, status: int = 200) -> HTMLResponse:
    """The page."""
    said = (
        tag("p", asked.said, class_="wrong" if asked.is_wrong else "said", role="alert")
        if asked.said
        else None
    )
    other = "Use a name and a password instead" if asked.by_key else "Use an API key instead"
    to = {"to": asked.to} | ({} if asked.by_key else {"way": "key"})
    elsewhere = f"{ELSEWHERE}?{urlencode({'to': asked.to})}"
    main = tag(
        "main",
        _mark(),
        tag("h1", "Sign in"),
        said,
        tag("a", "Sign in with your organisation", href=elsewhere, class_="button") if asked.has_provider else None,
        _form(asked),
        tag("p", _help(asked), class_="quiet"),
        tag("p", tag("a", other, href=f"{PLACE}?{urlencode(to)}")),
    )  # fmt: skip
    head = join(
        tag("title", "Sign in · Faros"),
        Markup('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        tag("style", Markup(STYLE)),
    )
    whole = tag("html", tag("head", head), tag("body", main), lang="en")
    return HTMLResponse(f"<!doctype html>{whole}", status, HEADERS)


def _mark() -> Markup:
    return Markup(f'<img src="data:image/svg+xml;base64,{MARK}" alt="Faros" height="28">')


def _form(asked: Asked) -> Markup:
    if asked.by_key:
        fields = _field("API key", "key", "password", "off")
    else:
        fields = join(
            _field("Name", "name", "text", "username", asked.name),
            _field("Password", "password", "password", "current-password"),
        )
    to = Markup(f'<input type="hidden" name="to" value="{_quoted(asked.to)}">')
    return tag(
        "form", to, fields, tag("button", "Sign in", class_="button main"), method="post", action=PLACE
    )


def _field(label: str, name: str, kind: str, complete: str, value: str = "") -> Markup:
    field = Markup(
        f'<input id="{name}" name="{name}" type="{kind}" autocomplete="{complete}" '
        f'value="{_quoted(value)}" maxlength="1000" required>'
    )
    return join(tag("label", label, for_=name), field)


def _quoted(value: str) -> Markup:
    return join(value)


def _help(asked: Asked) -> Markup:
    if asked.by_key:
        return join(tag("code", "faros key create"), " makes keys; the first one lies where ", tag("code", "faros up"),
                    " said.")  # fmt: skip
    return join(tag("code", "faros user add NAME"), " makes somebody known to the hub.")
