"""Notices as mails and text messages: templates are data, a merchant may bring his own, and each is checked. Pure.

A notice's template says each thing once, in blocks; the frame of the channel (`frame.html`, `frame.sms`, ...) makes it
a mail or a text message and signs it in the brand's name.
"""

import html
import re
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

from minijinja import Environment, TemplateError, safe

from hub.fulfilment.notice_view import Notice, NoticeView, variables
from hub.sdk.commerce import Record
from hub.sdk.errors import HubError
from hub.sdk.messages import Channel

FUEL = 50_000
"""Steps one rendering may take; the longest of ours takes a twentieth of it."""
LONGEST_SMS = 320
LONGEST_SUBJECT = 200
PARAGRAPH = '<p style="margin:0 0 16px;font-size:16px;line-height:24px;word-break:break-word">{}</p>'


class Unrenderable(HubError):
    """A notice could not be made: its template is wrong, or a fact that it names is missing."""


class Rendered(Record):
    """One message. A text message has a text alone."""

    subject: str = ""
    text: str
    html: str = ""


class Templates:
    """Template sources by file name; a merchant's replace ours one by one."""

    def __init__(self, own: Mapping[str, str] | None = None) -> None:
        """`own` is such as `{"delayed.jinja": "...", "signature.txt": "..."}`."""
        self.sources: Mapping[str, str] = {**built_in(), **(own or {})}
        self._plain = _environment(self.sources, _text_paragraphs, escape=False)
        self._html = _environment(self.sources, _html_paragraphs, escape=True)

    def render(self, notice: Notice, channel: Channel, view: NoticeView) -> Rendered:
        """The message; raises `Unrenderable`, which says where and quotes no customer."""
        values = variables(view)
        if channel == "sms":
            text = self._said(self._plain, notice, "frame.sms", values)
            return Rendered(text=_within(" ".join(text.split()), LONGEST_SMS, f"The text message {notice}"))
        subject = " ".join(self._said(self._plain, notice, "frame.subject", values).split())
        return Rendered(
            subject=_within(subject, LONGEST_SUBJECT, f"The subject of {notice}"),
            text=self._said(self._plain, notice, "frame.txt", values).strip() + "\n",
            html=self._said(self._html, notice, "frame.html", values),
        )

    def _said(self, environment: Environment, notice: str, frame: str, values: dict[str, Any]) -> str:
        kit = "kit.html" if frame == "frame.html" else "kit.txt"
        try:
            return environment.render_template(f"{notice}.jinja", frame=frame, kit=kit, **values)
        except TemplateError as error:
            # Its message may quote what it was rendering; its kind and line do not.
            raise Unrenderable(f"{notice} in {frame}, line {error.line}: {error.kind}.") from None


def built_in() -> dict[str, str]:
    """The templates that come with the hub."""
    folder = files("hub.fulfilment").joinpath("templates")
    return {found.name: found.read_text(encoding="utf-8") for found in folder.iterdir() if found.is_file()}


def _environment(
    sources: Mapping[str, str], paragraphs: Callable[[str], str], *, escape: bool
) -> Environment:
    environment = Environment(
        loader=sources.get,
        fuel=FUEL,
        undefined_behavior="strict",
        auto_escape_callback=lambda _: escape,
        debug=False,
        finalizer=_escaped if escape else None,
        pycompat=False,  # Else `x.items` may be a method of Python's.
    )
    environment.add_filter("paragraphs", paragraphs)
    return environment


def _escaped(value: Any) -> Any:
    """As the engine escapes, but for slashes: an address in a mail should be found by programs that look for one."""
    return safe(html.escape(value)) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _text_paragraphs(text: str) -> str:
    """Paragraphs with one empty line between them, however many the conditions of a template left."""
    return re.sub(r"\s*\n[ \t]*\n\s*", "\n\n", text.strip())


def _html_paragraphs(text: str) -> str:
    """What stands between empty lines becomes a paragraph, unless it is a table of the kit's already."""
    found = _text_paragraphs(text).split("\n\n")
    return safe("\n".join(p if p.startswith("<table") else PARAGRAPH.format(p) for p in found if p))


def _within(text: str, longest: int, noun: str) -> str:
    if len(text) > longest:
        raise Unrenderable(f"{noun} has {len(text)} characters; {longest} fit.")
    return text
