"""Amounts, numbers and moments as suppliers' JSON has them. Pure; what is none of them raises."""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from hub.sdk import Unreadable
from hub.sdk.commerce import Money
from hub.sdk.paths import read_text


def read_money(body: Any, amount_path: str, currency_path: str) -> Money | None:
    """An amount with its currency, where both are there."""
    amount, currency = read_decimal(read_text(body, amount_path)), read_text(body, currency_path)
    if amount is None or not currency:
        return None
    try:
        return Money(amount=amount, currency=currency)
    except ValueError as error:
        raise Unreadable(f"{currency!r} is not a currency.") from error


def read_decimal(text: str) -> Decimal | None:
    """A number; None for no text at all."""
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise Unreadable(f"{text!r} is not a number.") from error
    if not number.is_finite():
        raise Unreadable(f"{text!r} is not a number.")
    return number


def read_moment(text: str) -> datetime | None:
    """ISO 8601, or Unix seconds. A moment without a zone is UTC, as most APIs mean it."""
    if not text:
        return None
    try:
        moment = datetime.fromtimestamp(int(text), UTC) if text.isdecimal() else datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise Unreadable(f"{text!r} is not a moment.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
