"""Trying a connection: asks the other side something harmless, and tells what came of it in a sentence."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from hub.catalog import probe as door
from hub.engine.ids import new_id
from hub.engine.world import Link
from hub.sdk import Call, HubError, Unauthorised

PATIENCE = 8.0
"""Seconds the other side has."""


@dataclass(frozen=True, slots=True)
class Probed:
    """Whether the connection works, and what to tell a person."""

    works: bool
    said: str


async def probe(link: Link, now: datetime) -> Probed:
    """Try a connection. Never raises: whatever goes wrong is the answer, without the other side's own words unless
    the connector vouches for them."""
    deadline = asyncio.get_running_loop().time() + PATIENCE
    call = Call(f"probe-{new_id()}", deadline, 1, now)
    try:
        return Probed(True, await door.probe(link.connector, call))
    except Unauthorised as error:
        return Probed(False, f"The credential is not accepted. {error}")
    except TimeoutError:
        return Probed(False, f"There was no answer within {PATIENCE:.0f} seconds.")
    except (HubError, LookupError) as error:
        return Probed(False, str(error.args[0]) if error.args else str(error))
    except Exception as error:  # noqa: BLE001  a connector may raise anything; the person still wants an answer
        return Probed(False, f"The connector failed ({type(error).__name__}).")
