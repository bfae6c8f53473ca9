"""A million random profiles: the columnar engine decides as the reference engine does.

The reference engine judges with a memory, and without one a part of the profiles, sentences and
all. With `--million` it judges every one without a memory, sentences and all: 20 minutes of a
processor, where otherwise it takes two.
"""

from functools import cache

import pytest
from columnar import agree

from fourways.batch.contract import texts
from fourways.engines.reference import ReferenceEngine
from fourways.rulebase import load_builtin
from random_profiles import random_profiles
from remembered import RememberingReference

BASE = load_builtin()
SHARES, SHARE = 20, 50_000
WHOLE = 500
"""How many of a share are judged without a memory, with their sentences."""


@cache
def remembering() -> RememberingReference:
    """Give the reference engine with its memory, which grows from share to share."""
    return RememberingReference(BASE)


@pytest.mark.parametrize("seed", range(SHARES))
def test_a_million_profiles_are_decided_as_by_the_reference(
    seed: int, request: pytest.FixtureRequest
) -> None:
    profiles = random_profiles(BASE, SHARE, seed)
    whole = profiles if request.config.getoption("--million") else profiles[:WHOLE]
    reference = ReferenceEngine(BASE)

    agree(BASE, whole, (texts(reference.decide(profile)) for profile in whole))
    if len(whole) < len(profiles):
        agree(BASE, profiles, map(remembering().cells, profiles))
