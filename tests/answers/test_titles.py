"""Which role a job title is taken for, and how sure that is."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourways.answers.titles import How, TitleMatcher
from fourways.answers.values import ParsedAnswer, parse_answer
from fourways.errors import RuleBaseError
from fourways.rulebase import load, load_builtin
from rule_bases import KNOWLEDGE, write_base

MATCHER = TitleMatcher(load_builtin())
ROLE = load_builtin().attributes["current_role"]


def roles(*titles: str) -> dict[str, str]:
    return {title: found.role for title, found in MATCHER.match_all(titles).items()}


def wrong(expected: dict[str, str]) -> dict[str, str]:
    """Give the titles that are not taken for the role that is expected."""
    return {title: role for title, role in roles(*expected).items() if role != expected[title]}


# ---------------------------------------------------------------------------- what is matched


def test_names_of_the_contract_and_plain_titles_are_exact() -> None:
    for role in load_builtin().roles.values():
        for title in (role.id, role.title, role.title.upper(), f"  {role.title} "):
            found = MATCHER.match(title)
            assert (found.role, found.how, found.score, found.note) == (
                role.id, How.EXACT, 100, "",
            )  # fmt: skip


def test_every_other_name_in_the_knowledge_names_its_role() -> None:
    expected = {name: role.id for role in load_builtin().roles.values() for name in role.names}

    assert wrong(expected) == {}


def test_abbreviations_are_written_out() -> None:
    assert wrong(
        {
            "Sr. Proj. Mgr": "senior_project_manager",
            "Snr PM": "senior_project_manager",
            "Jr PM": "junior_project_manager",
            "Asst. Project Manager": "junior_project_manager",
            "P.M.": "project_manager",
            "Prog Mgr": "program_manager",
            "Sr. TPM": "program_manager",
            "PMO Mgr": "pmo_manager",
            "Dir. of PMO": "pmo_director",
            "VP, PMO": "pmo_director",
            "Ops Mgr": "operations_manager",
            "COO": "operations_manager",
        }
    ) == {}  # fmt: skip


def test_case_spaces_and_punctuation_do_not_matter() -> None:
    written = ("PROJECT MANAGER", "project-manager", " Project  Manager.", "Project_Manager")

    assert set(roles(*written).values()) == {"project_manager"}


def test_british_and_american_spellings_are_alike() -> None:
    assert wrong(
        {
            "Programme Manager": "program_manager",
            "Program Manager": "program_manager",
            "Programmes Manager": "program_manager",
            "PMO Co-ordinator": "pmo_coordinator",
            "PMO Coordinator": "pmo_coordinator",
        }
    ) == {}  # fmt: skip


def test_a_department_beside_the_job_does_not_matter() -> None:
    assert wrong(
        {
            "Project Manager - IT": "project_manager",
            "Project Manager, Finance (FTC)": "project_manager",
            "Marketing Project Manager": "project_manager",
            "PM / Scrum Master": "project_manager",
            "Finance: PMO Analyst": "pmo_analyst",
            "Programme Director for Shared Services": "program_manager",
            "Project Manager at Acme": "project_manager",
        }
    ) == {}  # fmt: skip


def test_seniority_makes_a_project_manager_senior_or_junior() -> None:
    assert wrong(
        {
            "Senior IT Project Manager": "senior_project_manager",
            "Project Manager III": "senior_project_manager",
            "Project Manager, Senior": "senior_project_manager",
            "Project Manager II": "project_manager",
            "Graduate Project Manager": "junior_project_manager",
            "Project Manager (Trainee)": "junior_project_manager",
            "Lead PMO Analyst": "pmo_analyst",
            "Senior Programme Manager": "program_manager",
        }
    ) == {}  # fmt: skip


def test_the_job_may_stand_before_its_field() -> None:
    assert wrong(
        {
            "Head of the PMO": "pmo_director",
            "Director PMO": "pmo_director",
            "Director, Project Management": "pmo_director",
            "VP Project Management": "pmo_director",
            "Head of Projects": "senior_project_manager",
            "Head of Programme Delivery": "program_manager",
            "Manager of Projects": "project_manager",
            "Senior Manager, PMO": "pmo_manager",
            "Director of Operations": "operations_manager",
        }
    ) == {}  # fmt: skip


def test_an_office_for_projects_has_many_names() -> None:
    assert wrong(
        {
            "Programme Office Manager": "pmo_manager",
            "P3O Analyst": "pmo_analyst",
            "Head of P3O": "pmo_director",
            "Portfolio Office Lead": "pmo_manager",
            "Head of Planning and PMO": "pmo_director",
            "Project Support Officer": "pmo_coordinator",
            "Programme Management Office Analyst": "pmo_analyst",
        }
    ) == {}  # fmt: skip


def test_an_abbreviation_in_brackets_says_the_name_again() -> None:
    assert wrong(
        {
            "Project Management Office (PMO) Manager": "pmo_manager",
            "PMO (Project Management Office) Analyst": "pmo_analyst",
            "Head of Project Management Office (PMO)": "pmo_director",
            "Manager (PMO)": "pmo_manager",
        }
    ) == {}  # fmt: skip


def test_a_misspelt_word_is_mended() -> None:
    assert wrong(
        {
            "Project Manger": "project_manager",
            "Programe Manager": "program_manager",
            "Porfolio Manager": "portfolio_manager",
            "Projectmanager": "project_manager",
        }
    ) == {}  # fmt: skip


# ------------------------------------------------------------------------- what is not matched


@pytest.mark.parametrize(
    "title",
    [
        "Assistant Product Manager", "Product Manager", "Product PM", "Account Manager",
        "Finance Project Accountant", "Construction Manager", "Project Engineer",
        "Project Lead Engineer", "Project Manager Assistant", "Programmer",
        "Senior Programmer Analyst", "Projection Manager", "Director of Policy",
        "Director, Strategy and Programmes", "Manager", "Director", "Analyst", "Project",
        "Service Delivery Manager", "Office Manager", "Project Sponsor",
    ],
)  # fmt: skip
def test_another_job_is_not_guessed_to_be_one_of_ours(title: str) -> None:
    found = MATCHER.match(title)

    assert (found.role, found.how, found.score) == ("other", How.NONE, 0)
    assert found.note == f"'{title}' matched no known post and counts as other"


@pytest.mark.parametrize(
    "title",
    [
        "Press Officer, PMO", "PMO Press Officer", "Press Officer (PMO)", "Speechwriter, PMO",
        "Private Secretary to the PM", "Communications Manager, PMO", "PMO, Press Office",
        "Private Secretary, Prime Minister's Office (PMO)",
    ],
)  # fmt: skip
def test_the_office_of_a_minister_or_of_the_press_is_no_project_office(title: str) -> None:
    assert MATCHER.match(title).role == "other"


@pytest.mark.parametrize(
    "title",
    [
        "Assistant to Project Manager", "PA to Programme Director",
        "Executive Assistant to the Head of PMO", "Executive Assistant, PMO",
        "Recruitment Consultant - Project Managers",
    ],
)  # fmt: skip
def test_whoever_works_for_one_of_ours_is_another(title: str) -> None:
    assert MATCHER.match(title).role == "other"


@pytest.mark.parametrize(
    "title",
    ["Chef de projet", "Projektleiter", "Projekt Manager", "Gerente de Proyectos",
     "Directeur de programme", "Responsable PMO", "项目经理", "Руководитель проекта"],
)  # fmt: skip
def test_titles_in_other_languages_count_as_other(title: str) -> None:
    assert MATCHER.match(title).role == "other"


def test_what_is_meant_instead_is_said() -> None:
    found = MATCHER.match("Portfolio Manager - Fixed Income")

    assert found.role == "other"
    assert found.note.endswith("counts as other: it speaks of a portfolio of investments or goods")


def test_a_text_without_end_is_no_title() -> None:
    found = MATCHER.match("project manager " * 100_000)

    assert found.role == "other"
    assert found.note.endswith("it is too long for a title")
    assert len(found.note) < 200


@given(st.text(max_size=80))
def test_any_text_has_a_role(text: str) -> None:
    found = MATCHER.match(text)

    assert found.role in load_builtin().roles
    assert (found.score == 0) == (found.how is How.NONE)


# --------------------------------------------------------------------------------- how sure


def test_the_surer_the_match_the_higher_its_score() -> None:
    titles = ("Project Manager", "Proj Mgr", "Marketing Project Manager", "IT - Project Manger")
    found = [MATCHER.match(title) for title in titles]

    assert [match.how for match in found] == [
        How.EXACT, How.ABBREVIATIONS, How.WORDING, How.SPELLING,
    ]  # fmt: skip
    scores = [match.score for match in found]
    assert scores == sorted(set(scores), reverse=True)


def test_an_answer_says_how_its_title_was_matched() -> None:
    assert parse_answer(ROLE, "Sr. Proj. Mgr") == ParsedAnswer(
        "senior_project_manager",
        "'Sr. Proj. Mgr' taken as senior project manager (abbreviations, 0.95)",
    )


def test_an_answer_in_the_roles_own_words_has_no_note() -> None:
    assert parse_answer(ROLE, "PMO Analyst") == ParsedAnswer("pmo_analyst")


def test_a_title_that_is_not_known_is_no_role() -> None:
    assert parse_answer(ROLE, "N/A") == ParsedAnswer(None)


# ------------------------------------------------------------------ knowledge of one's own

OWN = """\
otherwise: cook
spellings: {flyer: pilot, capt: pilot}
posts: [pilot]
structures:
  - {role: pilot, fields: [air], posts: [commander]}
