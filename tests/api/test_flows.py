"""Flows over HTTP: checked, shown, and published one by one unless a file owns them."""

import httpx

from connectors.webhook.sandbox import SenderSandbox
from tests.api.conftest import TELL, order
from tests.floor import Floor

OTHER = TELL.replace("flow: tell", "flow: tell-twice").replace(
    "Order ${event.body.id}", "Again ${event.body.id}"
)
ROLES = {"hooks": ["hooks"], "service": ["service"]}


async def test_a_text_is_checked_and_every_mistake_has_its_line(viewer: httpx.AsyncClient) -> None:
    good = (await viewer.post("/flows/check", json={"text": TELL})).json()
    bad = (
        await viewer.post("/flows/check", json={"text": TELL.replace("service.request", "service.reqest")})
    ).json()

    assert good["is_valid"] and good["mermaid"].startswith("flowchart")
    assert not bad["is_valid"] and bad["mermaid"] is None
    line = next(n for n, text in enumerate(TELL.splitlines(), 1) if "service.request" in text)
    assert line in {p["line"] for p in bad["problems"]}
    assert any("request" in p["hint"] for p in bad["problems"])


async def test_a_published_flow_is_shown_with_its_text_and_its_chart(viewer: httpx.AsyncClient) -> None:
    (listed,) = (await viewer.get("/flows")).json()
    (version,) = (await viewer.get("/flows/tell")).json()

    assert (listed["flow"], listed["version"], listed["is_active"]) == ("tell", 1, True)
    assert version["text"] == TELL and version["mermaid"].startswith("flowchart")
    assert (await viewer.get("/flows/nothing")).status_code == 404


async def test_a_flow_of_a_project_folder_is_changed_in_its_file(admin: httpx.AsyncClient) -> None:
    text = TELL.replace("came", "has come")
    answer = await admin.post("/flows/tell/versions", json={"text": text, "store": "main", "roles": ROLES})

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:faros:owned-by-file")
    assert len((await admin.get("/flows/tell")).json()) == 1


async def test_a_flow_published_by_itself_starts_runs_beside_the_others(
    admin: httpx.AsyncClient, floor: Floor, sender: SenderSandbox
) -> None:
    wanted = {"text": OTHER, "store": "main", "roles": ROLES}
    first = await admin.post("/flows/tell-twice/versions", json=wanted)
    again = await admin.post("/flows/tell-twice/versions", json=wanted)
    changed = await admin.post(
        "/flows/tell-twice/versions", json={**wanted, "text": OTHER.replace("came", "has come")}
    )

    assert [(a.status_code, a.json()["version"]) for a in (first, again, changed)] == [
        (201, 1),
        (200, None),
        (201, 2),
    ]
    floor.hub.adopt(floor.pump.engine)
    await order(floor, sender, 1007)
    assert sorted(run["flow"] for run in await floor.runs()) == ["tell", "tell-twice"]
    listed = {f["flow"]: f for f in (await admin.get("/flows")).json()}
    assert listed["tell-twice"]["is_owned_by_file"] is False and listed["tell"]["is_owned_by_file"] is True


async def test_a_flow_with_mistakes_or_wrong_bindings_is_not_published(
    admin: httpx.AsyncClient, floor: Floor
) -> None:
    path = "/flows/tell-twice/versions"
    wanted = {"text": OTHER, "store": "main", "roles": ROLES}
    mistaken = await admin.post(path, json={**wanted, "text": OTHER.replace("key:", "kye:")})
    other = await admin.post(path, json={**wanted, "text": TELL})
    unbound = await admin.post(path, json={**wanted, "roles": {"hooks": ["hooks"]}})
    unable = await admin.post(path, json={**wanted, "roles": {**ROLES, "service": ["hooks"]}})
    missing = await admin.post(path, json={**wanted, "roles": {**ROLES, "service": ["gone"]}})
    nowhere = await admin.post(path, json={**wanted, "store": "moon"})

    answers = (mistaken, other, unbound, unable, missing, nowhere)
    assert [a.json()["type"].rpartition(":")[2] for a in answers] == [
        "flow-not-valid", "other-flow", "wrong-roles", "wrong-roles", "wrong-roles", "wrong-roles",
    ]  # fmt: skip
    assert {a.status_code for a in answers} == {422}
    assert [f["field"] for a in answers[2:] for f in a.json()["fields"]] == [
        "roles.service", "roles.service", "roles.service", "roles.store",
    ]  # fmt: skip
    assert len(await floor.rows("select * from flow_versions")) == 1
