"""Connectors: whether each connection works, how fast it may be asked, and how late its webhooks are read."""

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import parts, session, times
from dashboard.ask import trade
from dashboard.markup import Markup, join, label, tag

TONES = {"ok": "good", "paused": "near", "waiting": "near", "broken": "late"}


def show() -> None:
    """A card for each connection, those in trouble first."""
    parts.heading("Connectors", "Every account with a service outside, those in trouble first.")
    plugins = trade.broken_plugins(session.client())
    for plugin in plugins:
        st.error(label(f"{plugin.name} of {plugin.distribution} is installed and not used: {plugin.reason}"))
    found = trade.connections(session.client())
    if not found:
        parts.empty(
            "Nothing is connected.", "Connections are declared in hub.yaml; `faros apply` puts them in force."
        )
    for connection in sorted(found, key=lambda c: (_health(c) == "ok", c.id)):
        _card(connection)


def _health(connection: trade.Connection) -> str:
    return connection.health or ("ok" if connection.is_open else "broken")


def _card(connection: trade.Connection) -> None:
    health = _health(connection)
    chips = [parts.chip(health, TONES.get(health, "")), parts.chip(connection.mode)]
    if connection.open_cases:
        chips.append(parts.chip(parts.counted(connection.open_cases, "exception", "exceptions"), "near"))
    with st.container(border=True, key=f"connection-{connection.id}"):
        name = connection.title or connection.connector
        st.html(
            join(
                tag("h2", connection.id, tag("span", f" {name}", class_="f-quiet")),
                tag("p", *chips),
                _facts(connection),
            )
        )
        if session.may_act():
            _acts(connection)


def _facts(connection: trade.Connection) -> object:
    zone, now = session.zone(connection.store), session.now()
    budget = connection.budget
    left = f", {budget.left:g} left" if budget and budget.left is not None else ""
    rate = f"{budget.per_second:g} a second, " if budget and budget.per_second else ""
    lag = connection.webhook_lag_seconds
    polls = [
        join(parts.words(poll.poll), ": asked ", parts.moment(poll.asked_at, zone, now))
        for poll in connection.polls
    ]
    return parts.facts(
        {
            "Why": connection.broken or connection.paused_why,
            "May send again": parts.moment(connection.retry_at, zone, now) if connection.retry_at else None,
            "Budget": f"{rate}bursts of {budget.burst:g}{left}" if budget else None,
            "Last webhook": parts.moment(connection.last_delivery_at, zone, now)
            if connection.last_delivery_at
            else None,
            "Unread webhooks": f"{connection.unread_deliveries}, the oldest for {times.span(lag)}"
            if lag
            else None,
            "Polls": join(*polls) if polls else None,
            "On their way": f"{connection.open_effects} effects" if connection.open_effects else None,
            "Subscriptions": _subscribed(connection.subscriptions, zone, now),
            "Live from": parts.moment(connection.live_from, zone, now) if connection.live_from else None,
        }
    )


def _subscribed(found: trade.Subscriptions | None, zone: ZoneInfo, now: datetime) -> Markup | None:
    if found is None:
        return None
    said = {
        "complete": "complete",
        "incomplete": f"missing: {', '.join(found.missing)}",
        "refused": "it does not let us subscribe",
    }
    tone = "good" if found.state == "complete" else "near"
    chip = parts.chip(said.get(found.state, "not known: it has not answered"), tone)
    return join(chip, " looked at ", parts.moment(found.looked_at, zone, now))


def _acts(connection: trade.Connection) -> None:
    client = session.client()
    with st.container(horizontal=True):
        if st.button("Try it", key=f"try-{connection.id}"):
            with session.spoken():
                tried = trade.attempt(client, connection.id)
                (st.success if tried.works else st.warning)(label(tried.said))
        if connection.polls and st.button("Look now", key=f"look-{connection.id}"):
            with session.spoken():
                polls = trade.look(client, connection.id)
                st.success(label(f"{connection.id} is asked for {', '.join(polls)}."))
        if connection.paused_at and st.button("Resume", key=f"resume-{connection.id}"):
            with session.spoken():
                trade.resume(client, connection.id)
                session.say(f"{connection.id} goes on.")
                st.rerun()
        if not connection.paused_at:
            _pause(connection)


def _pause(connection: trade.Connection) -> None:
    with st.popover("Pause", key=f"pause-{connection.id}"):
        why = st.text_input("Why", key=f"why-{connection.id}", max_chars=300)
        st.caption("Nothing new leaves on it; what arrives is still taken, and nothing is lost.")
        if st.button("Pause it", key=f"really-{connection.id}", type="primary"):
            if not why.strip():
                st.warning("Say why, for whoever finds it paused.")
                return
            with session.spoken():
                trade.pause(session.client(), connection.id, why.strip())
                session.say(f"{connection.id} is paused.")
                st.rerun()


show()
