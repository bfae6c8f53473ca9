"""Values made in a thread come in order, with what went wrong where it went wrong."""

import threading
from collections.abc import Iterator

import pytest

from fourways.batch.ahead import ahead


def test_values_come_in_order_and_all_of_them() -> None:
    assert list(ahead(range(1000))) == list(range(1000))
    assert list(ahead([])) == []


def test_they_are_made_in_another_thread_one_ahead() -> None:
    begun: list[int] = []
    both = threading.Event()

    def values() -> Iterator[int]:
        for number in range(3):
            begun.append(number)
            if number == 1:
                both.set()
            yield threading.get_ident()

    made = ahead(values())
    first = next(made)

    assert both.wait(10), "the second value is made while the first is in use"
    assert first != threading.get_ident()


def test_what_goes_wrong_is_raised_after_the_values_before_it() -> None:
    def values() -> Iterator[int]:
        yield 1
        raise ValueError("no second one")

    made = ahead(values())

    assert next(made) == 1
    with pytest.raises(ValueError, match="no second one"):
        next(made)


def test_whoever_stops_early_does_not_wait() -> None:
    never = threading.Event()

    def values() -> Iterator[int]:
        yield 1
        never.wait()
        yield 2

    made = ahead(values())
    assert next(made) == 1

    made.close()
    never.set()
