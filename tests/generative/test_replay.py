"""The same profile gives the same trace, byte for byte, in any process."""

import os
import subprocess
import sys

import pytest

from engines import ENGINES

SCRIPT = """
import json, sys
from fourways.engines.{module} import {engine}
from fourways.explain.justification import as_json
from fourways.rulebase import load_builtin
from fourways.model.profile import Profile

engine = {engine}(load_builtin())
for answers in (
    {{}},
    {{"aspirations": frozenset({{"promotion", "breadth", "bigger_projects", "undecided"}}),
      "growth_blockers": frozenset({{"no_challenge", "outgrown_role", "waiting_for_vacancy"}}),
      "current_role": "project_manager", "largest_project": "large", "job_search": "serious",
      "transferable_skills": frozenset({{"managing_people", "reporting", "budget_tracking"}}),
      "manager_informed": False, "organisation_size": "small", "needs_title_or_pay": True}},
    {{"aspirations": frozenset(), "pnl_appetite": "none", "current_role": "operations_manager"}},
):
    decision = engine.decide(Profile(answers))
    for firing in decision.trace:
        facts = [(m.sort, m.name, sorted(m.value) if isinstance(m.value, frozenset) else m.value)
                 for m in firing.matched]
        print(firing.rule.id, firing.rule.cites, facts)
    print(decision.standings)
    print(json.dumps(as_json(decision)))
"""


def trace_of(engine: str, seed: str) -> bytes:
    runner = ENGINES[engine]
    script = SCRIPT.format(module=runner.__module__.rpartition(".")[2], engine=runner.__name__)
    ran = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert ran.stderr == b""
    return ran.stdout


@pytest.mark.parametrize("engine", ENGINES)
def test_the_trace_is_the_same_in_every_process(engine: str) -> None:
    first, *others = (trace_of(engine, seed) for seed in ("0", "1", "31337"))

    assert first.count(b"\n") > 50
    assert all(other == first for other in others)


def test_all_engines_give_the_same_trace() -> None:
    assert len({trace_of(engine, "0") for engine in ENGINES}) == 1
