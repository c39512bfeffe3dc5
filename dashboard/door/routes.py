"""What the door answers: who comes in gets a handle in a cookie, and who leaves is known nowhere any more."""

import base64
import contextlib
import hashlib
import secrets
from dataclasses import replace
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard.ask import people
from dashboard.client import Away, Client, Declined, SignedOut, the_hub
from dashboard.door.page import ELSEWHERE, LEAVE, PLACE, Asked, shown
from dashboard.door.visits import COOKIE, LASTS, visits

BEGAN = "faros_began"
"""Holds what only the browser that went to the organisation's sign-in can show, and where it wanted to go."""
AWAY_FOR = 600
"""Seconds that people have there."""
LARGEST = 16_384
"""Bytes of a form."""
DECLINED = {
    "unreachable": "Your organisation's sign-in does not answer. Try again in a moment.",
    "began-elsewhere": "That sign-in was begun in another browser, or long ago. Begin again.",
    "refused-there": "Your organisation did not let you in.",
    "not-identified": "It could not be told who you are. Try again; if it stays so, tell whoever runs the hub.",
    "unknown": "Your organisation knows you, and nobody has let you into this hub.",
}
"""Why somebody comes back from their organisation's sign-in without being let in."""


async def ask(request: Request) -> Response:
    """Show the form; or take in whoever comes back from the organisation's sign-in."""
    query = request.query_params
    if "ticket" in query:
        return await _with_ticket(request, query["ticket"])
    asked = Asked(to=inside(query.get("to", "/")), by_key=query.get("way") == "key")
    if "declined" in query:
        _, to = _began(request)
        said = DECLINED.get(query["declined"], DECLINED["not-identified"])
        asked = replace(asked, to=to, said=said, is_wrong=True)
    elif "left" in query:
        asked = replace(asked, said="You have signed out.")
    return await _shown(asked)


async def enter(request: Request) -> Response:
    """A name and a password, or a key."""
    if not is_ours(request):
        return await _shown(Asked(said="That was sent from elsewhere. Sign in here.", is_wrong=True), 403)
    form = await _form(request)
    asked = Asked(to=inside(form.get("to", "/")), by_key="key" in form, name=form.get("name", "").strip())
    if not (form.get("key") or (asked.name and form.get("password"))):
        return await _shown(replace(asked, said="Something is missing.", is_wrong=True), 400)
    try:
        token = await run_in_threadpool(_token, form)
    except SignedOut as declined:
        said = declined.problem.detail or "The hub does not know this name and password, or this key."
        return await _shown(replace(asked, said=said, is_wrong=True), 401)
    except Declined as declined:
        said = declined.problem.words
        return await _shown(replace(asked, said=said, is_wrong=True), declined.problem.status)
    except Away as away:
        return await _shown(replace(asked, said=str(away), is_wrong=True), 503)
    return _let_in(request, token, asked.to, is_private=_is_private(request))


def _token(form: dict[str, str]) -> str:
    """What the hub gives for it; raises `SignedOut` if that is nobody's."""
    if key := form.get("key", "").strip():
        people.who(Client(the_hub(), key))
        return key
    return people.sign_in(Client(the_hub()), form.get("name", "").strip(), form.get("password", "")).token


async def leave(request: Request) -> Response:
    """End the visit here, in every tab, and its session at the hub."""
    if not is_ours(request):
        return RedirectResponse(PLACE, 303)
    token = visits.end(request.cookies.get(COOKIE))
    if token is not None:
        # A key has no session to end, and a session that is gone already is what was wanted.
        with contextlib.suppress(Declined, Away):
            await run_in_threadpool(people.sign_out, Client(the_hub(), token))
    answer = RedirectResponse(f"{PLACE}?left=1", 303)
    answer.delete_cookie(COOKIE)
    return answer


async def go_elsewhere(request: Request) -> Response:
    """To the organisation's sign-in, with what the hub will ask for again when its ticket is shown."""
    try:
        ways = await run_in_threadpool(people.ways, Client(the_hub()))
    except Away as away:
        return await _shown(Asked(said=str(away), is_wrong=True), 503)
    if ways.provider is None:
        return RedirectResponse(PLACE, 303)
    verifier, to = secrets.token_urlsafe(32), inside(request.query_params.get("to", "/"))
    answer = RedirectResponse(f"{ways.provider}?{urlencode({'challenge': _challenge(verifier)})}", 303)
    answer.set_cookie(BEGAN, f"{verifier}.{quote(to, '')}", AWAY_FOR, path=PLACE, httponly=True, samesite="lax",
                      secure=_is_private(request, ways.dashboard))  # fmt: skip
    return answer


async def _with_ticket(request: Request, ticket: str) -> Response:
    verifier, to = _began(request)
    if not verifier:
        # Whoever put this address into somebody's way would have them work as somebody else.
        return await _shown(Asked(said=DECLINED["began-elsewhere"], is_wrong=True), 401)
    try:
        back = (await run_in_threadpool(people.ways, Client(the_hub()))).dashboard
        signed_in = await run_in_threadpool(people.use_ticket, Client(the_hub()), ticket, verifier)
    except (Declined, Away) as error:
        return await _shown(Asked(to=to, said=str(error), is_wrong=True), 401)
    answer = _let_in(request, signed_in.token, to, is_private=_is_private(request, back))
    answer.delete_cookie(BEGAN, path=PLACE)
    return answer


def _let_in(request: Request, token: str, to: str, *, is_private: bool) -> Response:
    answer = RedirectResponse(to, 303)
    answer.set_cookie(COOKIE, visits.begin(token), int(LASTS.total_seconds()), httponly=True, samesite="strict",
                      secure=is_private)  # fmt: skip
    visits.end(request.cookies.get(COOKIE))
    return answer


async def _shown(asked: Asked, status: int = 200) -> Response:
    with contextlib.suppress(Declined, Away):
        ways = await run_in_threadpool(people.ways, Client(the_hub()))
        asked = replace(asked, has_provider=ways.provider is not None)
    return shown(asked, status)


async def _form(request: Request) -> dict[str, str]:
    """The form's fields; none of one that is too large."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            return {}
    return dict(parse_qsl(body.decode(errors="replace")))


def is_ours(request: Request) -> bool:
    """Whether a form was sent from a page of ours: browsers say whose page it was, and no page can say otherwise."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def inside(to: str) -> str:
    """An address of this dashboard to go on to; its beginning where another site's is named."""
    is_path = to.startswith("/") and not to.startswith(("//", "/\\", PLACE, LEAVE))
    return to if is_path and len(to) < 1_000 and to.isprintable() else "/"


def _began(request: Request) -> tuple[str, str]:
    """What this browser began with, and where it wanted to go."""
    verifier, _, to = request.cookies.get(BEGAN, "").partition(".")
    return verifier, inside(unquote(to) or "/")


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _is_private(request: Request, back: str | None = None) -> bool:
    """Whether the browser came by TLS, as a proxy before us says, or the browser itself of the page it sent from; or,
    where a proxy says nothing, the address to which the organisation's sign-in sends it `back`."""
    begun = (request.headers.get("origin") or "", back or "")
    return request.url.scheme == "https" or any(address.startswith("https:") for address in begun)


routes = [
    Route(PLACE, ask, methods=["GET"]),
    Route(PLACE, enter, methods=["POST"]),
    Route(ELSEWHERE, go_elsewhere, methods=["GET"]),
    Route(LEAVE, leave, methods=["POST"]),
]
