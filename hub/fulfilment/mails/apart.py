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
_ANSWER = 4 * 1024 * 1024


def read_apart(raw: bytes, known: Known | None = None, gate: Gate | None = None) -> MailReading:
    """Read one mail safely. Whatever the mail does to its reader, it is a question for a person and nothing worse."""
    if len(raw) > LARGEST:
        return unread(f"The mail has more than {LARGEST // 1024 // 1024} MB.")
    told = json.dumps({"known": _plain(known or Known()), "gate": _gate(gate or Gate())}).encode()
    program = [sys.executable, "-m", "hub.fulfilment.mails.apart"]
    try:
        done = subprocess.run(
            program, input=told + b"\n" + raw, capture_output=True, timeout=SECONDS, check=True
        )
        return MailReading.model_validate_json(done.stdout[:_ANSWER])
    except subprocess.TimeoutExpired:
        return unread(f"Reading it takes more than {SECONDS} seconds.")
    except (subprocess.CalledProcessError, ValueError):
        return unread("Its reader broke on it.")


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


def main() -> None:
    """The process: limits first, then the mail."""
    memory = _set_aside() + MEMORY
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    head, _, raw = sys.stdin.buffer.read().partition(b"\n")
    told = json.loads(head)
    found = read_mail(raw, Known(**told["known"]), Gate(**told["gate"]))
    sys.stdout.write(found.model_dump_json())


if __name__ == "__main__":
    main()
