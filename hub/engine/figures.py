"""The figures that must fit each other, in one place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figures:
    """Times in seconds, by the process's clock unless said otherwise. Crash tests run with a tenth of them."""

    lease: float = 20.0
    beat: float = 5.0
    call: float = 8.0
    longest_call: float = 10.0
    sweep: float = 1.0
    watch: float = 15.0
    """Between two looks around for what fell silent."""
    slack: float = 0.5
    """How old an intent may be when its request leaves: a worker that slept longer does not send."""
    lookup_gap: float = 3.0
    """Between the two lookups of a checkable effect."""
    backoff: float = 2.0
    """After the first NotDone, by the trade's clock; doubled each time, at most `longest_backoff`."""
    longest_backoff: float = 900.0
    attempts: int = 8
    """NotDone answers that count before a person is asked."""
    at_once: int = 256
    """Runs one worker advances at the same time."""
    batch: int = 128
    """Deliveries or runs taken by one statement."""

    def __post_init__(self) -> None:
        if not (self.longest_call + self.slack < self.lease and self.beat * 2 < self.lease):
            raise ValueError(
                "A call's deadline must lie within the lease, and a lease must outlive two beats."
            )
