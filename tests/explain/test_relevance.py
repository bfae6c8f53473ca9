"""Which questions matter, and when the first recommendation is settled."""

from collections.abc import Callable

import pytest

from engines import profile_of
from fourways.engines.fast import CompactEngine, Interval
from fourways.explain.outcomes import settled
from fourways.explain.relevance import Outlook
from fourways.explain.why import why, why_text
from fourways.model.base import RuleBase
from fourways.model.profile import Profile
from fourways.rulebase import load_builtin

BASE = load_builtin()
DRAWN_UP = {"aspirations": ["promotion"], "pnl_appetite": "open"}
SmallBase = Callable[[str], RuleBase]


def outlook_of(*never: str, **known: object) -> Outlook:
    return Outlook(CompactEngine(BASE), profile_of(**known), frozenset(never))


@pytest.mark.parametrize(
    ("known", "matters", "idle"),
    [
        ({"current_role": "pmo_executive"}, "pmo_scope", "largest_project"),
        ({"current_role": "project_manager", **DRAWN_UP}, "largest_project", "transferable_skills"),
        ({"pnl_appetite": "keen"}, "transferable_skills", "pnl_appetite"),
        ({"job_search": "serious"}, "manager_informed", "job_search"),
        ({"job_search": "considering"}, "aspirations", "manager_informed"),
    ],
)
def test_a_question_matters_only_where_its_answer_can_do_something(
    known: dict[str, object], matters: str, idle: str
) -> None:
    attributes = outlook_of(**known).attributes
    assert matters in attributes
    assert idle not in attributes


def test_what_matters_only_with_an_answer_that_nobody_knows_does_not_matter() -> None:
    attributes = outlook_of("job_search", "current_role", needs_title_or_pay=True).attributes
    assert {"manager_informed", "largest_project"}.isdisjoint(attributes)


def test_evidence_on_a_path_that_cannot_come_out_does_not_matter(small_base: SmallBase) -> None:
    base = small_base(
        """
- {id: no, title: T, when: {post: {is: clerk}}, then: {against: alpha, certainty: c90},
   because: b, house: true}
- {id: weak, title: T, when: {ready: {is: true}}, then: {path: alpha, certainty: c50},
   because: b, house: true}
"""
    )
    assert Outlook(CompactEngine(base), Profile()).attributes == ("post", "ready")
    assert Outlook(CompactEngine(base), Profile({"post": "clerk"})).attributes == ()
    assert Outlook(CompactEngine(base), Profile({"post": "cook"})).attributes == ("ready",)


def test_another_reason_for_a_finding_matters_where_the_reason_is_quoted(
    small_base: SmallBase,
) -> None:
    rules = """
- {{id: one, title: T, when: {{ready: {{is: true}}}}, then: {{finding: f}}, because: a, house: true}}
- {{id: two, title: T, when: {{size: {{is: low}}}}, then: {{finding: f}}, because: b, house: true}}
- {{id: out, title: T, when: {{finding: f}}, then: {{path: alpha, certainty: c50}},
   because: "{because}", house: true}}
"""
    quoting = small_base(rules.format(because="As {f.because}."))
    assert Outlook(CompactEngine(quoting), Profile({"ready": True})).attributes == ("size",)


def test_another_reason_for_a_finding_does_not_matter_where_it_is_not_quoted(
    small_base: SmallBase,
) -> None:
    base = small_base(
        """
- {id: one, title: T, when: {ready: {is: true}}, then: {finding: f}, because: a, house: true}
- {id: two, title: T, when: {size: {is: low}}, then: {finding: f}, because: b, house: true}
- {id: out, title: T, when: {finding: f}, then: {path: alpha, certainty: c50}, because: c,
   house: true}
"""
    )
    assert Outlook(CompactEngine(base), Profile({"ready": True})).attributes == ()


BALANCED = """
- {id: a, title: T, when: {post: {is: clerk}}, then: {path: alpha, certainty: c50}, because: b,
   house: true}
- {id: b, title: T, when: {ready: {is: true}}, then: {path: beta, certainty: c50}, because: b,
   house: true}
- {id: c, title: T, when: {colour: {is: red}}, then: {path: alpha, certainty: c20}, because: b,
   house: true}
"""


def test_bounds_take_in_what_may_still_come(small_base: SmallBase) -> None:
    bounds = Outlook(CompactEngine(small_base(BALANCED)), Profile({"post": "clerk"})).bounds
    assert bounds["alpha"] == Interval(50, 60)
    assert bounds["beta"] == Interval(0, 50)


@pytest.mark.parametrize(
    ("known", "never", "first"),
    [
        # alpha has 0.50, and beta can draw level, but alpha comes first in the article.
        ({"post": "clerk"}, [], "alpha"),
        # beta has 0.50, and alpha could draw level, unless nobody knows.
        ({"ready": True}, [], "open"),
        ({"ready": True}, ["post"], "beta"),
        ({"post": "cook", "ready": False}, [], None),
    ],
)
def test_the_first_recommendation_is_settled_when_nothing_can_beat_it(
    small_base: SmallBase, known: dict[str, str | bool], never: list[str], first: str | None
) -> None:
    engine = CompactEngine(small_base(BALANCED))
    outlook = Outlook(engine, Profile(known), frozenset(never))
    assert settled(outlook) is (first != "open")
    assert not settled(outlook) or engine.first(outlook.sure) == first


def test_why_names_what_is_known_and_what_is_needed() -> None:
    answer = why(outlook_of(current_role="project_manager"), "largest_project")
    assert answer.paths == ("move_sideways",)
    assert answer.known == ("your job (project manager)",)
    assert answer.rules[0].rule == "side.program"
    assert [clause.attribute for clause in answer.rules[0].known] == ["current_role"]
    assert [clause.attribute for clause in answer.rules[0].needed] == ["largest_project"]


def test_why_goes_through_findings() -> None:
    answer = why(outlook_of(aspirations=["promotion"]), "growth_blockers")
    assert "out.rising" in [rule.rule for rule in answer.rules]
    assert "move_out" in answer.paths


def test_why_says_which_paths_an_answer_affects_and_when_rules_apply() -> None:
    outlook = outlook_of(current_role="project_manager")
    lines = why_text(BASE, why(outlook, "largest_project"))
    assert lines[:3] == (
        "Your answer affects: Move sideways.",
        "Already taken into account: your job (project manager).",
        f"{BASE.by_id['side.program'].title} [S3.p2.s2]: applies if "
        f'{BASE.attributes["largest_project"].label} is at least "large".',
    )


def test_why_counts_the_rules_it_does_not_name() -> None:
    lines = why_text(BASE, why(outlook_of(), "aspirations"), most=3)
    assert lines[-1].endswith(" other rules also use it.")
    assert "It also depends on " in "".join(
        why_text(BASE, why(outlook_of(), "job_search"), most=None)
    )


def test_why_says_so_when_the_answer_changes_nothing() -> None:
    answer = why(outlook_of(current_role="pmo_analyst"), "largest_project")
    assert not answer.asked
    assert why_text(BASE, answer) == (
        "We no longer need this answer. It couldn't change anything.",
    )
