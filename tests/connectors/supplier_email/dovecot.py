"""A real IMAP server on this machine: Debian's Dovecot, on a folder of its own, as no user that matters."""

import asyncio
import os
import pwd
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.floor import MONDAY

PROGRAM = Path("/usr/sbin/dovecot")
PASSWORD = "mailbox-5521"
needed = pytest.mark.skipif(not PROGRAM.exists(), reason="No Dovecot: apt-get install dovecot-imapd.")

_CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/log
default_internal_user = {login}
default_login_user = {login}
default_internal_group = {group}
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{root}/mail/%u
mail_max_userip_connections = 50
first_valid_uid = {uid}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={root}/home/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
protocol imap {{
  imap_capability = {capability}
}}
"""


@dataclass
class Dovecot:
    """The running server. Whoever delivers mail to a mailbox writes a file, as mail servers do (Maildir)."""

    root: Path
    port: int
    owner: pwd.struct_passwd
    process: asyncio.subprocess.Process | None = None
    delivered: int = 0
    mailboxes: set[str] = field(default_factory=set)

    def deliver(self, content: bytes, mailbox: str = "orders") -> Path:
        """A mail comes to a mailbox."""
        self.delivered += 1
        folder = self._maildir(mailbox)
        name = f"{1_700_000_000 + self.delivered}.M{self.delivered}.here"
        draft = folder / "tmp" / name
        draft.write_bytes(content)
        os.chown(draft, self.owner.pw_uid, self.owner.pw_gid)
        # Its INTERNALDATE, on the day on which the trade of the tests begins.
        os.utime(draft, (MONDAY.timestamp(), MONDAY.timestamp()))
        # Where a mail program would have moved it by its first look: a look that changes nothing leaves it in `new`,
        # and that is looked through anew each time.
        return draft.rename(folder / "cur" / f"{name}:2,")

    def lying(self, mailbox: str = "orders") -> list[str]:
        """The mails' files, with the flags that a reader would have left on them."""
        folder = self._maildir(mailbox)
        return sorted(path.name for kind in ("new", "cur") for path in (folder / kind).iterdir())

    def make_anew(self, mailbox: str = "orders") -> None:
        """The server loses its index, so that every mail gets another UID under another UIDVALIDITY."""
        for path in self._maildir(mailbox).glob("dovecot*"):
            path.unlink()

    async def start(self) -> None:
        """Start, and wait until it takes connections."""
        self.process = await asyncio.create_subprocess_exec(
            str(PROGRAM), "-F", "-c", str(self.root / "dovecot.conf"),
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        async with asyncio.timeout(20):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                except OSError:
                    assert self.process.returncode is None, (self.root / "log").read_text()
                    await asyncio.sleep(0.05)
                else:
                    writer.close()
                    await writer.wait_closed()
                    return

    async def stop(self) -> None:
        """Stop it, with all its sessions."""
        if self.process is not None and self.process.returncode is None:
            self.process.terminate()
            await self.process.wait()

    def _maildir(self, mailbox: str) -> Path:
        folder = self.root / "mail" / mailbox
        if mailbox not in self.mailboxes:
            self.mailboxes.add(mailbox)
            for path in (folder, *(folder / kind for kind in ("tmp", "new", "cur"))):
                path.mkdir(parents=True, exist_ok=True)
                os.chown(path, self.owner.pw_uid, self.owner.pw_gid)
        return folder


@asynccontextmanager
async def dovecot(*, idle: bool = True) -> AsyncIterator[Dovecot]:
    """Run it for a test; without `idle` it does not offer to be listened to."""
    # Not in pytest's folder, which only its owner may enter: Dovecot never works as root.
    root = Path(tempfile.mkdtemp(prefix="faros-dovecot-"))
    owner = pwd.getpwnam("dovecot") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    login = "dovenull" if os.geteuid() == 0 else owner.pw_name
    root.chmod(0o755)
    for name in ("mail", "home", "run", "state"):
        (root / name).mkdir()
        os.chown(root / name, owner.pw_uid, owner.pw_gid)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = _CONFIG.format(
        root=root, login=login, group=_group(owner.pw_gid), uid=owner.pw_uid, gid=owner.pw_gid, port=port,
        password=PASSWORD, capability="+IDLE" if idle else "IMAP4rev1 LITERAL+ UIDPLUS",
    )  # fmt: skip
    (root / "dovecot.conf").write_text(config)
    server = Dovecot(root, port, owner)
    server._maildir("orders")
    try:
        await server.start()
        yield server
    finally:
        await server.stop()
        shutil.rmtree(root, ignore_errors=True)


def _group(gid: int) -> str:
    import grp

    return grp.getgrgid(gid).gr_name
