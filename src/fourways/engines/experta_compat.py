"""Lets experta 1.9.4 be imported on Python 3.10 and later; to be imported before it.

Its dependency frozendict 1.2 looks for `collections.Mapping`, which moved to `collections.abc`
in Python 3.3 and left its old place in 3.10. The name is put there for the import and taken
away again. Importing experta also sets up logging, which is left as it was found.
"""

import collections
import collections.abc
import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _mapping_in_collections() -> Iterator[None]:
    if hasattr(collections, "Mapping"):
        yield
        return
    collections.Mapping = collections.abc.Mapping  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del collections.Mapping  # type: ignore[attr-defined]


@contextmanager
def _logging_untouched() -> Iterator[None]:
    handlers = logging.root.handlers[:]
    yield
    logging.root.handlers[:] = handlers


with _mapping_in_collections(), _logging_untouched():
    import experta
    from experta.matchers import ReteMatcher

__all__ = ["ReteMatcher", "experta"]
