"""`faros flow unused`: the routing rules that no order has met for long, and what to remove."""

import asyncio
from typing import Annotated, Any

import typer

from hub.cli.opening import desk
from hub.cli.terminal import HERE, Folder, Json, as_json, out, said
from hub.project.project import FILE
from hub.project.pruning import without


def unused(
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="For so long.")] = 90,
    store: Annotated[str, typer.Option("--store")] = "main",
    folder: Folder = HERE,
    json: Json = None,
) -> None:
    """Rules that no order has met, as a hint and as the lines to remove from hub.yaml. Nothing is removed."""

    async def ask() -> Any:
        async with desk(folder) as api:
            return await api.ask("GET", f"/stores/{store}/rules", params={"days": days})

    rules = [rule for rule in asyncio.run(ask()) if rule["is_unused"]]
    path = folder / FILE
    text = path.read_text(encoding="utf-8")
    diff = without(text, str(path), store, {rule["rule"] for rule in rules})
    if as_json({"unused": rules, "diff": diff}, json):
        return
    for rule in rules:
        said(f"Unused rule: no order has met {rule['rule']} for {days} days.")
    if diff:
        out.print(diff, markup=False, soft_wrap=True, end="")
    elif not rules:
        said(f"Every rule was met in {days} days, or is younger than that.")
