"""Where two sentences of the article pull one person in two directions, and how the text settles it.

K1 to K17 are the conflicts, each with a person in it. What must come out is judged from the article.
"""

from collections.abc import Callable

import pytest

from fourways.model.decision import Decision
from fourways.model.rules import Target, Time

Decide = Callable[..., Decision]


def supported(decision: Decision) -> list[str]:
    return [standing.path for standing in decision.ranking]


def certainty(decision: Decision, path: str) -> int:
    return next(standing.certainty for standing in decision.standings if standing.path == path)


def fired(decision: Decision) -> set[str]:
    return {firing.rule.id for firing in decision.trace}


def targets(decision: Decision, path: str, time: Time = Time.NOW) -> set[str]:
    moves = (firing.rule.then for firing in decision.targets(path))
    return {move.to for move in moves if isinstance(move, Target) and move.time is time}


def citing(decision: Decision, statement: str, sort: str) -> bool:
    """Tell whether an action or a caution that rests on a statement came out."""
    firings = decision.actions if sort == "action" else decision.cautions
    return any(statement in firing.rule.cites for firing in firings)


# --------------------------------------------------------------- the conflicts


def test_k01_drive_is_not_the_limit_in_a_small_firm_without_a_ladder_but_is_spent_on_moving_out(
    decide: Decide,
) -> None:
    decision = decide(
        organisation_size="small", growth_blockers=["no_clear_path"], aspirations=["promotion"]
    )

    assert decision.recommendation == "move_out"
    assert citing(decision, "S0.p1.s5", "action")  # the wish to look for openings still counts


def test_k02_a_serious_searcher_tells_the_manager_and_yet_does_not_depend_on_them(
    decide: Decide,
) -> None:
    decision = decide(
        job_search="serious",
        manager_informed=False,
        aspirations=["promotion"],
        growth_blockers=["waiting_for_vacancy"],
    )

    assert decision.recommendation == "move_out"
    assert citing(decision, "S2.p3.s1", "action")
    assert citing(decision, "SC.p1.s2", "caution")


def test_k03_the_wish_for_scale_keeps_the_manager_of_large_projects_on_projects(
    decide: Decide,
) -> None:
    decision = decide(
        current_role="project_manager", largest_project="large", aspirations=["bigger_projects"]
    )

    assert decision.recommendation == "move_up"
    assert "larger_projects" in targets(decision, "move_up")
    assert citing(decision, "S1.p2.s2", "caution")  # programmes are not the only way up


def test_k03_the_wish_for_breadth_takes_the_manager_of_large_projects_to_a_programme(
    decide: Decide,
) -> None:
    decision = decide(
        current_role="project_manager", largest_project="large", aspirations=["breadth"]
    )

    assert decision.recommendation == "move_sideways"
    assert "program_of_smaller_initiatives" in targets(decision, "move_sideways")


@pytest.mark.parametrize("blocker", ["waiting_for_vacancy", "no_clear_path"])
def test_k04_a_closed_ladder_turns_the_wish_for_promotion_into_a_move_out(
    decide: Decide, blocker: str
) -> None:
    decision = decide(aspirations=["promotion"], growth_blockers=[blocker])

    assert decision.recommendation == "move_out"
    assert targets(decision, "move_out") == {"higher_level_elsewhere"}  # out is the way up


def test_k05_ambition_and_breadth_leave_both_ways_open_and_breadth_feeds_later_moves(
    decide: Decide,
) -> None:
    decision = decide(aspirations=["promotion", "breadth"])

    assert {"move_up", "move_sideways"} <= set(supported(decision))
    assert citing(decision, "S3.p1.s4", "action")


