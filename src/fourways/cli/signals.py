"""Signals that end a command: each raises an exception, so that `finally` blocks can clean up."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_HANGUP = getattr(signal, "SIGHUP", None)  # Windows has none


class Terminated(KeyboardInterrupt):
    """SIGTERM or SIGHUP arrived. Whatever handles Ctrl-C handles these too."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def exit_code(error: KeyboardInterrupt) -> int:
    """Return the exit code of an interrupted command: 130, or 143 after SIGTERM."""
    return 128 + (error.number if isinstance(error, Terminated) else signal.SIGINT)


@contextmanager
def as_exceptions() -> Iterator[None]:
    """Raise KeyboardInterrupt on SIGINT, and Terminated on SIGTERM and SIGHUP, within the block.

    A script's background job starts with SIGINT ignored; it is not ignored here. SIGHUP stays
    ignored under nohup. Outside the main thread nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {signal.SIGTERM: signal.signal(signal.SIGTERM, _terminate)}
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        before[signal.SIGINT] = signal.signal(signal.SIGINT, signal.default_int_handler)
    if _HANGUP and signal.getsignal(_HANGUP) is not signal.SIG_IGN:
        before[_HANGUP] = signal.signal(_HANGUP, _terminate)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _terminate(number: int, _: FrameType | None) -> None:
    # A closing terminal may send both; cleaning up must not be interrupted by the second one.
    for ending in (signal.SIGTERM, _HANGUP):
        if ending:
            signal.signal(ending, signal.SIG_IGN)
    if number == _HANGUP:
        # The terminal is gone: send what is still written to it nowhere instead of failing.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(nowhere, stream)
    raise Terminated(number)
