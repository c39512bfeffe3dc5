"""A visit is known by its handle alone, ends by itself after a working day, and ends in every tab at once."""

from dashboard.door.visits import LASTS, Visits


class Seconds:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_handle_opens_its_own_visit_and_says_nothing_of_the_token() -> None:
    visits = Visits()
    ada, vera = visits.begin("faros_s_ada"), visits.begin("faros_s_vera")

    assert (visits.token(ada), visits.token(vera)) == ("faros_s_ada", "faros_s_vera")
    assert visits.token("guessed") is visits.token("") is visits.token(None) is None
    assert ada != vera and "ada" not in ada


def test_who_leaves_is_known_nowhere_and_only_once() -> None:
    visits = Visits()
    handle, other = visits.begin("first"), visits.begin("second")

    assert [visits.end(handle), visits.end(handle), visits.token(handle)] == ["first", None, None]
    assert visits.token(other) == "second"


def test_a_visit_is_over_after_eight_hours_and_then_forgotten() -> None:
    clock = Seconds()
    visits = Visits(clock)
    early = visits.begin("early")
    clock.now = LASTS.total_seconds() - 1
    late = visits.begin("late")
    assert visits.token(early) == "early"

    clock.now += 1
    assert (visits.token(early), visits.token(late)) == (None, "late")
    visits.begin("later")
    assert visits.end(early) is None
