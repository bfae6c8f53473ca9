"""How long a person waits for an explanation, question by question.

    python benchmarks/explanations.py [--profiles N] [--seed S]

Random people, some of whom said little and some everything. A question is asked as the command
asks it, from the answers to the data of the explanation: decided in experta where it needs a
decision, with engines compiled anew, nothing remembered. What the command spends once, on starting
and on reading the rules, is not in it. The times are processor times, so that a busy machine tells
what an idle one does. The exit code is 1 where a person waits for too long.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from time import process_time

from fourways.engines.experta_engine import ExpertaEngine
from fourways.engines.fast import CompactEngine
from fourways.explain import justification, nearmiss, outcomes, plain, whatif, whynot
from fourways.explain.careermap import career_map
from fourways.explain.relevance import Outlook
from fourways.explain.repairs import Repairs
from fourways.explain.whatwouldittake import what_would_it_take
from fourways.explain.why import why
from fourways.model.base import RuleBase
from fourways.model.profile import Profile
from fourways.rulebase import load_builtin

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from random_profiles import random_profiles

WAIT = 100
"""The most milliseconds that a person waits for an answer."""

LONG_WAIT = 300
"""The most that a person waits for all sets of three changes."""

Question = tuple[str, int, Callable[[], object]]
"""What is asked, the most milliseconds that it may take, and what answers it."""


def questions(
    base: RuleBase, experta: ExpertaEngine, profile: Profile, other: Profile
) -> Iterator[Question]:
    """Give all that can be asked about a profile; `other` is what the answers may become."""

    def why_not_all() -> object:
        decision, engine, repairs = experta.decide(profile), CompactEngine(base), Repairs(base)
        return [
            plain.of_why_not(whynot.why_not(decision, engine, path, repairs)) for path in base.paths
        ]

    def why_not_one(path: str) -> object:
        decision = experta.decide(profile)
        return plain.of_why_not(whynot.why_not(decision, CompactEngine(base), path))

    def near_misses() -> object:
        decision = experta.decide(profile)
        return nearmiss.near_misses(decision, CompactEngine(base))

    def takes(path: str, most: int) -> object:
        return what_would_it_take(CompactEngine(base), profile, path, most=most)

    yield "how", WAIT, lambda: justification.as_json(experta.decide(profile))
    for name in base.attributes:
        if name not in profile:
            yield "why is it asked", WAIT, lambda name=name: why(Outlook(base, profile), name)
    for path in base.paths:
        yield "why not, one path", WAIT, lambda path=path: why_not_one(path)
    yield "why not, all paths together", WAIT, why_not_all
    yield (
        "what if",
        WAIT,
        lambda: plain.of_what_if(whatif.what_if(experta.decide(profile), experta.decide(other))),
    )
    for most in (1, 2, 3):
        says = f"what would it take, {most} change{'s' * (most > 1)}"
        bound = LONG_WAIT if most == 3 else WAIT
        for path in base.paths:
            yield says, bound, lambda path=path, most=most: takes(path, most)
    yield "near misses of all paths", WAIT, near_misses
    yield (
        "what may still come out, what to ask",
        WAIT,
        lambda: outcomes.outcomes(CompactEngine(base), profile),
    )
    yield "career map", WAIT, lambda: career_map(experta.decide(profile))


def milliseconds(answer: Callable[[], object]) -> float:
    """Give how long an answer takes."""
    started = process_time()
    answer()
    return (process_time() - started) * 1000


def measured(
    base: RuleBase, profiles: Sequence[Profile], others: Sequence[Profile]
) -> dict[str, tuple[int, list[float]]]:
    """Give for each question the bound and the times of all profiles."""
    experta = ExpertaEngine(base)
    times: dict[str, tuple[int, list[float]]] = {}
    for profile, other in zip(profiles, others, strict=True):
        for says, bound, answer in questions(base, experta, profile, other):
            times.setdefault(says, (bound, []))[1].append(milliseconds(answer))
    return times


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description="Measure how long a person waits.")
    parser.add_argument("--profiles", type=int, default=300, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    options = parser.parse_args()
    base = load_builtin()
    profiles = random_profiles(base, options.profiles, options.seed)
    others = random_profiles(base, options.profiles, options.seed + 1_000_000)
    times = measured(base, profiles, others)
    print(f"{options.profiles} people, seed {options.seed}; milliseconds")
    print(f"{'':42}{'asked':>7}{'median':>8}{'slowest':>9}{'at most':>9}")
    late = False
    for says, (bound, taken) in times.items():
        late = late or max(taken) > bound
        over = "  too long" if max(taken) > bound else ""
        print(f"{says:42}{len(taken):7}{median(taken):8.1f}{max(taken):9.1f}{bound:9}{over}")
    sys.exit(1 if late else 0)


if __name__ == "__main__":
    main()