def test_k06_budget_skills_carry_over_to_the_line_though_profit_and_loss_is_a_big_change(
    decide: Decide,
) -> None:
    wish = {"current_role": "pmo_analyst", "aspirations": ["run_a_business_area"]}
    decision = decide(**wish, transferable_skills=["budget_tracking"])

    assert decision.recommendation == "move_to_the_line"
    assert certainty(decision, "move_to_the_line") > certainty(decide(**wish), "move_to_the_line")
    assert citing(decision, "S4.p2.s1", "caution")
    assert citing(decision, "S4.p2.s2", "caution")  # and the way back stays open


def test_k07_staying_is_fine_and_one_still_plans(decide: Decide) -> None:
    decision = decide(aspirations=["stay"])

    assert decision.recommendation == "stay"
    assert targets(decision, "stay") == {"same_post"}
    assert citing(decision, "SC.p1.s1", "action")
    assert citing(decision, "SC.p1.s1", "caution")


def test_k08_breadth_without_a_need_for_title_or_pay_goes_sideways(decide: Decide) -> None:
    decision = decide(aspirations=["breadth"], needs_title_or_pay=False)

    assert decision.recommendation == "move_sideways"


def test_k08_breadth_with_a_need_for_title_or_pay_goes_up(decide: Decide) -> None:
    decision = decide(aspirations=["breadth"], needs_title_or_pay=True)

    assert decision.recommendation == "move_up"


def test_k08_breadth_with_a_need_for_title_or_pay_and_a_closed_ladder_goes_out(
    decide: Decide,
) -> None:
    decision = decide(
        aspirations=["breadth"], needs_title_or_pay=True, growth_blockers=["waiting_for_vacancy"]
    )

    assert decision.recommendation == "move_out"


def test_k09_leaving_project_work_is_growth_as_well_and_can_be_undone(decide: Decide) -> None:
    decision = decide(current_role="pmo_manager", aspirations=["run_a_business_area"])

    assert decision.recommendation == "move_to_the_line"
    assert citing(decision, "S4.p2.s3", "caution")
    assert citing(decision, "S0.p1.s5", "action")


def test_k10_the_manager_may_be_sorry_and_helps_and_is_told(decide: Decide) -> None:
    decision = decide(
        growth_blockers=["no_challenge"], job_search="serious", manager_informed=False
    )

    assert decision.recommendation == "move_out"
    assert citing(decision, "S2.p2.s1", "caution")
    assert citing(decision, "S2.p2.s2", "action")
    assert citing(decision, "S2.p3.s1", "action")


def test_k11_a_small_firm_with_openings_and_stretch_sends_nobody_away(decide: Decide) -> None:
    decision = decide(organisation_size="micro", growth_blockers=[], aspirations=["promotion"])

    assert supported(decision) == ["move_up"]


@pytest.mark.parametrize("appetite", ["none", "unsure"])
def test_k12_whoever_wants_out_of_projects_goes_to_the_line_without_a_liking_for_profit_and_loss(
    decide: Decide, appetite: str
) -> None:
    decision = decide(
        current_role="project_manager", aspirations=["run_a_business_area"], pnl_appetite=appetite
    )

    assert decision.recommendation == "move_to_the_line"
    assert citing(decision, "S4.p2.s1", "caution")
    assert citing(decision, "S4.p2.s2", "caution")


def test_k12_an_aversion_to_profit_and_loss_gives_no_reason_to_push_the_line(
    decide: Decide,
) -> None:
    decision = decide(current_role="project_manager", pnl_appetite="none")

    assert "move_to_the_line" not in supported(decision)


def test_k13_the_upper_rungs_come_in_time_and_that_is_no_reason_to_go(decide: Decide) -> None:
    decision = decide(current_role="pmo_coordinator", aspirations=["promotion"], growth_blockers=[])

    assert supported(decision) == ["move_up"]
    assert targets(decision, "move_up") == {"pmo_analyst", "managerial_position"}
    assert "pmo_director" in targets(decision, "move_up", Time.IN_TIME)
    assert citing(decision, "S1.p1.s5", "caution")


