"""A merchant's own texts: taken in place of ours, checked before a customer reads them, and published with the rest."""

from pathlib import Path

import pytest

from tests.project.folder import HUB, loaded, mistakes, write

OWN = (
    "{% extends frame %}{% import kit as kit %}{% block subject %}Patience{% endblock %}"
    "{% block body %}It takes a while.{% endblock %}{% block sms %}It takes a while.{% endblock %}"
)
TWO = HUB.replace("stores:\n", "stores:\n  other:\n    currency: EUR\n").replace(
    "    connector:", "    store: main\n    connector:"
)


def put(folder: Path, text: str, name: str = "delayed.jinja", store: str = "") -> Path:
    """A text of the merchant's own in templates/."""
    path = folder / "templates" / store / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return folder


def texts(folder: Path) -> dict[str, dict[str, str]]:
    return {store.id: dict(store.templates) for store in loaded(folder).stores}


def test_a_project_without_texts_of_its_own_has_ours(tmp_path: Path) -> None:
    assert texts(write(tmp_path)) == {"main": {}}


def test_a_text_goes_to_every_store_unless_one_has_its_own(tmp_path: Path) -> None:
    write(tmp_path, hub=TWO)
    (tmp_path / "flows" / "main").mkdir()
    (tmp_path / "flows" / "note.yaml").rename(tmp_path / "flows" / "main" / "note.yaml")
    put(tmp_path, OWN)
    put(tmp_path, OWN.replace("Patience", "Geduld"), store="other")

    found = texts(tmp_path)

    assert "Patience" in found["main"]["delayed.jinja"]
    assert "Geduld" in found["other"]["delayed.jinja"]


@pytest.mark.row("S1-083")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (OWN.replace("a while", "{{ supplier.name }}"), "It names `supplier`, which no customer may see."),
        (OWN.replace("a while", "{{ order.nubmer }}"), 'Did you mean "order.number"?'),
        (OWN.replace("{% endblock %}", "", 1), "It cannot be read: line"),
    ],
)
def test_what_no_customer_may_read_is_a_mistake_of_the_project(tmp_path: Path, text: str, said: str) -> None:
    found = mistakes(put(write(tmp_path), text))

    assert any(said in problem.message for problem in found)
    assert {Path(problem.place.path).name for problem in found} == {"delayed.jinja"}


def test_a_frame_that_signs_nothing_spoils_all_notices_and_is_told_once_for_each(tmp_path: Path) -> None:
    found = mistakes(put(write(tmp_path), "Bye", "signature.txt"))

    assert {Path(problem.place.path).name for problem in found} == {"templates"}
    assert "delayed.jinja: Its text does not carry the brand's signature." in [p.message for p in found]


@pytest.mark.parametrize(
    ("name", "store", "said"),
    [
        ("delyed.jinja", "", 'Did you mean "delayed.jinja"?'),
        ("delayed.jinja", "mian", "A folder under templates/ is a store's."),
    ],
)
def test_a_text_that_would_never_be_used_is_a_mistake(
    tmp_path: Path, name: str, store: str, said: str
) -> None:
    (problem,) = mistakes(put(write(tmp_path), OWN, name, store))

    assert said in f"{problem.message} {problem.hint}"


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x" * 100_001])
def test_what_is_no_text_is_a_mistake(tmp_path: Path, content: bytes) -> None:
    put(write(tmp_path), "")
    (tmp_path / "templates" / "delayed.jinja").write_bytes(content)

    (problem,) = mistakes(tmp_path)

    assert "a text in UTF-8 of at most 100 KB" in problem.message
