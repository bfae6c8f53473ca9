"""The built-in base, compiled once for the tests of explanations."""

import pytest

from fourways.engines.fast import CompactEngine
from fourways.engines.reference import ReferenceEngine
from fourways.explain.repairs import Repairs
from fourways.model.base import RuleBase
from fourways.rulebase import load_builtin


@pytest.fixture(scope="session")
def base() -> RuleBase:
    return load_builtin()


@pytest.fixture(scope="session")
def compact(base: RuleBase) -> CompactEngine:
    return CompactEngine(base)


@pytest.fixture(scope="session")
def reference(base: RuleBase) -> ReferenceEngine:
    return ReferenceEngine(base)


@pytest.fixture(scope="session")
def repairs(base: RuleBase) -> Repairs:
    return Repairs(base)