alone: {clerk: [writer]}
levels:
  high: {words: [grand], moves: {clerk: pilot}}
rules_out:
  - {meaning: a lamp, words: [light], roles: [pilot]}
misspelt: {likeness: 0.80, letters: 5}
"""


def matcher_with(folder: Path, titles: str) -> TitleMatcher:
    return TitleMatcher(load(write_base(folder, "", {"titles.yaml": titles})))


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Capt.", "pilot"), ("Air Commander", "pilot"), ("Senior Writer", "cook"),
        ("Writer", "clerk"), ("Grand Clerk", "pilot"), ("Pilot Light", "cook"),
        ("Air Comander", "pilot"), ("Project Manager", "cook"),
    ],
)  # fmt: skip
def test_what_is_known_about_titles_comes_from_the_files(
    tmp_path: Path, title: str, role: str
) -> None:
    assert matcher_with(tmp_path, OWN).match(title).role == role


def test_spellings_that_lead_in_a_circle_come_to_an_end(tmp_path: Path) -> None:
    matcher = matcher_with(
        tmp_path, "otherwise: cook\nspellings: {a b: b a, b a: a b, x y: x y x y}\n"
    )

    assert matcher.match("a b a b x y x y").role == "cook"


def test_all_that_is_wrong_with_what_is_known_about_titles_is_said(tmp_path: Path) -> None:
    titles = """\
