"""The brand's own mail server, beside its messaging service or in place of it."""

from connectors.smtp.sandbox import PASSWORD, USERNAME, SmtpSandbox
from hub.engine.publishing import publish
from hub.project.project import load
from tests.acceptance.brand import Brand

MAIL = (
    "  mail-1: {connector: smtp, mode: sandbox, store: main, base_url: 'http://mail-1.test', settings: {"
    f"host: mail.example, username: {USERNAME}, password: {PASSWORD}, message_id_domain: brand.example, "
    "effect: unsafe}}"
)
"""The brand's own mail server, which sends again whatever it is handed again."""


async def revise(brand: Brand, *changes: tuple[str, str]) -> None:
    """The merchant changes lines of hub.yaml and applies it."""
    path, hub = brand.folder / "hub.yaml", brand.floor.hub
    text = path.read_text()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path.write_text(text)
    async with hub.database.transaction() as connection:
        await publish(connection, load(brand.folder, hub.catalog).publication(), "ada", brand.floor.now)
    await hub.refresh()
    hub.adopt(brand.floor.pump.engine)


async def with_mail_server(brand: Brand, messengers: str) -> SmtpSandbox:
    """The brand also has a mail server; `messengers` are asked in this order."""
    server = SmtpSandbox()
    server.now = brand.floor.hub.clock.now
    brand.floor.sandboxes["mail-1"] = server
    await revise(
        brand,
        ("connections:\n", f"connections:\n{MAIL}\n"),
        ("messages: [messages-1]", f"messages: [{messengers}]"),
    )
    return server
