"""Every document this connector may send, for the trimming of the schema and the tests."""

from connectors.shopify.operations import OPERATIONS
from connectors.shopify.operations_edit import EDITING
from connectors.shopify.operations_money import MONEY
from connectors.shopify.operations_parcels import PARCELS
from connectors.shopify.operations_webhooks import WEBHOOKS

DOCUMENTS = (*OPERATIONS, *PARCELS, *MONEY, *EDITING, *WEBHOOKS)
"""By subject, in the order in which an order lives."""
