"""What a project's folder says before the hub is opened: its settings, and which plugins may be loaded."""

from pathlib import Path

from hub.assembly import catalog_of
from hub.catalog.catalog import Catalog
from hub.cli.terminal import fail
from hub.project.flows import find
from hub.project.project import allowed_plugins
from hub.settings import Settings


def settings_of(folder: Path) -> Settings:
    """The environment's settings; the data lies in the project's folder unless FAROS_DATA says otherwise."""
    found = Settings()
    if "data" not in found.model_fields_set:
        found = found.model_copy(update={"data": (folder / ".faros").absolute()})
    note = doubles_note(found)
    if found.sandbox_url is None and note.exists():
        found = found.model_copy(update={"sandbox_url": note.read_text().strip() or None})
    return found


def doubles_note(settings: Settings) -> Path:
    """Where `faros up` notes the address of its doubles, for commands typed beside it."""
    return settings.data / "sandbox-url"


def flow_files(folder: Path) -> list[Path]:
    """The flow files of a project or of a folder of flows; without any the command ends."""
    found = find(folder / "flows" if (folder / "flows").is_dir() else folder)
    if not found:
        fail(f"There are no flow files in {folder}.", "`faros init DIR` writes a folder with flows.")
    return found


def catalog_for(folder: Path) -> Catalog:
    """What is installed and allowed by the folder's hub.yaml."""
    return catalog_of(allowed_plugins(folder))
