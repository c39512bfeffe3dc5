"""One exception: what happened, what is to be done first, what each choice leads to, and the decision."""

import json

import streamlit as st

from dashboard import parts, session, today
from dashboard.ask import cases, changes
from dashboard.client import Declined
from dashboard.markup import join, label, tag


def show(id: str) -> None:
    """The case of this id."""
    try:
        case = cases.one(session.client(), id)
    except Declined as declined:
        parts.heading("Exception")
        parts.empty("There is no such exception.", declined.problem.words)
        return
    _head(case)
    left, right = st.columns([5, 3], gap="large")
    with left:
        if case.is_open:
            _checklist(case)
            _choices(case)
        else:
            _decided(case)
    with right:
        _facts(case)
        _notes(case)


def _head(case: cases.Case) -> None:
    now = session.now()
    chips = [parts.state_chip(case.state), parts.chip(parts.words(case.kind))]
    due = parts.due_chip(case.due_at, now) if case.is_open else None
    st.html(join(tag("h1", case.title or parts.titled(case.kind)), tag("p", due, *chips, class_="f-lead")))
    with st.container(horizontal=True):
        if case.subject:
            asked = {"number": case.subject, "store": case.store}
            st.page_link("views/order.py", label=label(f"Order #{case.subject}"), icon=":material/receipt_long:",
                         query_params=asked)  # fmt: skip
        st.page_link("views/exceptions.py", label="All exceptions", icon=":material/list:", query_params={})


def _facts(case: cases.Case) -> None:
    zone, now = session.zone(case.store), session.now()
    detail = case.detail if isinstance(case.detail, dict) else {"detail": case.detail}
    told = {
        parts.titled(k): v if isinstance(v, str) else json.dumps(v, ensure_ascii=False)
        for k, v in detail.items()
        if v
    }
    cost = case.cost_at_risk
    pairs: dict[str, object | None] = {
        "Whose": parts.words(case.owner),
        "Opened": parts.moment(case.opened_at, zone, now),
        "Due": parts.moment(case.due_at, zone, now) if case.due_at else None,
        "Cause": case.cause and parts.words(case.cause),
        "Risk": case.risk,
        "Cost at risk": cost and tag("strong", parts.money(cost.total, cost.currency)),
        "Made of": cost and ", ".join(f"{parts.words(name)} {amount}" for name, amount in cost.parts.items()),
        "Connection": case.connection,
        "Step": case.node,
        **{name: value for name, value in told.items() if not (name == "Risk" and case.risk)},
    }
    st.html(parts.facts(pairs))


def _checklist(case: cases.Case) -> None:
    if not case.checklist:
        return
    st.html(tag("h2", "To do first"))
    zone, now = session.zone(case.store), session.now()
    for item in case.checklist:
        done = item.by is not None
        ticked = st.checkbox(
            label(item.label), done, key=f"tick-{case.id}-{item.item}", disabled=done or not session.may_act()
        )
        if done:
            st.html(tag("p", f"{item.by}, ", parts.moment(item.at, zone, now), class_="f-quiet f-small"))
        elif ticked:
            with session.spoken():
                cases.tick(session.client(), case, item.item)
                st.rerun()


def _choices(case: cases.Case) -> None:
    st.session_state["deciding"] = case.id
    st.html(tag("h2", "Decide"))
    if case.proposed:
        who = f"{case.proposed.by} has proposed “{case.choices.get(case.proposed.choice, case.proposed.choice)}”."
        st.info(label(f"{who} A second person must agree."), icon=":material/group:")
    waiting = {item.item for item in case.checklist if item.by is None}
    choice = st.radio(
        "What shall happen", list(case.choices), format_func=lambda key: label(case.choices[key]), index=None,
        key=f"choice-{case.id}",
    )  # fmt: skip
    if choice is None:
        st.caption("Choose, and see here what follows before you decide.")
        return
    today.follows(cases.consequences(session.client(), case.id), choice)
    note = st.text_area(
        "Why", key=f"note-{case.id}", placeholder="For whoever reads it later", max_chars=2000, height=80
    )
    is_early = choice in case.checked_first and bool(waiting)
    if is_early:
        st.caption("This choice needs everything above to be done first.")
    can = session.may_act() and not is_early
    if st.button(
        f"Decide: {label(case.choices[choice])}",
        type="primary",
        key="decide",
        shortcut="Mod+Enter",
        disabled=not can,
    ):
        _decide(case, choice, note)
    if not session.may_act():
        st.caption("Your role may look, and not decide.")


def _decide(case: cases.Case, choice: str, note: str) -> None:
    try:
        came = cases.resolve(session.client(), case, choice, note)
    except Declined as declined:
        # Nothing was done: somebody else was first, or it is not open any more. What is known now is shown.
        session.say(declined.problem.words, is_warning=True)
    else:
        session.say("Proposed. A second person must agree." if came.is_open else "Decided. The run goes on.")
    changes.forget("groups")
    st.rerun()


def _decided(case: cases.Case) -> None:
    zone, now = session.zone(case.store), session.now()
    person = session.person()
    if st.session_state.get("deciding") == case.id and person and case.resolved_by != person.name:
        # Whoever was about to decide is told that it was too late; nothing of theirs was sent.
        who = case.resolved_by or "The run itself"
        st.warning(label(f"{who} decided it meanwhile."), icon=":material/info:")
    st.html(
        join(
            tag("h2", "Decided"),
            parts.facts(
                {
                    "Choice": tag("strong", case.choices.get(case.choice or "", case.choice or "by itself")),
                    "By": case.resolved_by,
                    "When": parts.moment(case.resolved_at, zone, now),
                    "Why": case.note,
                    "Outcome": case.outcome and parts.words(case.outcome),
                }
            ),
        )
    )


def _notes(case: cases.Case) -> None:
    zone, now = session.zone(case.store), session.now()
    st.html(tag("h3", "Notes"))
    for note in case.notes:
        st.html(
            tag(
                "p",
                note.text,
                tag("br"),
                tag("span", f"{note.by}, ", parts.moment(note.at, zone, now), class_="f-quiet f-small"),
            )
        )
    if not session.may_act():
        return
    with st.form(f"write-{case.id}", clear_on_submit=True, border=False):
        text = st.text_input(
            "A note", placeholder="What you found out", label_visibility="collapsed", max_chars=2000
        )
        if st.form_submit_button("Add the note") and text.strip():
            with session.spoken():
                cases.write_note(session.client(), case, text.strip())
                st.rerun()
    with st.form(f"owner-{case.id}", border=False):
        owner = st.text_input("Hand over to", case.owner, max_chars=100)
        if st.form_submit_button("Hand over") and owner.strip() and owner.strip() != case.owner:
            with session.spoken():
                cases.hand_over(session.client(), case, owner.strip())
                st.rerun()
