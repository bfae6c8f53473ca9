"""Which questions matter, and when the first recommendation is settled."""

from collections.abc import Callable

import pytest

from engines import profile_of
from fourways.explain.relevance import Interval, Outlook
from fourways.explain.why import why
from fourways.model.base import RuleBase
from fourways.model.profile import Profile
from fourways.model.rules import Evidence
from fourways.rulebase import load_builtin

BASE = load_builtin()
DRAWN_UP = {"aspirations": ["promotion"], "pnl_appetite": "open"}
SmallBase = Callable[[str], RuleBase]


def outlook_of(*never: str, **known: object) -> Outlook:
    return Outlook(BASE, profile_of(**known), frozenset(never))


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
    assert Outlook(base, Profile()).attributes == ("post", "ready")
    assert Outlook(base, Profile({"post": "clerk"})).attributes == ()
    assert Outlook(base, Profile({"post": "cook"})).attributes == ("ready",)


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
    assert Outlook(quoting, Profile({"ready": True})).attributes == ("size",)


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
    assert Outlook(base, Profile({"ready": True})).attributes == ()


BALANCED = """
- {id: a, title: T, when: {post: {is: clerk}}, then: {path: alpha, certainty: c50}, because: b,
   house: true}
- {id: b, title: T, when: {ready: {is: true}}, then: {path: beta, certainty: c50}, because: b,
   house: true}
- {id: c, title: T, when: {colour: {is: red}}, then: {path: alpha, certainty: c20}, because: b,
   house: true}
"""


def test_bounds_take_in_what_may_still_come(small_base: SmallBase) -> None:
    bounds = Outlook(small_base(BALANCED), Profile({"post": "clerk"})).bounds
    assert bounds["alpha"] == Interval(50, 60)
    assert bounds["beta"] == Interval(0, 50)


def test_a_tie_in_favour_of_the_first_settles(small_base: SmallBase) -> None:
    outlook = Outlook(small_base(BALANCED), Profile({"post": "clerk"}))
    assert (outlook.settled, outlook.leading) == (True, "alpha")


def test_a_tie_that_the_later_one_could_lose_does_not_settle(small_base: SmallBase) -> None:
    base = small_base(BALANCED)
    assert not Outlook(base, Profile({"ready": True})).settled
    assert Outlook(base, Profile({"ready": True}), frozenset({"post"})).leading == "beta"
    assert Outlook(base, Profile({"ready": True}), frozenset({"post"})).settled


def test_no_recommendation_is_settled_too(small_base: SmallBase) -> None:
    outlook = Outlook(small_base(BALANCED), Profile({"post": "cook", "ready": False}))
    assert (outlook.settled, outlook.leading) == (True, None)


def test_the_bearing_names_what_is_known_and_what_is_needed() -> None:
    bearing = outlook_of(current_role="project_manager").bearing("largest_project")
    assert bearing.paths == ("move_sideways",)
    (evidence,) = (one for one in bearing.rules if isinstance(one.rule.then, Evidence))
    assert [test.attribute for test in evidence.known] == ["current_role"]
    assert [test.attribute for test in evidence.needed] == ["largest_project"]


def test_the_bearing_goes_through_findings() -> None:
    bearing = outlook_of(aspirations=["promotion"]).bearing("growth_blockers")
    assert "out.rising" in [one.rule.id for one in bearing.rules]
    assert "move_out" in bearing.paths


def test_why_says_what_is_known_which_paths_it_bears_on_and_what_is_looked_for() -> None:
    lines = why(outlook_of(current_role="project_manager"), "largest_project")
    assert lines[:3] == (
        "Your answer bears on Move sideways.",
        "Known so far, and of weight here: your job (project manager).",
        f'{BASE.by_id["side.program"].title} [S3.p2.s2]: it looks for "large".',
    )


def test_why_has_words_for_each_sort_of_test(small_base: SmallBase) -> None:
    base = small_base(
        """
- {id: lacks, title: Lacks, when: {wants: {excludes: [x, y]}},
   then: {path: alpha, certainty: c50}, because: b, house: true}
- {id: lacks_not, title: Lacks not, when: {not: {wants: {excludes: [x]}}},
   then: {path: alpha, certainty: c50}, because: b, house: true}
- {id: holds_not, title: Holds not, when: {not: {wants: {includes: z}}},
   then: {path: alpha, certainty: c50}, because: b, house: true}
- {id: one_not, title: One not, when: {not: {size: {is: low}}},
   then: {path: alpha, certainty: c50}, because: b, house: true}
"""
    )
    outlook = Outlook(base, Profile())
    assert why(outlook, "wants") == (
        "Your answer bears on Alpha.",
        'Lacks [rule of the house]: it looks for none of "X" and "Y".',
        'Lacks not [rule of the house]: it looks for "X".',
        'Holds not [rule of the house]: it looks for none of "Z".',
    )
    assert why(outlook, "size")[1] == (
        'One not [rule of the house]: it looks for "middle" or "high".'
    )


def test_why_says_so_when_no_rule_waits_for_the_answer() -> None:
    assert why(outlook_of(current_role="pmo_analyst"), "largest_project") == (
        "No rule waits for this answer any more.",
    )
