"""`faros user`: somebody is let in, and let in no more; the password is never an argument."""

import asyncio
import json
from typing import Any

from hub.assembly import open_hub
from hub.cli.folder import settings_of
from tests.cli.conftest import Shell

PASSWORD = "a long walk along the pier\n"


def users(shop: Shell) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(shop.here("user", "list", "--json").stdout)
    return found


def trail(shop: Shell) -> list[tuple[str, dict[str, Any]]]:
    async def read() -> list[tuple[str, dict[str, Any]]]:
        async with open_hub(settings_of(shop.folder)) as hub, hub.database.connection() as connection:
            rows = await connection.fetch(
                "select what, detail from audit where what like 'user%' or what like 'pass%'"
            )
            return [(row["what"], row["detail"]) for row in rows]

    return asyncio.run(read())


def test_somebody_is_let_in_gets_a_new_password_and_is_shut_out(shop: Shell) -> None:
    store = "main"
    shop.here("user", "add", "Ada@Example.com", "--role", "ops", "--store", store, stdin=PASSWORD)
    shop.here("user", "password", "ada@example.com", stdin="another walk along the pier\n")
    assert [(u["name"], u["role"], u["stores"], u["disabled_at"]) for u in users(shop)] == [
        ("ada@example.com", "ops", [store], None)
    ]

    shop.here("user", "disable", "ada@example.com")
    assert users(shop)[0]["disabled_at"] is not None
    assert trail(shop) == [
        ("user added", {"user": "ada@example.com", "role": "ops", "stores": [store]}),
        ("password changed", {"user": "ada@example.com"}),
        ("user disabled", {"user": "ada@example.com"}),
    ]


def test_mistakes_are_told_in_a_sentence_and_change_nothing(shop: Shell) -> None:
    here = ("--dir", str(shop.folder))
    short = shop("user", "add", "ada", *here, stdin="short\n")
    nowhere = shop("user", "add", "ada", "--store", "atlantis", *here, stdin=PASSWORD)
    nobody = shop("user", "disable", "ada", *here)

    assert (short.exit_code, nowhere.exit_code, nobody.exit_code) == (1, 1, 1)
    assert "12 to 200 signs" in short.stderr
    assert "There is no store atlantis." in nowhere.stderr
    assert "There is nobody called ada" in nobody.stderr
    assert users(shop) == []


def test_two_people_cannot_have_one_name(shop: Shell) -> None:
    shop.here("user", "add", "ada", stdin=PASSWORD)
    again = shop("user", "add", "ADA", "--dir", str(shop.folder), stdin=PASSWORD)

    assert again.exit_code == 1 and "somebody called ada already" in again.stderr


def test_a_key_may_be_bound_to_stores(shop: Shell) -> None:
    wrong = shop("key", "create", "robot", "--store", "atlantis", "--dir", str(shop.folder))
    assert wrong.exit_code == 1 and "There is no store atlantis." in wrong.stderr
    shop.here("key", "create", "robot", "--store", "main")
    (key,) = json.loads(shop.here("key", "list", "--json").stdout)
    assert (key["name"], key["stores"]) == ("robot", ["main"])
