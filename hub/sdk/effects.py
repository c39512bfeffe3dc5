"""What a connector promises about doing the same thing twice: the five kinds of effect, and Declared.

The kind decides what the hub does when an answer is lost; a wrong promise buys twice, so the standard tests prove it.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal


@dataclass(frozen=True, slots=True)
class Read:
    """Nothing changes: in doubt, ask again."""

    name: Literal["read"] = "read"


@dataclass(frozen=True, slots=True)
class Idempotent:
    """Twice leaves what once leaves: in doubt, do it again."""

    name: Literal["idempotent"] = "idempotent"


@dataclass(frozen=True, slots=True)
class Keyed:
    """The other side remembers our key for `valid_for`: in doubt, repeat the stored request under the same key."""

    valid_for: timedelta = timedelta(hours=24)
    name: Literal["keyed"] = "keyed"


@dataclass(frozen=True, slots=True)
class Checkable:
    """The other side can be asked, once `settles_in` has passed, whether it was done.

    `resend="automatic"` repeats after two clear noes. The default asks a person, because a frozen worker may still be
    about to send.
    """

    settles_in: timedelta = timedelta(minutes=2)
    resend: Literal["ask", "automatic"] = "ask"
    name: Literal["checkable"] = "checkable"


@dataclass(frozen=True, slots=True)
class Unsafe:
    """Nothing is promised: in doubt, a person decides."""

    name: Literal["unsafe"] = "unsafe"


@dataclass(frozen=True, slots=True)
class Declared:
    """The merchant says, by the connection's `effect` setting or the step's `effect:`; silence means Unsafe."""

    name: Literal["declared"] = "declared"


Kind = Read | Idempotent | Keyed | Checkable | Unsafe
"""A kind that the ledger can act on."""

AnyKind = Kind | Declared

KINDS: dict[str, type[Kind]] = {
    "read": Read,
    "idempotent": Idempotent,
    "keyed": Keyed,
    "checkable": Checkable,
    "unsafe": Unsafe,
}


@dataclass(frozen=True, slots=True)
class EffectKey:
    """Marks the input field that is the effect's key: `reference: Annotated[str, EffectKey()]`.

    Without a marked field the key is the effect's own id.
    """
