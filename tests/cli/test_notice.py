"""What customers are written can be read before anybody sends it."""

import json
from pathlib import Path

import pytest

from hub.fulfilment.notice_view import NOTICES
from tests.cli.conftest import Shell
from tests.project.test_templates import OWN, put


@pytest.fixture
def project(shell: Shell) -> Shell:
    """A new project with a brand of its own."""
    shell("init", str(shell.folder))
    hub = shell.folder / "hub.yaml"
    hub.write_text(hub.read_text().replace("      name: My Shop\n", "      name: Lumen & Oak\n"))
    return shell


def test_every_notice_is_listed_by_its_subject(project: Shell) -> None:
    put(project.folder, OWN)

    listed = json.loads(project.here("notice", "list", "--json").stdout)

    assert [row["notice"] for row in listed] == list(NOTICES)
    assert [(row["notice"], row["subject"]) for row in listed if row["own"]] == [("delayed", "Patience")]
    assert "An update on" not in project.here("notice", "list").stdout


@pytest.mark.row("S1-134")
@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_is_shown_in_the_brands_name(project: Shell, notice: str) -> None:
    mail = json.loads(project.here("notice", "preview", notice, "--json").stdout)
    sms = project.here("notice", "preview", notice, "--channel", "sms").stdout

    assert "Lumen & Oak" in mail["text"] and "Lumen &amp; Oak" in mail["html"]
    assert sms.startswith("Lumen & Oak: ") and "Subject" not in sms


def test_a_mail_is_written_as_a_page(project: Shell, tmp_path: Path) -> None:
    page = tmp_path / "delayed.html"

    shown = project.here("notice", "preview", "delayed", "--html", str(page))

    assert shown.stdout.startswith("Subject: An update on your pendant")
    assert "Lumen &amp; Oak" in page.read_text()


def test_a_text_of_ones_own_takes_the_place_of_ours(project: Shell) -> None:
    put(project.folder, OWN)

    assert "It takes a while." in project.here("notice", "preview", "delayed").stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["delyed"], 'Did you mean "delayed"?'),
        (["delayed", "--channel", "pigeon"], 'There is no channel "pigeon".'),
        (["delayed", "--channel", "sms", "--html", "x.html"], "A text message has no HTML."),
        (["delayed", "--store", "mian"], 'Did you mean "main"?'),
    ],
)
def test_what_cannot_be_shown_is_said(project: Shell, words: list[str], told: str) -> None:
    refused = project("notice", "preview", *words, "--dir", str(project.folder))

    assert refused.exit_code == 1
    assert told in refused.stderr
    assert refused.stdout == ""


def test_a_faulty_text_is_found_by_checking_the_folder(project: Shell) -> None:
    put(project.folder, OWN.replace("a while", "{{ supplier.name }}"))

    checked = project("flow", "check", str(project.folder))

    assert checked.exit_code == 1
    assert "It names `supplier`, which no customer may see." in checked.stderr


def test_a_brand_that_says_too_little_is_named(project: Shell) -> None:
    hub = project.folder / "hub.yaml"
    hub.write_text(hub.read_text().replace("    public_url: http://127.0.0.1:8000", "    # no address"))

    refused = project("notice", "preview", "delayed", "--dir", str(project.folder))

    assert refused.exit_code == 1
    assert "The store's brand in hub.yaml lacks site." in refused.stderr
