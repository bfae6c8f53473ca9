"""A path that hangs on more rules than are looked up together is decided like any other."""

from pathlib import Path

from columnar import agree

from fourways.batch.contract import texts
from fourways.batch.lookup import MOST_FLAGS
from fourways.engines.reference import ReferenceEngine
from fourways.rulebase import load
from fourways.rulebase.locations import builtin_folders
from random_profiles import random_profiles

RULE = """- id: house.{number}
  title: One more
  when: {{organisation_size: {{is: {size}}}}}
  then: {{path: {path}, certainty: may}}
  because: The house says so, for the {number}th time.
  house: true
"""
SIZES = ("micro", "small", "medium", "large")


def test_a_path_with_dozens_of_rules_for_it_is_decided_as_by_the_reference(tmp_path: Path) -> None:
    paths = list(load(builtin_folders()).paths)[:2]
    rules = [
        RULE.format(number=number, size=SIZES[number % 4], path=paths[number % 2])
        for number in range(40)
    ]
    (tmp_path / "house.yaml").write_text("".join(rules))
    base = load(builtin_folders().with_own(rules=tmp_path))
    reference = ReferenceEngine(base)
    profiles = random_profiles(base, 300, seed=4)

    assert all(len(base.evidence[path]) > MOST_FLAGS for path in paths)
    agree(base, profiles, (texts(reference.decide(profile)) for profile in profiles))
