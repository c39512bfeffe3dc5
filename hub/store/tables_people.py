"""The tables of people who sign in, and of what they say about cases besides deciding them."""

from uuid import UUID

from sqlalchemy import BigInteger, Column, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from hub.store.columns import Moment, moment, sealed


class UserRow(SQLModel, table=True):
    """Somebody who signs in. `stores` are those they may see; null is all of them. Nobody is removed, only disabled.

    `subject` is issuer and subject of somebody who signs in at an OpenID provider, and has no password."""

    __tablename__ = "users"
    id: UUID = Field(primary_key=True)
    name: str = Field(unique=True)
    password_hash: str = Field(sa_column_kwargs={"info": {"pii": "secret"}})
    role: str
    stores: list[str] | None = Field(default=None, sa_column=Column(ARRAY(Text), nullable=True))
    created_at: Moment = moment(required=True)
    changed_at: Moment = moment(required=True)
    disabled_at: Moment | None = moment()
    subject: str | None = Field(default=None, unique=True)


class SignInTicketRow(SQLModel, table=True):
    """Who came back from an OpenID provider, until the dashboard takes them in. Only the ticket's hash is kept."""

    __tablename__ = "sign_in_tickets"
    ticket_hash: str = Field(primary_key=True)
    user_id: UUID = Field(foreign_key="users.id")
    expires_at: Moment = moment(required=True)


class SessionRow(SQLModel, table=True):
    """One sign-in. Only the token's hash is kept; it ends at `expires_at`, or when it is ended before."""

    __tablename__ = "sessions"
    token_hash: str = Field(primary_key=True)
    user_id: UUID = Field(index=True, foreign_key="users.id")
    made_at: Moment = moment(required=True)
    expires_at: Moment = moment(required=True, index=True)
    ended_at: Moment | None = moment()


class SignInTriesRow(SQLModel, table=True):
    """Failed tries to sign in under a name, known or not, which is kept as a hash; none are taken before
    `closed_until`."""

    __tablename__ = "sign_in_tries"
    name_hash: str = Field(primary_key=True)
    failures: int
    last_at: Moment = moment(required=True)
    closed_until: Moment | None = moment()


class CaseNoteRow(SQLModel, table=True):
    """What a person wrote about a case; it may name a customer, so it is sealed."""

    __tablename__ = "case_notes"
    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    case_id: UUID = Field(index=True, foreign_key="cases.id")
    store_id: str
    person_id: UUID
    by: str
    at: Moment = moment(required=True)
    body: bytes = sealed("payload", required=True)


class CaseProposalRow(SQLModel, table=True):
    """What one person decided where two must. `body` is their note and answer, sealed."""

    __tablename__ = "case_proposals"
    case_id: UUID = Field(primary_key=True, foreign_key="cases.id")
    store_id: str
    person_id: UUID
    choice: str
    by: str
    at: Moment = moment(required=True)
    body: bytes = sealed("payload", required=True)
