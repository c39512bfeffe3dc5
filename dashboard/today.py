"""The parts of the page Today: the sentence, a card for each root cause, and what can be decided for all of it."""

from datetime import datetime

import streamlit as st

from dashboard import parts, session, times
from dashboard.ask import cases, changes
from dashboard.markup import Markup, join, label, tag

SHOWN = 5
"""Orders of a group that are named; the others are one click away."""


def sentence(waiting: cases.Groups) -> None:
    """`3 orders need your attention today`, and how much time there is."""
    one, many = "order needs your attention today", "orders need your attention today"
    st.html(join(tag("h1", parts.counted(waiting.orders, one, many))))
    tiles = [
        (waiting.overdue, "past their time", "late" if waiting.overdue else ""),
        (waiting.due_today, "due today", "near" if waiting.due_today else ""),
        (waiting.open, "open exceptions", ""),
        (len(waiting.groups), "root causes", ""),
    ]
    if waiting.open:
        st.html(parts.stats(tiles))


PROMISES = ("late", "due-soon")
"""Kinds that say of another exception, or of a purchase, that its time runs out: they come after the causes."""


def causes_first(groups: list[cases.Group]) -> list[cases.Group]:
    """Root causes in the order in which they are due, then what only says that time runs out."""
    return sorted(groups, key=lambda group: group.kind in PROMISES)


def chosen(waiting: cases.Groups) -> int:
    """Which group the keys speak to."""
    number: int = st.session_state.get("chosen", 0)
    return min(number, max(0, len(waiting.groups) - 1))


def keys(waiting: cases.Groups) -> None:
    """Going through the groups without a mouse."""
    if len(waiting.groups) < 2:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="keys"):
        for name, key, step in (("Next", "J", 1), ("Previous", "K", -1)):
            if st.button(name, key=f"go-{name}", type="tertiary", shortcut=key):
                st.session_state["chosen"] = (chosen(waiting) + step) % len(waiting.groups)
                st.rerun(scope="fragment")


def card(group: cases.Group, *, is_chosen: bool) -> None:
    """A root cause: how many, how long, whose, and what may be done for all at once."""
    now = session.now()
    with st.container(border=True, key=f"group-{'chosen-' if is_chosen else ''}{group.key}"):
        st.html(
            join(
                tag(
                    "h2",
                    f"{parts.titled(group.kind)} ",
                    tag("span", f"\N{MULTIPLICATION SIGN} {group.count}", class_="f-quiet"),
                ),
                tag("p", *_chips(group, now), class_="f-chips"),
            )
        )
        with st.container(horizontal=True, gap="small"):
            for brief in group.first[:SHOWN]:
                name = f"#{brief.subject}" if brief.subject else brief.title
                st.page_link("views/exception.py", label=label(name), query_params={"case": brief.id})
            more = group.count - min(SHOWN, len(group.first))
            if more > 0:
                asked = {"kind": group.kind, "group": group.key}
                st.page_link("views/exceptions.py", label=f"and {more} more", query_params=asked)
        st.html(tag("p", group.first[0].title if group.first else "", class_="f-quiet f-small"))
        if session.may_act():
            _choices(group, is_chosen=is_chosen)


def _chips(group: cases.Group, now: datetime) -> list[object]:
    chips: list[object] = [parts.due_chip(group.first_due, now)]
    if group.overdue and group.overdue < group.count:
        chips.append(parts.chip(f"{group.overdue} late", "late"))
    chips += [parts.chip(f"for {parts.words(owner)}") for owner in group.owners]
    chips += [parts.chip(text) for text in (group.connection, group.action, group.refusal) if text]
    chips.append(tag("span", f"oldest {times.away(group.oldest, now)}", class_="f-quiet f-small"))
    return chips


def _choices(group: cases.Group, *, is_chosen: bool) -> None:
    """A button for each choice that all of them offer: each asks once more, with what follows from it."""
    with st.container(horizontal=True, gap="small"):
        for number, (choice, name) in enumerate(group.choices.items(), 1):
            shortcut = str(number) if is_chosen and number <= 9 else None
            text = label(name if group.count == 1 else f"{name} ({group.count})")
            if st.button(text, key=f"do-{group.key}-{choice}", shortcut=shortcut):
                decide(group, choice)


@st.dialog("Decide", width="medium")
def decide(group: cases.Group, choice: str) -> None:
    """Once more, for all of a group: what will follow, why, and then do it."""
    name = group.choices[choice]
    with session.spoken():
        found = cases.listed(session.client(), group=group.key, limit=200).items
        alike = [case for case in found if case.kind == group.kind and choice in case.choices]
        st.html(tag("p", tag("strong", name), f" for {parts.counted(len(alike), 'exception', 'exceptions')}"))
        st.html(tag("p", ", ".join(f"#{case.subject}" for case in alike if case.subject), class_="f-quiet"))
        if alike:
            follows(cases.consequences(session.client(), alike[0].id), choice)
        note = st.text_input(
            "Why", key=f"why-{group.key}", placeholder="For whoever reads it later", max_chars=2000
        )
        if st.button(label(name), type="primary", key="really", shortcut="Mod+Enter", disabled=not alike):
            _decided(cases.resolve_all(session.client(), alike, choice, note))


def _decided(came: cases.Outcomes) -> None:
    """Tell what became of each, and look anew."""
    left = [o for o in came.outcomes if o.outcome != "resolved"]
    session.say(f"{parts.counted(came.resolved, 'exception', 'exceptions')} decided. The runs go on.")
    for outcome in left[:SHOWN]:
        who = f"#{outcome.subject}: " if outcome.subject else ""
        session.say(f"{who}{parts.words(outcome.outcome)}. {outcome.detail}", is_warning=True)
    changes.forget("groups")
    st.rerun()


def follows(found: list[cases.Consequence], choice: str) -> None:
    """What a choice leads to, as far as the flow says."""
    for consequence in found:
        if consequence.choice != choice:
            continue
        steps = [_step(step) for step in consequence.steps] or [tag("li", "The run goes on from here.")]
        st.html(join(tag("p", "What follows", class_="f-quiet f-small"), tag("ul", *steps, class_="f-steps")))
        if consequence.is_money:
            st.html(parts.chip("moves money", "near"))
        if consequence.needs_second:
            st.html(parts.chip("a second person must agree", "near"))


def _step(step: cases.Step) -> Markup:
    """A step by its name and the first sentence about it; quiet where it may come otherwise."""
    said = step.says.partition(". ")[0].removesuffix(".")
    perhaps = None if step.is_certain else " (perhaps)"
    return tag(
        "li",
        tag("b", parts.titled(step.node)),
        f": {said}",
        perhaps,
        class_=None if step.is_certain else "maybe",
    )
