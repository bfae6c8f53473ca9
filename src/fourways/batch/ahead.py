"""Makes the next of some values in a thread, while those before are made use of."""

from collections.abc import Iterable, Iterator
from queue import Queue
from threading import Event, Thread
from typing import TypeVar

Value = TypeVar("Value")


def ahead(values: Iterable[Value], most: int = 1) -> Iterator[Value]:
    """Give values that are made, at most so many of them, while the caller is busy with others.

    What goes wrong while a value is made is raised where it would have been given. Whoever stops
    early does not wait for the value that is being made.
    """
    # A thread that waits for its input must not keep the program from ending.
    made: Queue[tuple[Value] | BaseException | None] = Queue(maxsize=most)
    over = Event()
    Thread(target=_make, args=(values, made, over), daemon=True).start()
    try:
        while (one := made.get()) is not None:
            if isinstance(one, BaseException):
                raise one
            yield one[0]
    finally:
        over.set()
        while not made.empty():
            made.get_nowait()


def _make(
    values: Iterable[Value], made: "Queue[tuple[Value] | BaseException | None]", over: Event
) -> None:
    try:
        for value in values:
            made.put((value,))
            if over.is_set():
                return
        made.put(None)
    except BaseException as error:
        made.put(error)
