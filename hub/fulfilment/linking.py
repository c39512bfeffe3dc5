"""Links as the hub makes them: one for each purpose and thing, found again rather than made twice."""

from datetime import timedelta
from uuid import UUID

from hub.fulfilment.call import OwnCall
from hub.fulfilment.links import LASTS, Purpose, address_of, digest
from hub.sdk import Refused
from hub.store import notices
from hub.store.notices import StoredLink


async def link_to(
    call: OwnCall,
    order_id: UUID,
    purpose: Purpose,
    about: str,
    *,
    lasts: timedelta | None = None,
    body: bytes | None = None,
) -> str:
    """The address of a page for one purpose; the same one as long as it opens. `body` is what its page shows besides
    the order; it is kept sealed.

    Raises `Refused` where the store has no address of its own to put in front.
    """
    base = str(call.settings.get("public_url", ""))
    if not base:
        raise Refused("no-public-url", "The store has no public_url in hub.yaml, so no link can be made.")
    known = await notices.link_about(call.connection, order_id, purpose, about, call.now)
    if known is not None:
        return address_of(base, purpose, call.sealer.open(known.sealed_token).decode())
    token = call.new_token()
    link = StoredLink(
        token_hash=digest(token),
        store_id=call.store_id,
        source=call.source,
        order_id=order_id,
        person_id=call.person_id,
        purpose=purpose,
        about=about,
        sealed_token=call.sealer.seal(token.encode()),
        body=None if body is None else call.sealer.seal(body),
        made_at=call.now,
        expires_at=call.now + (lasts or LASTS[purpose]),
    )
    await notices.keep_link(call.connection, link)
    return address_of(base, purpose, token)