def test_k13_waiting_for_a_vacancy_is_a_reason_to_go(decide: Decide) -> None:
    decision = decide(
        current_role="pmo_coordinator",
        aspirations=["promotion"],
        growth_blockers=["waiting_for_vacancy"],
    )

    assert decision.recommendation == "move_out"


def test_k14_managing_people_within_the_project_world_is_a_move_up(decide: Decide) -> None:
    decision = decide(
        current_role="pmo_analyst",
        transferable_skills=["managing_people"],
        aspirations=["promotion"],
    )

    assert decision.recommendation == "move_up"
    assert "line_manager_of_project_managers" in targets(decision, "move_up", Time.IN_TIME)


def test_k14_managing_people_outside_it_with_profit_and_loss_is_a_move_to_the_line(
    decide: Decide,
) -> None:
    decision = decide(
        current_role="pmo_analyst",
        transferable_skills=["managing_people"],
        aspirations=["run_a_business_area"],
        pnl_appetite="keen",
    )

    assert decision.recommendation == "move_to_the_line"


def test_k15_with_openings_and_no_stretch_up_comes_first_and_out_is_a_justified_alternative(
    decide: Decide,
) -> None:
    decision = decide(aspirations=["promotion"], growth_blockers=["no_challenge"])

    assert supported(decision)[:2] == ["move_up", "move_out"]


@pytest.mark.parametrize("blocker", ["waiting_for_vacancy", "no_clear_path"])
def test_k16_a_closed_ladder_leaves_the_wish_for_breadth_alone_sideways(
    decide: Decide, blocker: str
) -> None:
    decision = decide(aspirations=["breadth"], growth_blockers=[blocker])

    assert decision.recommendation == "move_sideways"


def test_k17_whoever_waits_to_be_promoted_is_told_to_apply(decide: Decide) -> None:
    decision = decide(
        current_role="pmo_analyst",
        aspirations=["promotion"],
        growth_blockers=["waiting_to_be_noticed"],
    )

    assert decision.recommendation == "move_up"
    assert "pmo_director" in targets(decision, "move_up", Time.IN_TIME)
    assert citing(decision, "S1.p1.s3", "action")
    assert citing(decision, "SC.p1.s2", "action")


# ------------------------------------------------------------------ in particular


@pytest.mark.parametrize("size", ["micro", "small", "medium", "large"])
@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"aspirations": ["promotion"]},
        {"aspirations": ["promotion"], "growth_blockers": []},
        {"aspirations": ["promotion"], "needs_title_or_pay": True},
        {"current_role": "pmo_analyst", "aspirations": ["bigger_projects"]},
    ],
)
def test_size_alone_never_recommends_moving_out(
    decide: Decide, size: str, answers: dict[str, object]
) -> None:
    decision = decide(organisation_size=size, **answers)

    assert "move_out" not in supported(decision)
    assert decision.recommendation == "move_up"


@pytest.mark.parametrize("size", [None, "micro", "large"])
@pytest.mark.parametrize("blocker", ["waiting_for_vacancy", "no_clear_path"])
@pytest.mark.parametrize(
    ("aspirations", "more_blockers"), [(["promotion"], []), ([], ["outgrown_role"])]
)
def test_a_closed_ladder_does_for_those_who_want_to_climb_or_have_outgrown_the_job(
    decide: Decide,
    size: str | None,
    blocker: str,
    aspirations: list[str],
    more_blockers: list[str],
) -> None:
    known = {"organisation_size": size} if size else {}
    decision = decide(aspirations=aspirations, growth_blockers=[blocker, *more_blockers], **known)

    assert decision.recommendation == "move_out"


def test_a_manager_who_can_offer_no_stretch_makes_moving_out_legitimate(decide: Decide) -> None:
    decision = decide(growth_blockers=["no_challenge"], organisation_size="large")

    assert "move_out" in supported(decision)
    assert decision.evidence("move_out")[0].rule.cites == ("S2.p2.s2",)


