"""Which role a job title is matched with, and how sure that is."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourways.answers.titles import How, TitleMatcher, matcher_of
from fourways.answers.values import ParsedAnswer, parse_answer
from fourways.errors import RuleBaseError
from fourways.rulebase import load, load_builtin
from rule_bases import KNOWLEDGE, write_base

BASE = load_builtin()
MATCHER = matcher_of(BASE.titles)
ROLE = BASE.attributes["current_role"]


def test_the_ids_and_titles_of_roles_match_exactly() -> None:
    for role in BASE.roles.values():
        for title in (role.id, role.title, role.title.upper(), f"  {role.title} "):
            match = MATCHER.match(title)
            assert (match.role, match.how, match.score, match.note) == (
                role.id, How.EXACT, 100, "",
            )  # fmt: skip


def test_every_other_name_of_a_role_matches_it() -> None:
    for role in BASE.roles.values():
        assert {MATCHER.match(name).role for name in role.names} <= {role.id}


TITLES = {
    "senior_project_manager": [
        "Sr. Proj. Mgr", "Snr PM", "Senior IT Project Manager", "Project Manager III",
        "Project Manager, Senior", "Sr. PM II (Contract)", "Project Senior Manager",
        "Lead Project Manager Infrastructure", "Chief Project Manager Logistics",
        "Senior Chief Project Manager Digitalization & IT", "Head of Projects",
    ],
    "junior_project_manager": [
        "Jr PM", "Asst. Project Manager", "Graduate Project Manager", "Project Manager (Trainee)",
        "IT Project Junior Manager",
    ],
    "project_manager": [
        "P.M.", "P M", "PROJECT MANAGER", "project-manager", " Project  Manager.",
        "Project_Manager", "\U0001f680 Project Manager \U0001f680", "Project Manager\nPMO Analyst",
        "Project Manager - IT", "Project Manager, Finance (FTC)", "Marketing Project Manager",
        "PM / Scrum Master", "PROJECT MANAGER \u2013 INFRASTRUCTURE", "Project Manager (m/w/d)",
        "Project Manager at Acme", "Project Manager " + "for the renewal of all there is " * 14,
        "Project Manager II", "Manager of Projects", "PM (Project Manager)", "PM (Contract)",
        "PM (IT)", "Project Manger", "Projectmanager",
    ],
    "pmo_manager": [
        "P M O Manager", "PMO Mgr", "PMO Lead / Scrum Master", "Senior Manager, PMO",
        "Programme Office Manager", "Portfolio Office Lead",
        "Project Management Office (PMO) Manager", "Manager (PMO)",
    ],
    "program_manager": [
        "Prog Mgr", "Sr. TPM", "Programme Manager", "Program Manager", "Programmes Manager",
        "Programme Director for Shared Services", "Senior Programme Manager",
        "Head of Programme Delivery", "TPM (Technical Program Manager)", "Programe Manager",
    ],
    "pmo_director": [
        "Dir. of PMO", "VP, PMO", "Head of the PMO", "Director PMO", "Director, Project Management",
        "VP Project Management", "Head of P3O", "Head of Planning and PMO",
        "Head of Project Management Office (PMO)",
    ],
    "operations_manager": [
        "Ops Mgr", "COO", "Director of Operations",
    ],
    "pmo_coordinator": [
        "PMO Co-ordinator", "PMO Coordinator", "Project Support Officer",
        "Program Management Intern", "Program Management Associate", "Project Support Specialist",
        "PMO Support Officer",
    ],
    "pmo_analyst": [
        "Finance: PMO Analyst", "Lead PMO Analyst", "Project Management Senior Analyst",
        "PMO Senior Analyst", "Lead PMO Analyst Finance", "P3O Analyst",
        "Programme Management Office Analyst", "PMO (Project Management Office) Analyst",
    ],
    "portfolio_manager": [
        "Porfolio Manager",
    ],
}  # fmt: skip

OTHER = {
    "other jobs": [
        "Assistant Product Manager", "Product Manager", "Product PM", "Account Manager",
        "Finance Project Accountant", "Construction Manager", "Project Engineer",
        "Project Lead Engineer", "Project Manager Assistant", "Programmer",
        "Senior Programmer Analyst", "ProgrammerAnalyst", "Projection Manager",
        "Director of Policy", "Director, Strategy and Programmes", "Manager", "Director", "Analyst",
        "Project", "Service Delivery Manager", "Office Manager", "Project Sponsor",
        "Vice President Sponsored Programs", "Sponsored Projects Administrator",
    ],
    "abbreviations of other jobs": [
        "PM (Product Manager)", "PM (Property Manager)", "TPM (Technical Product Manager)",
    ],
    "the prime minister and the press": [
        "Press Officer, PMO", "PMO Press Officer", "Press Officer (PMO)", "Speechwriter, PMO",
        "Private Secretary to the PM", "Communications Manager, PMO", "PMO, Press Office",
        "Private Secretary, Prime Minister's Office (PMO)",
    ],
    "working for one of ours": [
        "Assistant to Project Manager", "PA to Programme Director",
        "Executive Assistant to the Head of PMO", "Executive Assistant, PMO",
        "Recruitment Consultant - Project Managers",
    ],
    "not held now": [
        "Former Project Manager", "Ex-Project Manager", "Project Manager (retired)",
        "Aspiring Program Manager", "Unemployed PMO Analyst", "Previously project manager",
    ],
    "other languages": [
        "Chef de projet", "Projektleiter", "Projekt Manager", "Gerente de Proyectos",
        "Directeur de programme", "Responsable PMO", "项目经理", "Руководитель проекта",
    ],
}  # fmt: skip


@pytest.mark.parametrize("role", TITLES)
def test_titles_match_their_roles(role: str) -> None:
    assert [title for title in TITLES[role] if MATCHER.match(title).role != role] == []


@pytest.mark.parametrize("kind", OTHER)
def test_other_titles_count_as_another_job(kind: str) -> None:
    matches = [MATCHER.match(title) for title in OTHER[kind]]

    assert {(match.role, match.how, match.score) for match in matches} == {("other", How.NONE, 0)}


@pytest.mark.parametrize(
    ("title", "note"),
    [
        ("Head of PMO", '"Head of PMO" read as PMO director'),
        ("Snr PM", '"Snr PM" read as senior project manager (abbreviations, 0.95)'),
        (
            "Product Manager",
            '"Product Manager" counts as another job: we don\'t know this job title',
        ),
        (
            "Portfolio Manager - Fixed Income",
            '"Portfolio Manager - Fixed Income" counts as another job: '
            "it's about a portfolio of investments or goods",
        ),
        (
            "project manager " * 100_000,
            f'"{("project manager " * 4)[:57]}..." counts as another job: '
            "it's too long for a job title",
        ),
    ],
    ids=lambda text: text[:20],
)
def test_a_note_says_what_was_inferred(title: str, note: str) -> None:
    assert MATCHER.match(title).note == note


@given(st.text(max_size=80))
def test_any_text_has_a_role(text: str) -> None:
    match = MATCHER.match(text)

    assert match.role in BASE.roles
    assert (match.score == 0) == (match.how is How.NONE)


def test_the_more_was_inferred_the_lower_the_score() -> None:
    titles = ("Project Manager", "Proj Mgr", "Marketing Project Manager", "IT - Project Manger")
    matches = [MATCHER.match(title) for title in titles]

    assert [match.how for match in matches] == [
        How.EXACT, How.ABBREVIATIONS, How.WORDING, How.SPELLING,
    ]  # fmt: skip
    scores = [match.score for match in matches]
    assert scores == sorted(set(scores), reverse=True)


def test_an_answer_has_the_role_and_the_note() -> None:
    assert parse_answer(ROLE, "Ops Mgr") == ParsedAnswer(
        "operations_manager", '"Ops Mgr" read as operations manager (abbreviations, 0.95)'
    )
    assert parse_answer(ROLE, "PMO Analyst") == ParsedAnswer("pmo_analyst")


# ------------------------------------------------------------------ other knowledge of titles

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
    return matcher_of(load(write_base(folder, "", {"titles.yaml": titles})).titles)


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Capt.", "pilot"), ("Air Commander", "pilot"), ("Senior Writer", "cook"),
        ("Writer", "clerk"), ("Grand Clerk", "pilot"), ("Pilot Light", "cook"),
        ("Air Comander", "pilot"), ("Project Manager", "cook"),
    ],
)  # fmt: skip
def test_titles_are_matched_with_the_knowledge_in_the_files(
    tmp_path: Path, title: str, role: str
) -> None:
    assert matcher_with(tmp_path, OWN).match(title).role == role


def test_spellings_that_lead_to_each_other_end(tmp_path: Path) -> None:
    matcher = matcher_with(
        tmp_path, "otherwise: cook\nspellings: {a b: b a, b a: a b, x y: x y x y}\n"
    )

    assert matcher.match("a b a b x y x y").role == "cook"


def test_every_problem_of_titles_yaml_is_reported(tmp_path: Path) -> None:
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


def test_titles_yaml_needs_only_the_role_of_other_titles(tmp_path: Path) -> None:
    assert "titles.yaml" in KNOWLEDGE
    matcher = matcher_of(load(write_base(tmp_path, "")).titles)

    assert [matcher.match(title).role for title in ("Pilot", "clerk", "Nurse")] == [
        "pilot", "clerk", "cook",
    ]  # fmt: skip
