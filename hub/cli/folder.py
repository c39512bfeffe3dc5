"""What a project's folder says before the hub is opened: its settings, and which plugins may be loaded."""

from pathlib import Path

from hub.assembly import catalog_of
from hub.catalog.catalog import Catalog
from hub.project.project import allowed_plugins
from hub.settings import Settings


def settings_of(folder: Path) -> Settings:
    """The environment's settings; the data lies in the project's folder unless FAROS_DATA says otherwise."""
    found = Settings()
    if "data" in found.model_fields_set:
        return found
    return found.model_copy(update={"data": (folder / ".faros").absolute()})


def catalog_for(folder: Path) -> Catalog:
    """What is installed and allowed by the folder's hub.yaml."""
    return catalog_of(allowed_plugins(folder))
