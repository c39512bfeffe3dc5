"""What a merchant writes down about a supplier's API. Left alone, it is the plain shape the sandbox speaks."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from hub.sdk import Settings
from hub.sdk.amendments import AmendmentState
from hub.sdk.commerce import PurchaseOrderStatus
from hub.sdk.declared import DeclaredEffect
from hub.sdk.signing import Signature

Credential = Annotated[SecretStr, Field(min_length=1)]


class _Part(BaseModel):
    """A group of settings; an unknown name in it is a mistake, not an extra."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ApiKey(_Part):
    """A key in a header."""

    type: Literal["api-key"]
    key: Credential
    header: str = "x-api-key"


class Bearer(_Part):
    """A token that does not expire, in the Authorization header."""

    type: Literal["bearer"]
    token: Credential


class Basic(_Part):
    """A user and a password."""

    type: Literal["basic"]
    user: str
    password: SecretStr


class QueryKey(_Part):
    """A key in the address of every request. It may end up in the supplier's logs; prefer any other way."""

    type: Literal["query-key"]
    key: Credential
    parameter: str = "api_key"


class ClientCredentials(_Part):
    """OAuth 2 client credentials: tokens are fetched from `token_path` and renewed a minute before they expire."""

    type: Literal["client-credentials"]
    client_id: str
    client_secret: Credential
    token_path: str = "/oauth/token"
    scope: str = ""


Auth = Annotated[ApiKey | Bearer | Basic | QueryKey | ClientCredentials, Field(discriminator="type")]


class Endpoint(_Part):
    """A method and a path; `{reference}`, `{amendment}`, `{sku}`, `{skus}`, `{cursor}` stand for what is asked for."""

    method: Literal["GET", "POST", "PUT", "DELETE"] = "GET"
    path: Annotated[str, Field(min_length=1)]


class Endpoints(_Part):
    """Where the supplier takes orders, finds one by our reference, says what is in stock, and may be asked to stop or
    to amend an order that has not left; where it says what became of an `amendment`, and gives its `invoices`."""

    create: Endpoint = Endpoint(method="POST", path="/purchase-orders")
    find: Endpoint | None = Endpoint(path="/purchase-orders/{reference}")
    stock: Endpoint | None = Endpoint(path="/stock?skus={skus}")
    cancel: Endpoint | None = None
    amend: Endpoint | None = None
    amendment: Endpoint | None = None
    invoices: Endpoint | None = None
    probe: Endpoint | None = None


class OrderFields(_Part):
    """The supplier's names for what we send; a dotted path nests, an empty one leaves the field out."""

    reference: str = "reference"
    order_number: str = "order_number"
    shipping_method: str = "shipping_method"
    note: str = "note"
    ship_to: str = "ship_to"
    lines: str = "lines"


class LineFields(_Part):
    """The supplier's names within one line."""

    line_id: str = "line_id"
    supplier_sku: str = "sku"
    title: str = "title"
    quantity: str = "quantity"
    unit_cost: str = "unit_cost"
    currency: str = "currency"
    properties: str = "properties"


class AddressFields(_Part):
    """The supplier's names within the address."""

    name: str = "name"
    company: str = "company"
    line1: str = "line1"
    line2: str = "line2"
    city: str = "city"
    region: str = "region"
    postcode: str = "postcode"
    country: str = "country"
    phone: str = "phone"


class AmendFields(_Part):
    """The supplier's names for a wish to change an order: its id, which is ours, and what is to change."""

    id: str = "id"
    reference: str = ""
    ship_to: str = "ship_to"
    lines: str = "lines"


class AnswerFields(_Part):
    """Where an order stands in the supplier's answers and webhooks.

    An empty `status` says that the supplier gives none: any 2xx then means it was received. `found` is where the
    look-up's answer has the order, such as `orders.0` when it answers with a list. `lines` is where a parcel says what
    is in it, by our line's id and a quantity; a supplier that does not say leaves it open.
    """

    found: str = ""
    id: str = "id"
    reference: str = "reference"
    status: str = "status"
    reason: str = "reason"
    cost: str = "cost.amount"
    currency: str = "cost.currency"
    code: str = "code"
    parcels: str = "parcels"
    tracking_number: str = "tracking_number"
    carrier: str = "carrier"
    lines: str = "lines"
    line_id: str = "line_id"
    quantity: str = "quantity"
    changed_at: str = "changed_at"
    amendment_id: str = "amendment.id"
    amendment_state: str = "amendment.state"
    amendment_reason: str = "amendment.reason"


