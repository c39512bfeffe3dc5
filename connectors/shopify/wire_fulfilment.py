"""Shopify's JSON around fulfilment orders, tags and notes; statuses stay text here."""

from connectors.shopify.wire import Connection, UserError, Wire


class Action(Wire):
    """Something a fulfilment order lets one do now."""

    action: str


class HoldNode(Wire):
    """A hold on a fulfilment order. `handle` is the word of the app that made it, unique for that app."""

    id: str
    handle: str | None = None
    reason: str
    held_by_requesting_app: bool


class LocationNode(Wire):
    """From where it is to be sent."""

    name: str


class FulfilmentOrderNode(Wire):
    """The part of an order that one location sends. Its id changes when it is moved, split or edited."""

    id: str
    status: str
    request_status: str
    supported_actions: list[Action]
    assigned_location: LocationNode
    fulfillment_holds: list[HoldNode]


class FulfilmentNode(Wire):
    """An order, as far as fulfilment goes."""

    legacy_resource_id: str
    fulfillment_orders: Connection[FulfilmentOrderNode]


class FulfilmentAnswer(Wire):
    """Data of FarosFulfilment."""

    order: FulfilmentNode | None


class TaggedNode(Wire):
    """An order's tags."""

    tags: list[str]


class TagsPayload(Wire):
    """What tagsAdd says; no node when it was refused."""

    node: TaggedNode | None
    user_errors: list[UserError]


class TagsAnswer(Wire):
    """Data of FarosTagsAdd."""

    tags_add: TagsPayload


class Payload(Wire):
    """A mutation's refusals; what it made is read again where it matters."""

    user_errors: list[UserError]


class HoldAnswer(Wire):
    """Data of FarosHold."""

    fulfillment_order_hold: Payload


class ReleaseAnswer(Wire):
    """Data of FarosRelease."""

    fulfillment_order_release_hold: Payload


class NotedNode(Wire):
    """An order's note."""

    note: str | None


class NoteAnswer(Wire):
    """Data of FarosNote."""

    order: NotedNode | None


class NoteWriteAnswer(Wire):
    """Data of FarosNoteWrite."""

    order_update: Payload


class ShopNode(Wire):
    """The shop."""

    name: str
    myshopify_domain: str
    currency_code: str


class Version(Wire):
    """A version of the Admin API."""

    handle: str
    supported: bool


class ShopAnswer(Wire):
    """Data of FarosShop."""

    shop: ShopNode
    public_api_versions: list[Version]
