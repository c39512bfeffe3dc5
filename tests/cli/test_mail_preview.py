"""The mail that a supplier will get can be seen, and sent to somebody else, before it is sent to the supplier."""

import asyncio
import json

import pytest

from tests.cli.conftest import Shell
from tests.connectors.smtp.post_office import PASSWORD, PostOffice, serve

GLOBEX = """\
connections:
  globex:
    connector: supplier_email
    settings:
      supplier: orders@globex.example
      sender: buying@brand.example
      shop: Lumen & Oak
      smtp: {host: 127.0.0.1, port: %d, security: none, username: brand, password: "${env:MAIL_PASSWORD}"}
      template:
        subject: "Order {{ reference }} of {{ shop }}"
        text: |
          Dear Globex,

          {{ purchase }}

          {{ address }}

          {{ articles }}

          {{ answer }}
"""


def write_to_globex(shell: Shell, port: int = 2525, **changed: str) -> None:
    """The merchant connects a supplier by mail."""
    hub = shell.folder / "hub.yaml"
    text = GLOBEX % port
    for before, after in changed.items():
        text = text.replace(f"{{{{ {before} }}}}", after)
    hub.write_text(hub.read_text().replace("connections:\n", text, 1))


@pytest.fixture
def project(shell: Shell) -> Shell:
    shell.begin()
    return shell


@pytest.mark.row("S2-052")
def test_the_mail_is_shown_about_an_invented_order_without_any_secret_or_server(project: Shell) -> None:
    write_to_globex(project)
    to = project.folder / "mail.html"

    shown = json.loads(project.here("mail", "preview", "globex", "--json").stdout)
    project.here("mail", "preview", "globex", "--html", str(to))

    assert shown["to"] == "orders@globex.example"
    assert shown["subject"] == "Order EXAMPLE-1-abc234 of Lumen & Oak"
    assert shown["text"].startswith("Dear Globex,") and "Apt 7F" in shown["text"]
    assert "Lumen &amp; Oak" in to.read_text()
    assert "Subject: Order EXAMPLE-1" in project.here("mail", "preview", "globex").stdout


def test_a_template_that_leaves_out_the_address_is_a_mistake_of_the_project(project: Shell) -> None:
    write_to_globex(project, address="")
    result = project("mail", "preview", "globex", "--dir", str(project.folder))
    assert result.exit_code == 1
    assert "leaves out ship_to.name" in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("name", "said"),
    [("globexx", 'There is no connection "globexx"'), ("shop-1", "shop-1 is not written to by mail")],
)
def test_what_is_no_supplier_by_mail_is_said(project: Shell, name: str, said: str) -> None:
    write_to_globex(project)
    result = project("mail", "preview", name, "--dir", str(project.folder))
    assert (result.exit_code, said in result.output) == (1, True)


@pytest.mark.row("S2-052")
async def test_a_test_is_sent_by_the_suppliers_own_server_to_the_address_given(
    shop: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    async with serve(PostOffice(), auth_require_tls=False) as office:
        write_to_globex(shop, office.port)
        await asyncio.to_thread(shop.here, "apply")
        told = await asyncio.to_thread(shop.here, "mail", "test", "globex", "--to", "ada@brand.example")
        wrong = await asyncio.to_thread(
            shop, "mail", "test", "globex", "--to", "ada", "--dir", str(shop.folder)
        )

    (envelope,) = office.taken
    assert envelope.rcpt_tos == ["ada@brand.example"]
    assert office.mails[0]["Subject"] == "[Test, nothing is ordered] Order EXAMPLE-1-abc234 of Lumen & Oak"
    assert "has taken the test for ada@brand.example" in told.output
    assert wrong.exit_code == 1 and "Give one address" in wrong.output
