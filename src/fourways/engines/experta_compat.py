"""Imports experta 1.9.4 on Python 3.10 and later; nothing else imports it.

Its dependency frozendict 1.2 needs `collections.Mapping`, which Python 3.10 removed. The name
exists during the import only. Importing experta also sets up logging; that is undone.
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
