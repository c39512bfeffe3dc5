"""A link opens one page for one purpose, for so long, once."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from hub.fulfilment.links import LASTS, PATHS, Purpose, address_of, digest, issue, mint, standing, use

NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)


def test_a_token_is_256_bits_that_need_no_escaping_and_only_its_hash_is_kept() -> None:
    tokens = {mint(secrets.token_bytes(32)) for _ in range(1000)}
    assert len(tokens) == 1000
    assert {len(token) for token in tokens} == {43}
    assert all(token.replace("-", "").replace("_", "").isalnum() for token in tokens)
    token = tokens.pop()
    link = issue(token, "choice", "8492", NOW)
    assert token not in link.model_dump_json() and link.digest == digest(token)
    with pytest.raises(ValueError, match="32 random bytes"):
        mint(b"short")


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_link_opens_for_its_own_purpose_until_it_expires(purpose: Purpose) -> None:
    link = issue("t", purpose, "8492", NOW)
    last = NOW + LASTS[purpose]
    assert standing(link, purpose, last - timedelta(microseconds=1)) == "open"
    assert standing(link, purpose, last) == "gone"
    assert {standing(link, other, NOW) for other in PURPOSES if other != purpose} == {"gone"}
    assert standing(None, purpose, NOW) == "gone"


def test_an_answer_uses_a_link_up_but_acceptance_leaves_it_open_for_the_parcel() -> None:
    link = use(issue("t", "choice", "8492", NOW), "refund", NOW)
    assert (standing(link, "choice", NOW), link.answer) == ("used", "refund")
    accepted = use(issue("t", "supplier", "PO-1", NOW), "accepted", NOW)
    assert standing(accepted, "supplier", NOW) == "open"
    assert standing(use(accepted, "shipped", NOW), "supplier", NOW) == "used"


def test_neither_a_used_nor_an_expired_nor_a_tracking_link_takes_an_answer() -> None:
    link = issue("t", "choice", "8492", NOW)
    for closed, moment in ((use(link, "refund", NOW), NOW), (link, NOW + timedelta(days=30))):
        with pytest.raises(ValueError, match="no answer"):
            use(closed, "refund", moment)
    with pytest.raises(ValueError, match="no answer"):
        use(issue("t", "tracking", "8492", NOW), "seen", NOW)


def test_every_purpose_has_its_own_address() -> None:
    assert len(set(PATHS.values())) == len(PURPOSES) == len(LASTS)
    assert address_of("https://moss-ember.example/", "choice", "tok") == "https://moss-ember.example/c/tok"
