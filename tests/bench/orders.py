"""Orders as a shop sends them: about 4.5 KB of JSON each."""

from typing import Any

import orjson

ADDRESS = {
    "first_name": "Alice", "last_name": "Martin", "name": "Alice Martin", "company": None, "phone": "+14155550100",
    "address1": "1120 Market Street", "address2": "Apt 4", "city": "San Francisco", "zip": "94103",
    "province": "California", "province_code": "CA", "country": "United States", "country_code": "US",
    "latitude": 37.7767, "longitude": -122.4167,
}  # fmt: skip


def order(number: int) -> bytes:
    """One order's body."""
    return orjson.dumps(
        {
            "id": number, "name": f"#{number % 100_000}", "email": f"buyer{number}@example.com", "currency": "USD",
            "created_at": "2026-11-22T03:00:00-05:00", "financial_status": "paid", "total_price": "82.17",
            "subtotal_price": "74.70", "total_tax": "7.47", "tags": "", "note": None, "browser_ip": "203.0.113.9",
            "customer": {"id": number + 1, "email": f"buyer{number}@example.com", "default_address": ADDRESS},
            "shipping_address": ADDRESS, "billing_address": ADDRESS,
            "line_items": [_line(number * 10 + n, n) for n in (1, 2, 3)],
            "shipping_lines": [{"id": number + 2, "code": "standard", "price": "0.00", "title": "Standard"}],
            "discount_codes": [], "fulfillments": [], "refunds": [],
        }
    )  # fmt: skip


def _line(id: int, n: int) -> dict[str, Any]:
    return {
        "id": id, "admin_graphql_api_id": f"gid://shopify/LineItem/{id}", "current_quantity": 1, "quantity": 1,
        "fulfillable_quantity": 1, "fulfillment_service": "manual", "fulfillment_status": None, "gift_card": False,
        "grams": 240, "name": f"Widget {n} - Black", "price": "24.90", "price_set": _money("24.90"),
        "product_exists": True, "product_id": 788_032_119_674_292 + n, "properties": [], "requires_shipping": True,
        "sku": f"{'ALI' if n % 2 else 'CJD'}-{1000 + n}", "taxable": True, "title": f"Widget {n}",
        "total_discount": "0.00", "variant_id": 43_729_076 + n, "variant_title": "Black", "vendor": "Widgets",
        "tax_lines": [], "duties": [], "discount_allocations": [],
    }  # fmt: skip


def _money(amount: str) -> dict[str, Any]:
    money = {"amount": amount, "currency_code": "USD"}
    return {"shop_money": money, "presentment_money": money}
