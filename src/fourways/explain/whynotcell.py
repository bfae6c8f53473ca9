"""The `why_not` cell of a results file: for each path that did not come out, its nearest rule.

    move_out: out.considering needs job_search to be considering (unknown); stay: ...

For programs: the paths are parted by "; ", the conditions of a rule by " and ", and each names its
attribute first and how it stands last: failed or unknown.
"""

from fourways.explain.repairs import Repairs
from fourways.explain.whynot import MARKS, nearest_first
from fourways.model.conditions import Complement, Test
from fourways.model.decision import Decision
from fourways.model.rules import Rule

COLUMN = "why_not"
BETWEEN_PATHS = "; "
BETWEEN_TESTS = " and "

WORDS = {
    "is": ("to be", "not to be"),
    "one_of": ("to be", "not to be"),
    "at_least": ("to be at least", "to be less than"),
    "at_most": ("to be at most", "to be more than"),
    "family": ("to be of the kind", "not to be of the kind"),
    "includes": ("to include", "not to include"),
    "includes_any": ("to include", "not to include"),
    "excludes": ("not to include", "to include"),
}
"""Each operator after its attribute, and its opposite."""


def why_not_cell(decision: Decision, repairs: Repairs) -> str:
    """Give the cell of a decision; empty where every path came out.

    Args:
        decision: what was decided.
        repairs: for the same rules.
    """
    supported = {standing.path for standing in decision.ranking}
    return BETWEEN_PATHS.join(
        _of_path(decision, path, repairs) for path in decision.base.paths if path not in supported
    )


def _of_path(decision: Decision, path: str, repairs: Repairs) -> str:
    listed = nearest_first(decision, path, repairs)
    if not listed:
        return nothing_more(path)
    rule, repair = listed[0]
    if repair is None:
        return impossible(path, rule)
    return lacks(path, rule) + BETWEEN_TESTS.join(
        needed(test, test.attribute in decision.profile) for test in repair.unmet
    )


def lacks(path: str, rule: Rule) -> str:
    """Give how the part of a path begins whose nearest rule lacks something."""
    return f"{path}: {rule.id} needs "


def nothing_more(path: str) -> str:
    """Give the part of a path for which every rule speaks, and which others outweigh."""
    return f"{path}: nothing more can speak for it"


def impossible(path: str, rule: Rule) -> str:
    """Give the part of a path whose rules ask for what excludes itself."""
    return f"{path}: no answers can meet {rule.id}"


def needed(test: Test, known: bool) -> str:
    """Give a test that is not met: what it asks for, and whether it failed or is unknown."""
    wording = WORDS[test.operator][isinstance(test, Complement)]
    mark = MARKS[False if known else None]
    return f"{test.attribute} {wording} {' or '.join(test.operand)} ({mark})"
