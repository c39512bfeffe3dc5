"""What the process is told from outside, read once at the door."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from hub.store.identities import Oidc


class Settings(BaseSettings):
    """Environment variables. Everything has a default that works on one machine."""

    model_config = SettingsConfigDict(env_prefix="FAROS_", extra="ignore", frozen=True)

    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")
    """PostgreSQL to use; without it the hub runs its own under `data`."""
    redis_url: str | None = Field(default=None, validation_alias="REDIS_URL")
    """Valkey or Redis to use; without it the hub runs its own under `data`."""
    data: Path = Path(".faros")
    """Where the hub keeps its own servers, keys and logs."""
    master_key: SecretStr | None = None
    """64 hex digits; without it, a file of mode 0600 in `data`."""
    api_key: SecretStr | None = None
    """An admin key that is valid from the start."""
    sandbox_url: str | None = None
    """Where the doubles answer, for connections of mode sandbox."""
    workers: int = Field(default=1, ge=1, le=64)
    """Worker processes that `up` starts."""
    lease: float = Field(default=20.0, gt=0)
    """Seconds a worker's leases last without a beat, by the database's clock."""
    call: float = Field(default=8.0, gt=0)
    """Seconds one outbound call may take."""
    sweep: float = Field(default=1.0, gt=0)
    """Seconds between two looks for what is due."""
    at_once: int = Field(default=256, ge=1)
    """Runs one worker advances at the same time."""
    log_level: str = "info"
    oidc: Oidc | None = None
    """As JSON. Without it people sign in with a name and a password only; with it, in either way."""
