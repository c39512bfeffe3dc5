"""What a step says of failure: the refusals it names fit its action, and what buys or may be left out names them."""

from hub.flow import verb
from hub.flow.noting import did_you_mean
from hub.flow.scope import Surroundings
from hub.flow.verb import Step
from hub.sdk.actions import ActionShape
from hub.sdk.commerce import NewPurchaseOrder

OTHERWISE = "otherwise"
"""The key of `on_refused` for every code that is not named."""
NOT_BOUND = "not-bound"
"""The refusal of an optional role that is bound to nobody."""


def check_failing(step: Step, do: verb.Do, shape: ActionShape, surroundings: Surroundings) -> bool:
    """Note what does not fit; tells whether the step buys."""
    notes, owner = surroundings.notes, f"{do.role}.{do.action}"
    may_be_absent = surroundings.is_optional(do.role)
    if (
        may_be_absent
        and not surroundings.is_many(do.role)
        and not {NOT_BOUND, OTHERWISE} & set(do.on_refused)
    ):
        said = f'The role "{do.role}" is optional, but the step does not say what happens without it.'
        notes.wrong(do.role.place, said, f"Add `on_refused` with a block for {NOT_BOUND} or {OTHERWISE}.")
    known = [*shape.refusals, *([NOT_BOUND] if may_be_absent else [])]
    for code in do.on_refused:
        if code != OTHERWISE and code not in known and not _is_of_http(code):
            notes.wrong(
                code.place,
                f'{owner} is never refused with "{code}".',
                did_you_mean(code, [*known, OTHERWISE]),
            )
    if do.effect is not None and shape.kind.name != "declared":
        said = f"{owner} is {shape.kind.name}, as its connector says; `effect` cannot change that."
        notes.wrong(do.action.place, said)
    if not issubclass(shape.input_type, NewPurchaseOrder):
        return False
    if not do.on_refused:
        said = f"Step {step.id} buys, but does not say what happens when the supplier refuses."
        hint = f"Add `on_refused` with a block for {', '.join((*shape.refusals, OTHERWISE))}."
        notes.wrong(step.place, said, hint, "E-NO-FAILURE-PATH")
    return True


def _is_of_http(code: str) -> bool:
    """The codes that the hub's own HTTP client may give for any action."""
    return code == "destination-not-allowed" or (code.startswith("http-4") and len(code) == 8)
