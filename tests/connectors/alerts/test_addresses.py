"""Which addresses are taken: those that reach people, encrypted, and do nothing on this machine."""

from typing import Any

import pytest
from apprise.manager_plugins import NotificationManager
from pydantic import ValidationError

from connectors.alerts.apprise_road import SCHEMES
from connectors.alerts.settings import AlertSettings

SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#ops"


def refusal(*urls: str) -> str:
    with pytest.raises(ValidationError) as wrong:
        AlertSettings.model_validate({"urls": list(urls)})
    return " ".join(found["msg"] for found in wrong.value.errors(include_input=False))


@pytest.mark.parametrize(
    "address",
    [
        SLACK,
        "mailtos://ops:secret@brand.example?to=boss@brand.example",
        "mailto://ops:secret@gmail.com",
        "tgram://123456789:abcdefg_hijklmnop/12315544/",
        "jsons://ops:secret@hooks.brand.example/alerts",
        "json://127.0.0.1:8080/",
        "ntfys://brand-alerts",
    ],
)
def test_addresses_that_reach_people_are_taken(address: str) -> None:
    settings = AlertSettings.model_validate({"urls": [address]})

    assert settings.urls[0].get_secret_value() == address
    assert address not in repr(settings)


def test_every_kind_that_is_taken_is_known_to_apprise_and_no_other_kind_of_apprises_is_taken() -> None:
    manager: Any = NotificationManager  # it has no types
    known = set(manager().schemas())

    assert known >= SCHEMES
    for scheme in sorted(known - SCHEMES):
        assert "acts on this machine" in refusal(f"{scheme}://user:secret@host.example/a/b/c")


@pytest.mark.parametrize(
    "scheme",
    ["syslog", "dbus", "glib", "gnome", "windows", "macosx", "blink1", "rsyslog", "file", "exec", "python"],
)
def test_nothing_is_taken_that_acts_on_this_machine(scheme: str) -> None:
    assert scheme not in SCHEMES
    assert "acts on this machine" in refusal(f"{scheme}://localhost/tmp/x")


@pytest.mark.parametrize(
    "address",
    [
        "jsons://ops:secret@hooks.brand.example/?verify=no",
        "jsons://ops:secret@hooks.brand.example/?redirect=yes",
        "jsons://ops:secret@hooks.brand.example/?retry=3",
        "json://ops:secret@hooks.brand.example/",
        "json://ops:secret@10.0.0.7/",
        "mailto://ops:secret@brand.example",
        "mailtos://ops:secret@brand.example?mode=insecure",
        "slack://secret",
        "secret",
        "",
        "hooks.slack.com/services/secret",
        "ntfy://secret@ntfy.brand.example/topic",
    ],
)
def test_an_address_that_is_no_good_is_refused_when_it_is_read_and_not_repeated(address: str) -> None:
    said = refusal(SLACK, address)

    assert said
    assert "secret" not in said


def test_somebody_must_be_told() -> None:
    assert refusal()
