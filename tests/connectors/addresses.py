"""The same addresses for every verifier, each with the verdict that all of them must come to."""

from hub.sdk.commerce import Address, AddressVerdictCode


def address(line1: str, line2: str = "", postcode: str = "94107") -> Address:
    """An address in San Francisco."""
    return Address(
        name="Ada Sample", line1=line1, line2=line2, city="San Francisco", region="CA", postcode=postcode,
        country="US", phone="+14155550100",
    )  # fmt: skip


BAD_ADDRESSES: dict[str, tuple[Address, AddressVerdictCode]] = {
    "a street that does not exist": (address("1 Nowhere Road"), "undeliverable"),
    "a street without a house number": (address("Townsend Street"), "undeliverable"),
    "a ZIP code of four digits": (address("15 Example Street", postcode="9410"), "undeliverable"),
    "a postcode of another country": (address("15 Example Street", postcode="SW1A 1AA"), "undeliverable"),
    "a building without an apartment": (address("388 Townsend Street"), "missing_secondary"),
    "an apartment that the building does not have": (
        address("388 Townsend Street", "Apt 99"),
        "missing_secondary",
    ),
    "an apartment asked for in a house of many": (address("900 Grand Concourse"), "missing_secondary"),
    "a misspelt street": (address("388 Townsnd St", "Apt 20"), "corrected"),
}
"""Addresses that keep a parcel from arriving, by what is wrong with them."""

GOOD_ADDRESSES: dict[str, Address] = {
    "a house": address("15 Example Street"),
    "a house with its street written out": address("15 Example Boulevard"),
    "an apartment on the second line": address("388 Townsend Street", "Apt 20"),
    "an apartment on the first line": address("388 Townsend St. #20"),
    "a post office box": address("PO Box 12"),
    "a ZIP code of nine digits": address("15 Example Street", postcode="94107-0001"),
}
"""Addresses that need no word to the customer, however they are written."""
