"""Reads many mails, each in a process of its own, without starting Python for each.

One process has everything loaded and does nothing but fork: the child reads one mail under the limits of `apart`, and
is gone. A mail that breaks or holds up its reader is a question for a person, and the next one finds a fresh child.

Run as a program it is that process. Jobs and answers go through its pipes, each behind its length in four bytes.
"""

import atexit
import os
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from typing import IO

from hub.fulfilment.mails.apart import BROKE, LONGEST_ANSWER, SECONDS, TOO_SLOW, answer, job
from hub.fulfilment.mails.opening import LARGEST
from hub.fulfilment.mails.reading import MailReading, unread
from hub.fulfilment.mails.references import Known
from hub.fulfilment.mails.trust import Gate

_LENGTH = struct.Struct(">I")


class WarmReader:
    """The loaded process, started with the first mail and again whenever it was lost; one mail at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, raw: bytes, known: Known | None = None, gate: Gate | None = None) -> MailReading:
        """Read one mail safely. It blocks for as long as the mail takes, at most some ten seconds."""
        if len(raw) > LARGEST:
            return unread(f"The mail has more than {LARGEST // 1024 // 1024} MB.")
        told = job(raw, known, gate)
        with self._lock:
            for _ in range(2):
                try:
                    return MailReading.model_validate_json(self._asked(told))
                except (OSError, EOFError, ValueError):
                    self._end()
        return unread(BROKE)

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _asked(self, told: bytes) -> bytes:
        if self._process is None:
            program = [sys.executable, "-m", "hub.fulfilment.mails.warm"]
            # In a session of its own: who stops the hub by Ctrl-C does not break a reading.
            self._process = subprocess.Popen(
                program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
            )
        assert self._process.stdin is not None and self._process.stdout is not None  # they are pipes
        _write(self._process.stdin, told)
        return _read(self._process.stdout)

    def _end(self) -> None:
        if self._process is None:
            return
        process, self._process = self._process, None
        process.kill()
        process.communicate()


READER = WarmReader()
"""This process's own."""
atexit.register(READER.close)


def _write(pipe: IO[bytes], content: bytes) -> None:
    pipe.write(_LENGTH.pack(len(content)) + content)
    pipe.flush()


def _read(pipe: IO[bytes]) -> bytes:
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    content = pipe.read(length)
    if len(content) < length:
        raise EOFError
    return content


def _forked(told: bytes) -> bytes:
    """What a child makes of a job; why there is nothing, if it takes too long or breaks."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        _as_child(told, theirs)
    os.close(theirs)
    said, is_over = _heard(ours, time.monotonic() + SECONDS)
    os.close(ours)
    if not is_over:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if is_over and status == 0:
        return said
    return unread(BROKE if is_over else TOO_SLOW).model_dump_json().encode()


def _as_child(told: bytes, theirs: int) -> None:
    status = 1
    try:
        with os.fdopen(theirs, "wb") as pipe:
            pipe.write(answer(told))
        status = 0
    finally:
        # Not by an exception: the loaded process behind this one must not hear of it.
        os._exit(status)


def _heard(pipe: int, until: float) -> tuple[bytes, bool]:
    """What comes through a pipe, and whether it came to its end in time."""
    said = b""
    while (left := until - time.monotonic()) > 0 and len(said) <= LONGEST_ANSWER:
        if not select.select([pipe], [], [], left)[0]:
            break
        piece = os.read(pipe, 65_536)
        if not piece:
            return said, True
        said += piece
    return said, False


def main() -> None:
    """The loaded process: a child for each job, until nobody asks any more."""
    while True:
        try:
            told = _read(sys.stdin.buffer)
        except EOFError:
            return
        _write(sys.stdout.buffer, _forked(told))


if __name__ == "__main__":
    main()