class InvoiceFields(_Part):
    """Where the answer has its list of invoices and the cursor to go on from, and the names within an invoice and
    within one of its lines: what is charged for articles, for shipping, and as fees."""

    items: str = "invoices"
    next: str = "next"
    number: str = "number"
    issued_on: str = "issued_on"
    currency: str = "currency"
    total: str = "total"
    shipping: str = "shipping"
    fees: str = "fees"
    lines: str = "lines"
    reference: str = "reference"
    supplier_reference: str = "order"
    sku: str = "sku"
    quantity: str = "quantity"
    line_articles: str = "amount"
    line_shipping: str = "shipping"
    line_fees: str = "fees"


class StockFields(_Part):
    """Where the stock answer has its list (empty: the answer is one article), and the names within one article."""

    items: str = "levels"
    sku: str = "sku"
    available: str = "available"
    as_of: str = "as_of"
    unit_cost: str = "unit_cost"
    currency: str = "currency"


class Fields(_Part):
    """Names of our fields in the supplier's JSON, both ways. `fixed` is added to every order as it is."""

    order: OrderFields = OrderFields()
    line: LineFields = LineFields()
    address: AddressFields = AddressFields()
    amend: AmendFields = AmendFields()
    answer: AnswerFields = AnswerFields()
    stock: StockFields = StockFields()
    invoice: InvoiceFields = InvoiceFields()
    fixed: dict[str, Any] = {}


class Refusal(_Part):
    """An answer by which the supplier refuses: an HTTP status, a code in the body, or both."""

    status: int | None = None
    code: str | None = None
    means: Literal["out-of-stock", "address-invalid", "rejected"]


class Inbox(_Part):
    """How the supplier signs its webhooks; several secrets allow one to be replaced."""

    secrets: Annotated[list[Credential], Field(min_length=1)]
    signature: Signature = Signature()
    delivery_header: str = ""
    """The header that is the same when a delivery is sent again, if there is one."""


class Signed(_Part):
    """Requests to the supplier carry a signature of their body."""

    secret: Credential
    signature: Signature = Signature()


STATUSES: dict[str, PurchaseOrderStatus] = {
    "accepted": "accepted",
    "requested": "requested",
    "in_production": "in_production",
    "shipped": "shipped",
    "cancelled": "cancelled",
    "rejected": "rejected",
}

AMENDMENTS: dict[str, AmendmentState] = {
    "requested": "requested",
    "accepted": "amended",
    "refused": "refused",
}

REFUSALS = (
    Refusal(code="out_of_stock", means="out-of-stock"),
    Refusal(code="address_invalid", means="address-invalid"),
)


class SupplierSettings(Settings):
    """A supplier's API. `statuses` are its words for where an order stands, `amendments` for where a wish to change
    one does; a word that is not in them is refused, never guessed."""

    auth: Auth
    endpoints: Endpoints = Endpoints()
    fields: Fields = Fields()
    statuses: dict[str, PurchaseOrderStatus] = STATUSES
    amendments: dict[str, AmendmentState] = AMENDMENTS
    refusals: tuple[Refusal, ...] = REFUSALS
    key_header: str = "idempotency-key"
    effect: DeclaredEffect = DeclaredEffect()
    sign_requests: Signed | None = None
    webhooks: Inbox | None = None

    @model_validator(mode="after")
    def _can_be_kept(self) -> "SupplierSettings":
        if self.effect.kind == "checkable" and self.endpoints.find is None:
            raise ValueError("effect: checkable needs endpoints.find: there is nobody to ask.")
        if self.effect.kind == "keyed" and not (self.key_header or self.fields.order.reference):
            raise ValueError("effect: keyed needs a key_header or fields.order.reference to send the key in.")
        if self.effect.kind in ("read", "idempotent"):
            raise ValueError(
                "Buying is neither a read nor harmless twice; effect is keyed, checkable or unsafe."
            )
        return self
