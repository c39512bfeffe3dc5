"""Reads a mail in a process of its own, so that a hostile one can waste ten seconds and 256 MB and nothing else.

Run as a program it is that process: what is known stands on the first line of its input, the mail behind it.
"""

import json
import resource
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from hub.fulfilment.mails.opening import LARGEST
from hub.fulfilment.mails.reading import MailReading, read_mail, unread
from hub.fulfilment.mails.references import Known
from hub.fulfilment.mails.trust import Gate

SECONDS = 10
MEMORY = 256 * 1024 * 1024
"""Bytes that the process may take for the mail, beside what Python and its libraries have set aside before."""
LONGEST_ANSWER = 4 * 1024 * 1024
TOO_SLOW = f"Reading it takes more than {SECONDS} seconds."
BROKE = "Its reader broke on it."


def read_apart(raw: bytes, known: Known | None = None, gate: Gate | None = None) -> MailReading:
    """Read one mail safely. Whatever the mail does to its reader, it is a question for a person and nothing worse."""
    if len(raw) > LARGEST:
        return unread(f"The mail has more than {LARGEST // 1024 // 1024} MB.")
    program = [sys.executable, "-m", "hub.fulfilment.mails.apart"]
    try:
        done = subprocess.run(
            program, input=job(raw, known, gate), capture_output=True, timeout=SECONDS, check=True
        )
        return MailReading.model_validate_json(done.stdout[:LONGEST_ANSWER])
    except subprocess.TimeoutExpired:
        return unread(TOO_SLOW)
    except (subprocess.CalledProcessError, ValueError):
        return unread(BROKE)


def job(raw: bytes, known: Known | None, gate: Gate | None) -> bytes:
    """What a reading process is told."""
    told = json.dumps({"known": _plain(known or Known()), "gate": _gate(gate or Gate())}).encode()
    return told + b"\n" + raw


def _plain(known: Known) -> dict[str, object]:
    return {**asdict(known), "references": list(known.references)}


def _gate(gate: Gate) -> dict[str, object]:
    return {"authserv_id": gate.authserv_id, "allowed": list(gate.allowed)}


def _set_aside() -> int:
    """Bytes of address space that libraries have claimed at start and mostly never touch."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[5])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * resource.getpagesize()


def answer(job: bytes) -> bytes:
    """Read the mail of a job (what is known on its first line, the mail behind it) under the limits, for good."""
    memory = _set_aside() + MEMORY
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    head, _, raw = job.partition(b"\n")
    told = json.loads(head)
    return read_mail(raw, Known(**told["known"]), Gate(**told["gate"])).model_dump_json().encode()


def main() -> None:
    """The process: limits first, then the mail."""
    sys.stdout.write(answer(sys.stdin.buffer.read()).decode())


if __name__ == "__main__":
    main()
