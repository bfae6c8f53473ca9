"""The engines that must agree: whatever is tested on one is tested on all."""

from collections.abc import Callable
from functools import cache

from fourways.engines.experta_engine import ExpertaEngine
from fourways.engines.reference import ReferenceEngine
from fourways.model.base import RuleBase
from fourways.model.decision import Engine
from fourways.model.profile import Answer, Profile
from fourways.rulebase import load_builtin

ENGINES: dict[str, Callable[[RuleBase], Engine]] = {
    "reference": ReferenceEngine,
    "experta": ExpertaEngine,
}


@cache
def on_built_in(engine: str) -> Engine:
    """Give an engine on the built-in base; one is built for all tests."""
    return ENGINES[engine](load_builtin())


def profile_of(**answers: object) -> Profile:
    """Give a profile; lists and sets become the sets of what applies."""
    read: dict[str, Answer] = {}
    for name, answer in answers.items():
        assert isinstance(answer, str | bool | list | set | tuple | frozenset)
        read[name] = answer if isinstance(answer, str | bool) else frozenset(answer)
    return Profile(read)
