"""The career map: what it says, and that nothing in the drawing is in the way of anything."""

from itertools import combinations
from xml.etree import ElementTree

import pytest

from fourways.engines.reference import ReferenceEngine
from fourways.explain.careermap import career_map
from fourways.explain.maplayout import WIDTH, laid_out
from fourways.explain.mapsvg import as_svg
from fourways.model.base import RuleBase
from fourways.model.profile import Profile
from random_profiles import random_profiles

SVG = "{http://www.w3.org/2000/svg}"
COORDINATOR = Profile(
    {
        "current_role": "pmo_coordinator",
        "aspirations": frozenset({"promotion", "stay", "run_a_business_area"}),
        "growth_blockers": frozenset({"no_clear_path", "outgrown_role"}),
    }
)


def test_the_persons_place_and_the_recommended_moves_are_marked(
    reference: ReferenceEngine,
) -> None:
    decision = reference.decide(COORDINATOR)
    drawn = career_map(decision)

    assert drawn.here == "pmo_coordinator"
    assert [post.id for lane in drawn.lanes for post in lane.posts if post.here] == [drawn.here]
    expected = {
        (firing.rule.then.to, standing.path)
        for standing in decision.ranking
        for firing in decision.targets(standing.path)
    }
    assert {(post, one.path) for post, one in drawn.advised} == expected
    assert {(m.target, m.path) for m in drawn.moves if m.advised} == expected


def test_within_a_lane_a_move_leads_upwards(base: RuleBase, reference: ReferenceEngine) -> None:
    drawn = career_map(reference.decide(COORDINATOR))
    rungs = {post.id: (lane.title, post.rung) for lane in drawn.lanes for post in lane.posts}

    for move in drawn.moves:
        (lane, low), (other, high) = rungs[move.source], rungs[move.target]
        assert lane != other or low < high


@pytest.mark.parametrize("index", range(12))
def test_no_box_overlaps_another_and_none_leaves_the_drawing(
    base: RuleBase, reference: ReferenceEngine, index: int
) -> None:
    profile = random_profiles(base, 12, seed=41)[index].having(
        "current_role", list(base.roles)[index]
    )
    layout = laid_out(career_map(reference.decide(profile)))

    for one, other in combinations(layout.boxes.values(), 2):
        beside = one.x + one.width <= other.x or other.x + other.width <= one.x
        above = one.y + one.height <= other.y or other.y + other.height <= one.y
        assert beside or above
    for box in layout.boxes.values():
        assert box.x >= 0
        assert box.x + box.width <= WIDTH
        assert layout.top < box.y
        assert box.y + box.height <= layout.bottom


def test_no_line_runs_behind_a_box_and_none_of_two_posts_share_a_track(
    base: RuleBase, reference: ReferenceEngine
) -> None:
    for profile in random_profiles(base, 30, seed=42):
        layout = laid_out(career_map(reference.decide(profile)))

        assert len(set(layout.tracks.values())) == len(layout.tracks)
        assert len(set(layout.crossings.values())) == len(layout.crossings)
        for x in layout.tracks.values():
            assert not any(box.x <= x <= box.x + box.width for box in layout.boxes.values())
        assert all(y < layout.top for y in layout.crossings.values())


def test_the_svg_is_well_formed_and_tells_all_in_title_and_description(
    reference: ReferenceEngine,
) -> None:
    root = ElementTree.fromstring(as_svg(career_map(reference.decide(COORDINATOR))))

    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "title desc"
    assert root.findtext(f"{SVG}title") == "Career map: your job is PMO coordinator"
    described = root.findtext(f"{SVG}desc") or ""
    assert "Move out, now: a more senior job with another employer." in described
    assert "Move up, in time: PMO director." in described


def test_the_map_is_the_same_every_time(reference: ReferenceEngine) -> None:
    decision = reference.decide(COORDINATOR)

    assert as_svg(career_map(decision)) == as_svg(career_map(decision))


def test_without_a_known_job_there_is_a_map_all_the_same(reference: ReferenceEngine) -> None:
    drawn = career_map(reference.decide(Profile()))

    assert drawn.here is None
    assert "your job is not known" in as_svg(drawn)