otherwise: cock
noises: [the]
structures:
  - {role: pilots, fields: [air], posts: [commander]}
  - {role: pilot, fields: [desk], posts: [clerk]}
alone: {clark: [writer], cook: [desk clerk]}
levels: {high: {words: [grand], moves: {clerk: plot}}}
rules_out: [{meaning: a lamp, words: [light], roles: [pylot]}]
misspelt: {likeness: 2, letters: five}
"""
    with pytest.raises(RuleBaseError) as refused:
        load(write_base(tmp_path, "", {"titles.yaml": titles}))

    said = [line.partition("titles.yaml:")[2] for line in str(refused.value).splitlines()]
    assert said == [
        "1:12: unknown role 'cock'. Did you mean 'cook'?",
        "2:1: unknown key 'noises'. Did you mean 'noise'?",
        "4:12: unknown role 'pilots'. Did you mean 'pilot'?",
        "6:9: unknown role 'clark'. Did you mean 'clerk'?",
        "6:32: 'desk clerk' already names pilot",
        "7:48: unknown role 'plot'. Did you mean 'pilot'?",
        "8:55: unknown role 'pylot'. Did you mean 'pilot'?",
        "9:22: 'likeness' must be a number from 0.00 to 0.99, not '2'",
        "9:34: 'letters' must be a whole number of up to 9 digits, not 'five'",
    ]


def test_the_small_base_needs_no_more_than_the_role_of_all_others(tmp_path: Path) -> None:
    assert "titles.yaml" in KNOWLEDGE
    matcher = TitleMatcher(load(write_base(tmp_path, "")))

    assert [matcher.match(title).role for title in ("Pilot", "clerk", "Nurse")] == [
        "pilot", "clerk", "cook",
    ]  # fmt: skip
