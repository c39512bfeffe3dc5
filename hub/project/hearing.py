"""How the hub learns of what happens on a connection: the key `hears` of hub.yaml."""

from typing import Any

from hub.flow.noting import Keys, Notes, did_you_mean
from hub.flow.reader import Scalar, Sequence
from hub.sdk import Connector, polls_of, webhooks_of
from hub.store.configuration import HEARS, POLL, WEBHOOK

NONE = {
    WEBHOOK: "is told nothing by connector {name}, which has no webhooks",
    POLL: "has nothing to ask connector {name} for, which has no polls",
}


def read_hears(id: str, keys: Keys, connector: type[Connector[Any]], notes: Notes) -> tuple[str, ...]:
    """The ways that are named, in a fixed order; all of them where none is. One that the connector does not have would
    leave the hub deaf without anybody noticing."""
    written = keys.value("hears")
    if written is None:
        return HEARS
    words = list(written) if isinstance(written, Sequence) else [written]
    if not words or not all(isinstance(word, Scalar) for word in words):
        notes.wrong(written.place, '"hears" is a list of ways to hear of news.', f"Write some of {_all()}.")
        return HEARS
    for word in words:
        if word not in HEARS:
            hint = did_you_mean(word, HEARS) or f"Write some of {_all()}."
            notes.wrong(word.place, f'"hears" is never "{word}".', hint)
    has = {WEBHOOK: webhooks_of(connector), POLL: polls_of(connector)}
    useless = [word for word in words if word in HEARS and not has[word]]
    for word in useless:
        said = f'Connection "{id}" {NONE[word].format(name=connector.name)}.'
        notes.wrong(word.place, said, f'Leave out "{word}".')
    return tuple(way for way in HEARS if way in words and way not in useless) or HEARS


def _all() -> str:
    return f"[{', '.join(HEARS)}]"
