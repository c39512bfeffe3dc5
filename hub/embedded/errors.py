"""The one error of this room: always a sentence, always with a way out."""

REMEDY = "Give DATABASE_URL and REDIS_URL to use servers of your own."


class EmbeddedError(Exception):
    """The hub cannot run its own PostgreSQL or Valkey here; the text says why and what to do instead."""

    def __init__(self, why: str) -> None:
        super().__init__(f"{why} {REMEDY}")
