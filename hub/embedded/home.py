"""Where the servers' files lie, who owns them, and where their sockets are.

PostgreSQL refuses to run as root. Started by root, the servers run under a number of their own that no
account on the machine has, so nothing else can read the data and no account has to be created.
"""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hub.embedded.errors import EmbeddedError

# Between the ranges of people (< 60000), of systemd's homes and of its dynamic users, and below 65536,
# because a rootless container maps no number above that.
SERVER_UID = 60718
ROOTS_DATA = Path("/var/lib/faros")
LONGEST_SOCKET = 100  # the kernel takes 107 bytes on Linux and 103 on macOS
LONGEST_NAME = len("/.s.PGSQL.5432.lock")


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one hub's servers. `uid` is the number they run under, None when it is our own."""

    folder: Path
    uid: int | None

    @property
    def postgres(self) -> Path:
        """PostgreSQL's cluster; absent until the first start has finished building it."""
        return self.folder / "postgres"

    @property
    def valkey(self) -> Path:
        """Valkey's append-only files."""
        return self.folder / "valkey"

    @property
    def note(self) -> Path:
        """The file in which the owner leaves the path of the sockets for those who attach."""
        return self.folder / "sockets.path"

    def own(self, folder: Path) -> Path:
        """Make one of our folders, closed to everybody but the servers; parents keep their permissions."""
        folder.mkdir(exist_ok=True)
        if self.uid is not None:
            os.chown(folder, self.uid, self.uid)
        folder.chmod(0o700)
        return folder

    def sockets(self) -> Path:
        """Make the folder of the sockets; a long path moves to the runtime folder, which is always short."""
        near = self.folder / "run"
        if len(os.fsencode(near)) + LONGEST_NAME <= LONGEST_SOCKET:
            return self.own(near)
        far = _runtime(self.uid) / f"faros-{_digest(self.folder)}"
        owner = os.geteuid() if self.uid is None else self.uid
        if far.is_symlink() or (far.exists() and (not far.is_dir() or far.stat().st_uid != owner)):
            # The name can be guessed, and /tmp is everybody's.
            raise EmbeddedError(f"{far} is needed for sockets, but belongs to somebody else.")
        return self.own(far)


def choose(data: Path) -> Home:
    """The home for an asked data folder: the folder itself, or under /var/lib/faros where root's servers,
    which are not root, could not reach it."""
    asked = data.expanduser().absolute()
    try:
        if os.geteuid() != 0:
            asked.mkdir(parents=True, exist_ok=True)
            return Home(asked.resolve(), None)
        asked.parent.mkdir(parents=True, exist_ok=True)
        asked = asked.resolve()
        if not reachable(asked.parent) or (asked.exists() and not reachable(asked)):
            ROOTS_DATA.mkdir(mode=0o755, exist_ok=True)
            asked = ROOTS_DATA / f"{asked.name.lstrip('.')}-{_digest(asked)}"
        asked.mkdir(mode=0o755, exist_ok=True)
    except OSError as error:
        raise unwritable(asked, error) from None
    return Home(asked, SERVER_UID)


def reachable(path: Path) -> bool:
    """Whether a stranger on this machine may pass through every folder down to `path`."""
    return all(part.stat().st_mode & stat.S_IXOTH for part in (path, *path.parents))


def unwritable(folder: Path, error: OSError) -> EmbeddedError:
    """The sentence for a folder that refuses us."""
    why = error.strerror or type(error).__name__
    return EmbeddedError(f"The data folder {folder} cannot be used ({why}): name another folder.")


def _runtime(uid: int | None) -> Path:
    given = os.environ.get("XDG_RUNTIME_DIR")
    if uid is None and given and len(os.fsencode(given)) < 50 and Path(given).is_dir():
        return Path(given)
    short = Path(tempfile.gettempdir())
    return short if len(os.fsencode(short)) < 50 else Path("/tmp")  # noqa: S108 - owner is checked above


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
