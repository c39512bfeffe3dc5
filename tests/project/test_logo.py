"""A brand's logo is a small picture beside hub.yaml; what is none is a mistake with its line, not a broken mail."""

from pathlib import Path

import pytest

from hub.engine.world import StoreConfig
from hub.pages.brands import brand_of
from hub.project.logo import LARGEST
from hub.store.sealing import Vault
from tests.project.folder import HUB, loaded, mistakes, write

PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
IMAGE = "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4="


def branded(folder: Path, logo: str) -> Path:
    """A project whose brand has this logo."""
    return write(
        folder, hub=HUB.replace("  main:\n", f"  main:\n    brand: {{name: Moss, logo: '{logo}'}}\n")
    )


def test_a_picture_in_the_folder_is_written_out_and_fits_on_a_page(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_bytes(PICTURE)
    (store,) = loaded(branded(tmp_path, "logo.svg")).stores
    assert store.settings["brand"]["logo"] == IMAGE
    box, _ = Vault(bytes(32)).new_box()
    assert brand_of(StoreConfig("main", box, store.settings)).logo == IMAGE


def test_the_largest_picture_still_fits_on_a_page(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(b"x" * LARGEST)
    (store,) = loaded(branded(tmp_path, "logo.png")).stores
    box, _ = Vault(bytes(32)).new_box()
    assert brand_of(StoreConfig("main", box, store.settings)).logo.startswith("data:image/png")


@pytest.mark.parametrize("logo", ["https://moss.example/logo.png", IMAGE])
def test_an_address_or_a_picture_written_out_stays_as_it_is(tmp_path: Path, logo: str) -> None:
    (store,) = loaded(branded(tmp_path, logo)).stores
    assert store.settings["brand"]["logo"] == logo


@pytest.mark.parametrize(
    ("logo", "said"),
    [
        ("logo.pdf", "is no picture"),
        ("../logo.png", "lies in the project's folder"),
        ("none.png", "cannot be read: No such file"),
        ("large.png", "may have 40000"),
        ("empty.png", "has 0 bytes"),
    ],
)
def test_what_is_no_small_picture_of_ours_is_a_mistake(tmp_path: Path, logo: str, said: str) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (tmp_path / "logo.png").write_bytes(PICTURE)
    (project / "large.png").write_bytes(b"x" * (LARGEST + 1))
    (project / "empty.png").touch()
    (mistake,) = mistakes(branded(project, logo))
    assert said in mistake.message
    assert mistake.place.line > 1