@pytest.mark.parametrize("role", ["project_manager", "senior_project_manager"])
def test_program_management_is_sideways_for_someone_who_has_run_large_projects(
    decide: Decide, role: str
) -> None:
    large = decide(current_role=role, aspirations=["breadth"], largest_project="large")
    medium = decide(current_role=role, aspirations=["breadth"], largest_project="medium")

    assert "program_of_smaller_initiatives" in targets(large, "move_sideways")
    assert "program_of_smaller_initiatives" not in targets(medium, "move_sideways")


@pytest.mark.parametrize("role", ["project_manager", "senior_project_manager"])
def test_program_management_is_never_the_only_way_up(decide: Decide, role: str) -> None:
    decision = decide(current_role=role, aspirations=["promotion"])

    ways_up = targets(decision, "move_up") | targets(decision, "move_up", Time.IN_TIME)
    assert ways_up - {"program_manager", "portfolio_manager"}
    assert citing(decision, "S1.p2.s2", "caution")


def test_unwillingness_to_carry_profit_and_loss_takes_support_away_and_bars_nothing(
    decide: Decide,
) -> None:
    keen, unwilling, unknown = (
        certainty(decide(aspirations=["run_a_business_area"], **answer), "move_to_the_line")
        for answer in ({"pnl_appetite": "keen"}, {"pnl_appetite": "none"}, {})
    )

    assert keen > unwilling == unknown
    alone = decide(pnl_appetite="none")
    assert certainty(alone, "move_to_the_line") == 0
    assert not alone.evidence("move_to_the_line", against=True)


@pytest.mark.parametrize(
    "answers",
    [
        {"organisation_size": "micro", "growth_blockers": ["no_clear_path"]},
        {"growth_blockers": ["no_challenge", "waiting_for_vacancy"]},
        {"transferable_skills": ["managing_people", "reporting"], "pnl_appetite": "open"},
        {"current_role": "pmo_coordinator"},
    ],
)
def test_wanting_to_stay_is_enough_to_stay_and_still_one_plans(
    decide: Decide, answers: dict[str, object]
) -> None:
    decision = decide(aspirations=["stay"], **answers)

    assert decision.recommendation == "stay"
    assert citing(decision, "SC.p1.s1", "action")


@pytest.mark.parametrize(
    ("search", "informed", "told_to_tell"),
    [
        ("serious", False, True),
        ("serious", True, False),
        ("considering", False, False),
        ("not_looking", False, False),
        (None, False, False),
    ],
)
def test_telling_the_manager_is_advised_to_serious_searchers_who_have_not_done_so(
    decide: Decide, search: str | None, informed: bool, told_to_tell: bool
) -> None:
    known = {"job_search": search} if search else {}
    decision = decide(manager_informed=informed, **known)

    assert citing(decision, "S2.p3.s1", "action") is told_to_tell


@pytest.mark.parametrize(
    ("answers", "warned"),
    [
        ({"needs_title_or_pay": True}, True),
        ({"needs_title_or_pay": False}, False),
        ({}, False),
    ],
)
def test_a_sideways_step_warns_those_who_must_have_title_or_pay(
    decide: Decide, answers: dict[str, object], warned: bool
) -> None:
    decision = decide(aspirations=["breadth"], **answers)

    assert "move_sideways" in supported(decision)
    personal = [
        firing
        for firing in decision.cautions
        if "needs_title_or_pay" in {match.name for match in firing.matched}
    ]
    assert bool(personal) is warned
    assert citing(decision, "S3.p1.s3", "caution")  # that nothing is promised is said to all


def test_nobody_is_warned_of_a_sideways_step_that_is_not_advised(decide: Decide) -> None:
    decision = decide(aspirations=["promotion"], needs_title_or_pay=True)

    assert not citing(decision, "S3.p1.s3", "caution")
