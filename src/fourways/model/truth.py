"""Three-valued logic (Kleene's strong one): true, false, and None for unknown.

A condition on an unknown answer is unknown, negated or not. A rule fires only when its condition
is true, so one answer more never takes back a rule that fired.
"""

from collections.abc import Iterable

Truth = bool | None


def negation(value: Truth) -> Truth:
    """Return the opposite; of unknown, unknown."""
    return None if value is None else not value


def conjunction(values: Iterable[Truth]) -> Truth:
    """Return false if one is false, else unknown if one is unknown, else true."""
    result: Truth = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def disjunction(values: Iterable[Truth]) -> Truth:
    """Return true if one is true, else unknown if one is unknown, else false."""
    result: Truth = False
    for value in values:
        if value is True:
            return True
        if value is None:
            result = None
    return result
