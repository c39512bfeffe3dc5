"""A profile: what the merchant has confirmed of a supplier's files. With it nothing about a file is guessed."""

from typing import Annotated, Literal

import yaml
from pydantic import Field, ValidationError, field_validator

from hub.fulfilment.feeds.dates import FORMATS
from hub.fulfilment.feeds.faults import DoesNotFit
from hub.fulfilment.feeds.meanings import Meaning
from hub.fulfilment.feeds.words import LineStatus
from hub.sdk.commerce import Currency, Record
from hub.sdk.purchase_files import ENCODINGS

Kind = Literal["stock", "acknowledgements", "tracking", "orders", "invoices"]
"""`stock`: what a supplier has, at which prices. `orders`: purchase orders, as hubs and shops export them. `invoices`:
what it charges, a row for each order or article; those of one number are one invoice."""


class Column(Record):
    """A column by its name in the header; without a header, `column 1` and so on. No meaning: it is not read."""

    name: str
    meaning: Meaning | None = None


class Profile(Record):
    """How a supplier's files of one kind are written.

    Columns are found by name, so their order may change and others may come. Without a header their number must be
    the same. `stock_words` and `status_words` say what each word in the file stands for; a word that is not there makes
    its row a rejected one. `is_full`: the file lists every article, so that one it does not list is not in stock.
    `skip_lines` stand before the rows of a file without a header.
    """

    kind: Kind | None = None
    encoding: str = "utf-8"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = ","
    quote: Literal['"', "'"] = '"'
    has_header: bool = True
    skip_lines: Annotated[int, Field(ge=0)] = 0
    columns: tuple[Column, ...]
    decimal_mark: Literal[".", ","] | None = None
    date_format: str | None = None
    currency: Currency | None = None
    stock_words: dict[str, Annotated[int, Field(ge=0)]] = {}
    status_words: dict[str, LineStatus] = {}
    is_full: bool | None = None

    @field_validator("encoding")
    @classmethod
    def _is_known(cls, encoding: str) -> str:
        if encoding not in ENCODINGS:
            raise ValueError(f"Encodings are {', '.join(ENCODINGS)}.")
        return encoding

    @field_validator("date_format")
    @classmethod
    def _is_a_format(cls, form: str | None) -> str | None:
        if form is not None and form not in FORMATS:
            raise ValueError(f"Date formats are {', '.join(FORMATS)}.")
        return form

    def has(self, *meanings: str) -> bool:
        """Whether a column has one of these meanings."""
        return any(column.meaning in meanings for column in self.columns)

    def named(self, meaning: str) -> str:
        """The name of the first column of this meaning, for messages."""
        return next((column.name for column in self.columns if column.meaning == meaning), meaning)

    def as_yaml(self) -> str:
        """As a merchant reads and confirms it."""
        kept = self.model_dump(mode="json", exclude_defaults=True)
        return yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=110)

    @classmethod
    def from_yaml(cls, text: str) -> "Profile":
        """Read one, of YAML or JSON; raises `DoesNotFit` with every mistake."""
        try:
            return cls.model_validate(yaml.safe_load(text))
        except yaml.YAMLError:
            raise DoesNotFit("The profile is not YAML.") from None
        except ValidationError as error:
            wrong = [
                f"{'.'.join(map(str, e['loc'])) or 'profile'}: {e['msg']}"
                for e in error.errors(include_input=False, include_url=False)
            ]
            raise DoesNotFit(f"The profile has mistakes. {'; '.join(wrong)}") from None
