"""What looks like a number and is a date, a price, a telephone or an address is blotted out before anybody reads on."""

import re

from hub.fulfilment.carriers import detect

BLOT = "\0"

_CURRENCY = (
    "EUR|USD|GBP|CHF|PLN|SEK|DKK|NOK|CZK|HUF|RON|TRY|JPY|CNY|RMB|CAD|AUD|NZD|HKD|SGD|BRL|MXN|INR|KRW|RUB|UAH"
)
_SIGN = "[$€£¥₹₽₩₺]|R\\$|zł|kr\\.?|Kč|Ft|lei|円|元"
_FORMS = (
    r"https?://\S{1,2000}|www\.\S{1,300}",
    r"[\w.+=-]{1,80}@[\w-]{1,60}(?:\.[\w-]{1,30}){1,4}",
    r"(?<![\w-])[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}(?![\w-])",
    # Moments and days, in every order of their parts.
    r"(?<![\w-])(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.]\d{1,2}(?:T[\d:.]{4,15}Z?)?(?![\w-])",
    r"(?<![\w-])\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?(?:19|20)?\d\d(?![\w-])",
    r"(?:19|20)\d\d\s?年\s?\d{1,2}\s?月(?:\s?\d{1,2}\s?日)?|\d{1,2}\s?月\s?\d{1,2}\s?日",
    r"(?<!\d)\d{1,2}[:.h]\d{2}(?::\d{2})?\s?(?:am|pm|uhr|AM|PM|Uhr|h)?(?![\w]|\.\d)",
    # Money, shares and measures.
    rf"(?:{_SIGN}|(?<![A-Za-z])(?:{_CURRENCY}))\s?-?\d[\d.,' ]{{0,15}}\d?",
    rf"(?<![\w.,-])\d[\d.,']{{0,15}}\s?(?:{_SIGN}|(?:{_CURRENCY}))(?![A-Za-z])",
    r"(?<![\w.,#-])\d{1,9}[.,]\d{2}(?![\w.,-])",
    r"(?<![\w-])\d{1,6}(?:[.,]\d{1,3})?\s?(?:%|°|(?:kg|g|lbs?|oz|cm|mm|ml|pcs|pieces|x|km|kb|mb)(?![A-Za-z]))",
    # Telephones: with a plus, with brackets, or in the American three parts. 0034 0434 begins a parcel of DHL.
    r"(?<![\w])(?:\+|00(?=[1-9]\d\s)(?!34 0434))"
    r"\s?\d{1,3}[\s().\-/]{0,3}(?:\(0\))?(?:[\s().\-/]{0,2}\d){6,13}(?![\w-])",
    r"\(0?\d{2,5}\)\s?\d{2,4}(?:[\s.\-/]?\d{2,4}){1,3}(?![\w-])",
    r"(?<![\d-])(?:1[-.\s])?\d{3}[-.]\d{3}[-.]\d{4}(?:\s?x\s?\d{1,6})?(?![\w-])",
    r"(?<![\w-])(?:1-)?8(?:00|33|44|55|66|77|88)-[A-Z0-9-]{7,9}(?![\w-])",
)
_BLOTTED = re.compile("|".join(f"(?:{form})" for form in _FORMS))
_ACCOUNT = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![A-Z0-9])")


def masked(text: str) -> str:
    """The text with blots of the same length in place of what is surely no order and no parcel."""
    text = _BLOTTED.sub(lambda match: BLOT * len(match[0]), text)
    return _ACCOUNT.sub(lambda match: BLOT * len(match[0]) if _is_iban(match[0]) else match[0], text)


def _is_iban(text: str) -> bool:
    """ISO 13616: the first four signs moved to the end, letters as 10 to 35, modulo 97 is 1. The shortest has 15 signs,
    and one in 97 parcels' numbers would pass too."""
    compact = text.replace(" ", "")
    if len(compact) < 15 or any(one.confidence != "possible" for one in detect(compact).candidates):
        return False
    turned = compact[4:] + compact[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1
