"""What a merchant writes down about a supplier that speaks in files."""

import re
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Annotated, Literal

import asyncssh
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from hub.sdk import Settings
from hub.sdk.declared import DeclaredEffect, Duration
from hub.sdk.purchase_files import ExportProfile

Credential = Annotated[SecretStr, Field(min_length=1)]
FileKind = Literal["stock", "acknowledgements", "tracking", "invoices"]


def _within(path: str) -> str:
    """A path that cannot lead out of where it begins."""
    if not path or path.startswith("/") or ".." in PurePosixPath(path).parts or "\\" in path or "\0" in path:
        raise ValueError("A path is relative and does not lead upwards, such as out/stock.")
    return path.rstrip("/")


def _pattern(text: str) -> str:
    if not re.fullmatch(r"[\w*?. -]{1,100}", text):
        raise ValueError("A pattern is a file's name, with * and ? for any signs.")
    return text


Within = Annotated[str, AfterValidator(_within)]


class _Part(BaseModel):
    """A group of settings; an unknown name in it is a mistake, not an extra."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Folder(_Part):
    """A folder that the hub's own machine sees, such as a mounted share. `root` is absolute."""

    type: Literal["folder"]
    root: Annotated[str, Field(pattern=r"^/[^\x00]+$")]


class Sftp(_Part):
    """A server spoken to by SFTP.

    `host_key` is the server's public key as `ssh-keyscan` shows it (`ssh-ed25519 AAAA...`): nobody else is spoken to.
    `private_network` says that the server stands in the merchant's own network; without it the host must be public.
    """

    type: Literal["sftp"]
    host: Annotated[str, Field(min_length=1, max_length=253)]
    port: Annotated[int, Field(ge=1, le=65535)] = 22
    username: Annotated[str, Field(min_length=1)]
    password: Credential | None = None
    private_key: Credential | None = None
    host_key: Annotated[str, Field(pattern=r"^(ssh|ecdsa|sk)-\S+ [A-Za-z0-9+/=]+")]
    root: Within | Literal["."] = "."
    private_network: bool = False

    @model_validator(mode="after")
    def _has_a_credential(self) -> "Sftp":
        if (self.password is None) == (self.private_key is None):
            raise ValueError("SFTP wants a password or a private_key, one of them.")
        try:
            asyncssh.import_public_key(self.host_key)
            if self.private_key is not None:
                asyncssh.import_private_key(self.private_key.get_secret_value())
        except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError):
            raise ValueError("host_key or private_key is no key in OpenSSH's form, or is locked.") from None
        return self


class Http(_Part):
    """A portal spoken to by HTTP: orders are uploaded with PUT, each inbox is one address that gives its newest file.

    `is_readable`: an uploaded file can be read again at its address, so that it can be asked whether it is there.
    """

    type: Literal["http"]
    token: Credential
    is_readable: bool = False


class Orders(_Part):
    """Where purchase orders go, and how they are written. `{reference}` in the name is the order's.

    With `batches`, a name with `{batch}` in it, orders go out together in one file, at the supplier's `orders_at`.
    Until then each lies in a file beside it whose name begins with a point.
    """

    path: Within = "orders"
    batches: Annotated[str, Field(pattern=r"^[\w-][\w.-]*\{batch\}[\w.-]*$|^\{batch\}[\w.-]*$")] | None = None
    name: Annotated[str, Field(pattern=r"^[\w.-]*\{reference\}[\w.-]*$")] = "{reference}.csv"
    profile: ExportProfile

    @model_validator(mode="after")
    def _says_the_same_tomorrow(self) -> "Orders":
        if any(column.holds == "ordered_on" for column in self.profile.columns):
            raise ValueError(
                "A file that is sent again must be the same, so no column can hold the day of sending."
            )
        return self


class Inbox(_Part):
    """Where files of one kind lie: a folder and a pattern, or for HTTP a path that gives the newest one."""

    kind: FileKind
    path: Within
    pattern: Annotated[str, AfterValidator(_pattern)] = "*.csv"


class CsvSettings(Settings):
    """How files are exchanged with a supplier.

    `check_every` is how often its inboxes are looked into. A file is taken once it has not changed from one look to the
    next, so that no half upload is read. Nothing is deleted or moved.

    `effect` says what the supplier does with an order's file that comes twice: `keyed` if it drops an order number that
    it has had, `checkable` if files stay where we put them or come to rest in `archive`, where they can be looked for.
    """

    transport: Annotated[Folder | Sftp | Http, Field(discriminator="type")]
    orders: Orders
    archive: Within | None = None
    inboxes: tuple[Inbox, ...] = ()
    check_every: Annotated[Duration, Field(ge=timedelta(minutes=1), le=timedelta(days=7))] = timedelta(
        minutes=15
    )
    effect: DeclaredEffect = DeclaredEffect()

    @model_validator(mode="after")
    def _can_be_kept(self) -> "CsvSettings":
        if self.effect.kind in ("read", "idempotent"):
            raise ValueError(
                "Buying is neither a read nor harmless twice; effect is keyed, checkable or unsafe."
            )
        is_shut = isinstance(self.transport, Http) and not self.transport.is_readable
        if self.orders.batches is not None and is_shut:
            raise ValueError("batches need a portal where files can be read again: is_readable.")
        if self.effect.kind == "checkable" and is_shut:
            raise ValueError("effect: checkable needs a portal where files can be read again: is_readable.")
        return self
