"""From a step that wants to act to an intent in the ledger, or to the reason why not."""

from dataclasses import replace
from datetime import timedelta

from hub.engine import effects, resume
from hub.engine.draft import Draft
from hub.engine.effects import Attempt, BadRequest
from hub.engine.engine import Engine
from hub.engine.ids import new_id
from hub.engine.world import Link, NotBound
from hub.flow.failing import NOT_BOUND
from hub.flow.graph import Act
from hub.model import case as cases
from hub.model.effect import Effect
from hub.model.moves import OpenCase, Perform
from hub.model.run import Acting, Ready, Token
from hub.store.runs import kind_to
from hub.store.unit import EffectNew

PARKED = timedelta(seconds=60)
"""How long a run whose connection is paused rests before it looks again; resuming wakes it at once."""


def intend(engine: Engine, draft: Draft, move: Perform) -> Attempt | None:
    """Put an intent into the unit and give what is to be sent once it is committed.

    None where nothing may leave now: the connection is paused or its budget is spent (the token stays ready), or the
    step does not make a request (the token is held).
    """
    token = draft.token(move.token)
    node = draft.program.node(move.node)
    assert isinstance(token, Ready) and isinstance(node, Act)
    try:
        link = engine.world.link(draft.program, node, draft.run.source, move.on)
        if not _may_leave(engine, draft, token, link):
            return None
        return _written_down(draft, node, link, move)
    except NotBound as error:
        if not _is_left_out(draft, node, move.on):
            hold(draft, token, cases.STEP_FAILED, str(error))
            return None
        resumed = resume.refused(draft.program, draft.run, token, NOT_BOUND, str(error))
        draft.run = resumed.run
        draft.note(resumed.entries)
        return None
    except (BadRequest, KeyError) as error:
        hold(draft, token, cases.STEP_FAILED, str(error))
        return None


def _is_left_out(draft: Draft, node: Act, on: str | None) -> bool:
    """Whether the role is an optional one that nobody plays, or not the one who is meant, and the step says what
    happens then."""
    role, players = draft.program.graph.roles.get(node.role), draft.program.roles.get(node.role, [])
    nobody = role is not None and role.optional and (not players or (on is not None and on not in players))
    return nobody and bool({NOT_BOUND, resume.OTHERWISE} & set(node.refusals))


def hold(draft: Draft, token: Token, kind: str, why: str) -> None:
    """Ask a person about a step that cannot go on."""
    choices = {cases.TRY_AGAIN: "Try this step again", cases.GIVE_UP: "End this run"}
    title = f"Step {token.node} cannot go on"
    case = OpenCase(new_id(), token.id, token.node, kind, title, choices, None, {"reason": why})
    asked = resume.asked(draft.run, token, case)
    draft.run = asked.run
    draft.note(asked.entries)
    draft.open_case(case)


def _may_leave(engine: Engine, draft: Draft, token: Ready, link: Link) -> bool:
    if link.paused is not None:
        draft.unit.parked = True
        draft.run = resume.put(draft.run, replace(token, due=draft.unit.now + PARKED))
        return False
    wait = engine.limiter.take(link.id)
    if wait > 0:
        draft.run = resume.put(draft.run, replace(token, due=draft.unit.now + timedelta(seconds=wait)))
    return wait <= 0


def _written_down(draft: Draft, node: Act, link: Link, move: Perform) -> Attempt:
    now, id = draft.unit.now, new_id()
    action = link.actions[node.action]
    request = effects.validated(action, move.inputs)
    kind = effects.resolve_kind(action, link, node.effect)
    key = effects.key_of(action, request, id)
    stored = request.model_dump_json().encode()
    effect = Effect(
        id, draft.run.id, node.id, link.id, action.name, kind, key, {}, intended_at=now, attempted_at=now
    )
    draft.leased.effects[id] = effect
    draft.unit.effects_new.append(
        EffectNew(
            id,
            draft.run.order_id,
            node.id,
            link.id,
            action.name,
            kind_to(kind),
            key,
            draft.leased.box.seal(stored),
            effects.buys(action),
        )
    )
    draft.run = resume.put(draft.run, Acting(move.token, node.id, id, move.path))
    return Attempt(effect, link, 0.0, request)
