"""Whom an OpenID provider says somebody is, and what that lets them do here."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from hub.store.keys import Role

_RANK: dict[Role, int] = {"viewer": 0, "ops": 1, "admin": 2}


def _guarded(address: str) -> str:
    if not address.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        raise ValueError("it must begin with https://, or be on this machine")
    return address


Address = Annotated[str, AfterValidator(_guarded)]


class Grant(BaseModel):
    """What people of a group may do. `stores` are those they may see; without it, all."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    role: Role
    stores: list[str] | None = None


class Oidc(BaseModel):
    """An OpenID provider at which people sign in, and who of its people may. Who is in no group of `grants` may not.

    `redirect_uri` is this hub's `/session/oidc/callback`, as browsers reach it and as the provider knows it;
    `dashboard_url` is where people go from there, and where that is https their cookies go by TLS alone. `groups` and
    `name` are the claims that say somebody's groups, and what they are called in the audit trail. Without a
    `client_secret` the hub is a public client; PKCE it always uses.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: Address
    client_id: str = Field(min_length=1)
    client_secret: SecretStr | None = None
    redirect_uri: Annotated[Address, Field(pattern=r"/session/oidc/callback$")]
    dashboard_url: Address
    groups: str = "groups"
    name: str = "email"
    grants: dict[str, Grant] = Field(min_length=1)

    @property
    def begins_at(self) -> str:
        """Where a browser begins."""
        return self.redirect_uri.removesuffix("/callback")

    def who(self, claims: Mapping[str, Any]) -> dict[str, Any] | None:
        """Somebody with what their groups let them do, the highest role and all stores of it; None if nothing does."""
        said = claims.get(self.groups)
        groups = [said] if isinstance(said, str) else said if isinstance(said, list) else []
        granted = [self.grants[group] for group in groups if isinstance(group, str) and group in self.grants]
        name = claims.get(self.name)
        if (
            not granted
            or not isinstance(name, str)
            or not name.strip()
            or claims.get("email_verified") is False
        ):
            return None
        role = max((grant.role for grant in granted), key=lambda role: _RANK[role])
        stores = [grant.stores for grant in granted if grant.role == role]
        seen = None if None in stores else sorted({store for some in stores for store in some or []})
        return {"subject": f"{claims['iss']} {claims['sub']}", "name": name, "role": role, "stores": seen}
