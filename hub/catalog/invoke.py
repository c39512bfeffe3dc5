"""The door to connectors' actions. Only `hub.engine.effects` may use it."""

import asyncio
from typing import Any

from pydantic import BaseModel

from hub.model.effect import Confirmed, InDoubt, NoCredential, NotFound, Outcome, WasNotDone, WasRefused
from hub.sdk import Action, Call, Connector, HubError, NotDone, Refused, Unauthorised


async def perform(
    connector: Connector[Any], action: Action[Any, Any], request: BaseModel, call: Call
) -> Outcome:
    """Do the action once and say what is known afterwards. Nothing but a definite answer counts as definite."""
    return await _learn(action, action.function(connector, request, call), call)


async def look_up(
    connector: Connector[Any], action: Action[Any, Any], request: BaseModel, call: Call
) -> Outcome:
    """Ask whether the action was done: confirmed, not found, or still in doubt."""
    if action.look is None:
        return InDoubt(f"Connector {connector.name!r} cannot look up {action.name!r}.")
    outcome = await _learn(action, action.look(connector, request, call), call)
    if isinstance(outcome, (Confirmed, NotFound)):
        return outcome
    # Found, and rejected meanwhile, is an answer. Any other failure of a lookup says nothing of the effect.
    if isinstance(outcome, WasRefused) and outcome.code in action.refusals:
        return outcome
    return InDoubt("The lookup gave no answer.")


async def _learn(action: Action[Any, Any], work: Any, call: Call) -> Outcome:
    try:
        async with asyncio.timeout_at(call.deadline):
            answer = await work
    except NotDone as error:
        return WasNotDone(str(error), error.retry_after, counts=error.retry_after is None)
    except Refused as error:
        return WasRefused(error.code, error.reason)
    except Unauthorised as error:
        return NoCredential(str(error))
    except TimeoutError:
        return InDoubt("No answer came before the call's deadline.")
    except Exception as error:  # noqa: BLE001  whatever a connector raises, the outcome is unknown
        # Our own errors are written for people; a stranger's message may quote what a customer wrote.
        return InDoubt(
            f"{type(error).__name__}: {error}"[:300] if isinstance(error, HubError) else type(error).__name__
        )
    if answer is None:
        return NotFound()
    if not isinstance(answer, action.shape.output_type):
        return InDoubt(
            f"{action.name} gave {type(answer).__name__}, not {action.shape.output_type.__name__}."
        )
    return Confirmed(answer.model_dump())
