"""What a store's flows leave out of FAROS: a warning, for a shop may have reasons."""

from collections.abc import Sequence

from hub.flow.graph import Graph
from hub.flow.noting import Notes
from hub.flow.reader import Place
from hub.flow.stages import is_untagged, missing


def note_stages(store: str, graphs: Sequence[Graph], place: Place, notes: Notes) -> None:
    """Warn of each stage that no flow of the store is of, by what is risked without it."""
    for stage in missing(graphs):
        said = f'Store "{store}" has no flow for the stage {stage.name}, and risks: {stage.risk}.'
        hint = f"{stage.name}: {stage.action}. `faros docs faros` shows all stages."
        notes.doubtful(place, said, hint, "W-STAGE")
    if is_untagged(graphs):
        said = f'Store "{store}" sends purchase orders and tags no order, so the stage Route is incomplete.'
        notes.doubtful(place, said, "Let a step do `shop.add_tags` after the purchase.", "W-STAGE")
