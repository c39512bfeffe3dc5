"""Where people come back from the organisation's sign-in by TLS, their cookies go by TLS alone."""

import httpx
import pytest
from starlette.applications import Starlette

from dashboard.door import routes
from dashboard.door.page import ELSEWHERE, PLACE
from dashboard.door.visits import COOKIE


@pytest.fixture
def dashboard_url(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def browser(dashboard_url: str, monkeypatch: pytest.MonkeyPatch) -> httpx.AsyncClient:
    """A browser before a dashboard whose proxy says nothing of TLS, of a hub that sends people to this address."""

    def answer(asked: httpx.Request) -> httpx.Response:
        ways = {"provider": "https://hub.example/session/oidc", "dashboard": dashboard_url}
        session = {"token": "t", "name": "ada", "role": "ops", "stores": None}
        return httpx.Response(200, json=ways if asked.url.path == "/session/ways" else session)

    hub = httpx.Client(base_url="http://hub", transport=httpx.MockTransport(answer))
    monkeypatch.setattr(routes, "the_hub", lambda: hub)
    transport = httpx.ASGITransport(Starlette(routes=routes.routes))
    return httpx.AsyncClient(transport=transport, base_url="http://inside")


@pytest.mark.parametrize(
    ("dashboard_url", "by_tls_alone"),
    [("https://dashboard.example", True), ("http://127.0.0.1:8501", False)],
    indirect=["dashboard_url"],
)
async def test_a_cookie_of_the_organisations_sign_in_goes_by_tls_alone_where_people_come_back_by_tls(
    browser: httpx.AsyncClient, *, by_tls_alone: bool
) -> None:
    begun = (await browser.get(ELSEWHERE)).headers["set-cookie"]
    assert (routes.BEGAN in begun, "; Secure" in begun) == (True, by_tls_alone)

    held = begun.split(";")[0]
    back = await browser.get(f"{PLACE}?ticket=once", headers={"cookie": held})
    visit = next(one for one in back.headers.get_list("set-cookie") if one.startswith(COOKIE))
    assert (back.status_code, "; Secure" in visit) == (303, by_tls_alone)
