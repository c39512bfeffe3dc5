"""A merchant's own texts: what lies in templates/ takes the place of the hub's template of the same name."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from hub.flow.noting import Notes, did_you_mean
from hub.flow.reader import Place
from hub.fulfilment.template_lint import lint

LARGEST = 100_000
"""Bytes of one template; the longest of ours has a fiftieth of it."""


def read_templates(folder: Path, stores: Iterable[str], notes: Notes) -> dict[str, Mapping[str, str]]:
    """Each store's own templates by file name: those in templates/, and over them those in templates/STORE/."""
    names = list(stores)
    shared = _read(folder, notes)
    for inner in sorted(path for path in folder.glob("*") if path.is_dir() and path.name not in names):
        hint = did_you_mean(inner.name, names)
        notes.wrong(Place(str(inner), 1, 1), "A folder under templates/ is a store's.", hint)
    found: dict[str, Mapping[str, str]] = {}
    for store in names:
        paths = {**shared, **_read(folder / store, notes)}
        found[store] = {path.name: text for path, text in paths.values()}
        _check(found[store], {name: path for name, (path, _) in paths.items()}, folder, notes)
    return found


def _read(folder: Path, notes: Notes) -> dict[str, tuple[Path, str]]:
    found: dict[str, tuple[Path, str]] = {}
    for path in sorted(p for p in folder.glob("*") if p.is_file() and not p.name.startswith(".")):
        text = _text(path)
        if text is None:
            said = f"A template is a text in UTF-8 of at most {LARGEST // 1000} KB."
            notes.wrong(Place(str(path), 1, 1), said)
        else:
            found[path.name] = path, text
    return found


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8") if path.stat().st_size <= LARGEST else None
    except (OSError, UnicodeDecodeError):
        return None


def _check(own: Mapping[str, str], paths: Mapping[str, Path], folder: Path, notes: Notes) -> None:
    """A fault of a merchant's frame shows in our notices too; then it is the folder that is wrong."""
    for fault in lint(own) if own else ():
        path = paths.get(fault.file)
        said = fault.message if path else f"{fault.file}: {fault.message}"
        notes.wrong(
            Place(str(path or folder), 1, 1), said, "`faros notice preview` shows what is made of it."
        )
