"""Where a connection goes instead of to the real service: what its connector can speak to, at a port there is."""

from pathlib import Path

import pytest

from tests.project.folder import HUB, loaded, mistakes, write

MAIL = """\
  mail-1:
    connector: smtp
    base_url: "{url}"
    settings:
      host: mail.shop.example
      sender: hello@shop.example
"""


def mailing(folder: Path, url: str) -> Path:
    """A project that sends by the mail server at an address."""
    hub = HUB.replace("connections:\n", "connections:\n" + MAIL.format(url=url), 1)
    return write(folder, hub=hub)


@pytest.mark.parametrize(
    "url", ["smtp://127.0.0.1:2525", "smtp://mail.example", "http://127.0.0.1:8025", "https://mail.example"]
)
def test_a_mail_server_is_reached_by_its_own_protocol_or_by_its_double(tmp_path: Path, url: str) -> None:
    connections = {c.id: c for c in loaded(mailing(tmp_path, url)).connections}

    assert connections["mail-1"].base_url == url


@pytest.mark.parametrize(
    "url", ["ftp://mail.example", "smtp:mail.example", "smtp://", "smtp://me@mail.example"]
)
def test_what_it_cannot_speak_to_is_named_with_what_it_can(tmp_path: Path, url: str) -> None:
    (problem,) = mistakes(mailing(tmp_path, url))

    assert problem.message == '"base_url" is an address that begins with smtp:// or https:// or http://.'
    assert problem.place.line == 11


@pytest.mark.parametrize("port", ["0", "65536", "99999999", "http", "-1", "25 "])
def test_a_port_there_is_not_is_a_mistake_of_its_own(tmp_path: Path, port: str) -> None:
    (problem,) = mistakes(mailing(tmp_path, f"smtp://mail.example:{port}"))

    assert problem.message == '"base_url" has a port that cannot be used.'
    assert problem.hint == "A port is a number from 1 to 65535."


def test_a_service_that_speaks_http_is_not_reached_by_mail(tmp_path: Path) -> None:
    hub = HUB.replace(
        "    connector: easypost\n", "    connector: easypost\n    base_url: smtp://127.0.0.1:25\n"
    )

    (problem,) = mistakes(write(tmp_path, hub=hub))

    assert problem.message == '"base_url" is an address that begins with https:// or http://.'
