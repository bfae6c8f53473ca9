"""What if, across two rule bases: paths and attributes may be in one of them only."""

from collections.abc import Callable
from pathlib import Path

from fourways.engines.reference import ReferenceEngine
from fourways.explain import plain
from fourways.explain.whatif import what_if
from fourways.model.base import RuleBase
from fourways.model.profile import Profile
from fourways.rulebase import load
from rule_bases import KNOWLEDGE, write_base

RULES = """
- {id: r, title: T, when: {wants: {includes: x}}, then: {path: alpha, certainty: c50},
   because: so, house: true}
"""


def with_delta(folder: Path) -> RuleBase:
    paths = KNOWLEDGE["paths.yaml"] + "delta: {title: Delta, means: the fourth, section: S0}\n"
    rules = RULES.replace("alpha", "delta")
    return load(write_base(folder, rules, {"paths.yaml": paths}))


def test_a_path_that_only_one_base_has_stands_there_with_nothing_in_the_other(
    small_base: Callable[[str], RuleBase], tmp_path: Path
) -> None:
    profile = Profile({"wants": frozenset({"x"})})
    old = ReferenceEngine(small_base(RULES)).decide(profile)
    new = ReferenceEngine(with_delta(tmp_path / "new")).decide(profile)

    there, back = what_if(old, new), what_if(new, old)

    delta = next(path for path in there.paths if path.path == "delta")
    assert (delta.place_before, delta.before, delta.place_after, delta.after) == (None, 0, 1, 50)
    gone = back.paths[-1]
    assert (gone.path, gone.place_before, gone.place_after, gone.after) == ("delta", 1, None, 0)
    assert plain.of_what_if(there)["recommendation"] == {"before": "alpha", "after": "delta"}
