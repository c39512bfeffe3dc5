"""What must become of one order struck at one point, written down before any of it is run.

done    the run ends, the effect happened once, its ledger row is confirmed, nobody is asked
failed  nothing was sent, there is no ledger row, one case `step-failed` is open
unsent  nothing happened outside, one case `effect-in-doubt` is open
sent    it happened once, one case `effect-in-doubt` is open
late    as `sent`, and the paused worker's answer, a fact, has reached the ledger after all
"""

from dataclasses import dataclass

TABLE = """
point              fault       read    keyed   idempotent  checkable  unsafe

claimed            kill        done    done    done        done       done
claimed            pause       done    done    done        done       done
claimed            connection  done    done    done        done       done
claimed            exception   failed  failed  failed      failed     failed
claimed            disk        done    done    done        done       done

checked            kill        done    done    done        done       done
checked            pause       done    done    done        done       done
checked            connection  done    done    done        done       done
checked            exception   failed  failed  failed      failed     failed
checked            disk        done    done    done        done       done

intent_committed   kill        done    done    done        unsent     unsent
intent_committed   pause       done    done    done        unsent     unsent
intent_committed   connection  done    done    done        done       sent
intent_committed   exception   done    done    done        unsent     unsent
intent_committed   disk        done    done    done        done       sent

connected          kill        done    done    done        unsent     unsent
connected          pause       done    done    done        late       late
connected          connection  done    done    done        done       sent
connected          exception   done    done    done        unsent     unsent
connected          disk        done    done    done        done       sent

request_sent       kill        done    done    done        done       sent
request_sent       pause       done    done    done        done       late
request_sent       connection  done    done    done        done       sent
request_sent       exception   done    done    done        done       sent
request_sent       disk        done    done    done        done       sent

response_read      kill        done    done    done        done       sent
response_read      pause       done    done    done        done       late
response_read      connection  done    done    done        done       sent
response_read      exception   done    done    done        done       sent
response_read      disk        done    done    done        done       sent

outcome_committed  kill        done    done    done        done       done
outcome_committed  pause       done    done    done        done       done
outcome_committed  connection  done    done    done        done       done
outcome_committed  exception   done    done    done        done       done
outcome_committed  disk        done    done    done        done       done

step_committed     kill        done    done    done        done       done
step_committed     pause       done    done    done        done       done
step_committed     connection  done    done    done        done       done
step_committed     exception   done    done    done        done       done
step_committed     disk        done    done    done        done       done

kick_sent          kill        done    done    done        done       done
kick_sent          pause       done    done    done        done       done
kick_sent          connection  done    done    done        done       done
kick_sent          exception   done    done    done        done       done
kick_sent          disk        done    done    done        done       done
"""


@dataclass(frozen=True, slots=True, order=True)
class Case:
    """One cell: an order that asks for one effect of `kind`, struck by `fault` at `point`."""

    point: str
    fault: str
    kind: str

    def __str__(self) -> str:
        return f"{self.point}-{self.fault}-{self.kind}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an auditor finds once everything is quiet."""

    has_ended: bool
    effects: int
    ledger: tuple[str, ...]
    cases: tuple[str, ...] = ()


OUTCOMES = {
    "done": Outcome(True, 1, ("confirmed",)),
    "failed": Outcome(False, 0, (), ("step-failed",)),
    "unsent": Outcome(False, 0, ("in-doubt",), ("effect-in-doubt",)),
    "sent": Outcome(False, 1, ("in-doubt",), ("effect-in-doubt",)),
    "late": Outcome(False, 1, ("confirmed",), ("effect-in-doubt",)),
}


def _read(text: str) -> dict[Case, Outcome]:
    head, *lines = [line.split() for line in text.splitlines() if line]
    kinds = head[2:]
    return {
        Case(point, fault, kind): OUTCOMES[word]
        for point, fault, *words in lines
        for kind, word in zip(kinds, words, strict=True)
    }


EXPECTED = _read(TABLE)
