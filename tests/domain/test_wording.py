"""What people read: short words and sentences, whole in every combination, never too much at once."""

import re
from collections.abc import Iterator
from itertools import combinations, product

import pyphen
import pytest

from fourways.engines.reference import ReferenceEngine
from fourways.explain import wording
from fourways.model.profile import Profile
from fourways.model.rules import Action, Caution, Evidence
from fourways.rulebase import load_builtin
from random_profiles import random_profiles

BASE = load_builtin()
ENGINE = ReferenceEngine(BASE)
HYPHENS = pyphen.Pyphen(lang="en_US")
PLACEHOLDER = re.compile(r"\{[^}]*\}")
MARKS_OF_TRANSLATION = (
    "whoever", "in earnest", "project office", " is no ", "dead man", "post ", "appetite", "comes free",
)  # fmt: skip


def read_by_people() -> Iterator[str]:
    """Yield questions, help, reasons, actions and cautions, with a clause for each placeholder."""
    for attribute in BASE.attributes.values():
        yield attribute.question
        if attribute.help:
            yield attribute.help
    for rule in BASE.rules:
        match rule.then:
            case Evidence():
                yield PLACEHOLDER.sub("the way up is closed", rule.because)
            case Action(text=text) | Caution(text=text):
                yield PLACEHOLDER.sub("the way up is closed", text)


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade of a text."""
    words = re.findall(r"[\w'&]+", text)
    sentences = max(1, len(re.findall(r"[.?!](?:\s|$)", text)))
    syllables = sum(len(HYPHENS.positions(word)) + 1 for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def subsets(*values: str) -> Iterator[frozenset[str]]:
    for size in range(len(values) + 1):
        yield from map(frozenset, combinations(values, size))


def joined_reasons() -> Iterator[str]:
    """Yield what is said for every combination that the reasons of findings are joined in."""
    for blockers, wishes, title, size, skills in product(
        subsets("no_clear_path", "waiting_for_vacancy", "no_challenge", "outgrown_role"),
        subsets("promotion", "bigger_projects", "run_a_business_area"),
        (True, False),
        ("small", "large"),
        ({"reporting"}, {"managing_people", "reporting"}, {"budget_tracking"}),
    ):
        decision = ENGINE.decide(
            Profile(
                {
                    "current_role": "project_manager",
                    "growth_blockers": blockers,
                    "aspirations": wishes,
                    "needs_title_or_pay": title,
                    "organisation_size": size,
                    "transferable_skills": frozenset(skills),
                    "pnl_appetite": "keen",
                    "job_search": "serious",
                }
            )
        )
        for path in BASE.paths:
            yield from wording.reasons(decision, path)
            yield from wording.counter_reasons(decision, path)
        for sort, path in product((Action, Caution), (*BASE.paths, None)):
            yield from wording.advice(decision, sort, path)


def test_questions_reasons_and_advice_are_easy_to_read() -> None:
    grades = {text: grade(text) for text in read_by_people()}

    assert sum(grades.values()) / len(grades) <= 8
    assert {text: found for text, found in grades.items() if found > 12} == {}


def test_no_text_sounds_translated() -> None:
    said = [
        text for text in read_by_people() if any(m in text.lower() for m in MARKS_OF_TRANSLATION)
    ]

    assert said == []


def test_joined_reasons_are_sentences_in_every_combination() -> None:
    said = set(joined_reasons())

    assert len(said) > 60
    for text in said:
        assert re.fullmatch(r"[A-Z][^{}]*\.", text), text
        assert not re.search(r"  |\.\.|,,| ,| \.|, and and|\band, |: [A-Z]|[.?!] [a-z]", text), text


@pytest.mark.parametrize("path", BASE.paths)
def test_advice_on_a_path_is_short(path: str) -> None:
    for profile in random_profiles(BASE, 500, seed=7):
        decision = ENGINE.decide(profile)
        if decision.recommendation == path:
            assert len(decision.advice(Action, path)) <= 5
            assert len(decision.advice(Caution, path)) <= 3


@pytest.mark.parametrize("belief", ["believes_dead_end", "waiting_to_be_noticed"])
def test_a_belief_changes_the_advice_and_never_the_ranking(belief: str) -> None:
    for profile in random_profiles(BASE, 500, seed=8):
        blockers = profile.get("growth_blockers")
        if isinstance(blockers, frozenset):
            without = ENGINE.decide(profile.having("growth_blockers", blockers - {belief}))
            held = ENGINE.decide(profile.having("growth_blockers", blockers | {belief}))
            assert held.standings == without.standings
            assert held.advice(Action, None) != without.advice(Action, None)


def test_a_manager_who_knows_changes_the_advice_and_never_the_ranking() -> None:
    for profile in random_profiles(BASE, 500, seed=9):
        known = {
            ENGINE.decide(profile.having("manager_informed", v)).standings for v in (True, False)
        }
        assert known == {ENGINE.decide(profile.having("manager_informed", None)).standings}


def test_the_usual_next_step_alone_is_called_that() -> None:
    decision = ENGINE.decide(Profile({"current_role": "pmo_analyst"}))

    assert decision.only_default
    assert wording.ONLY_DEFAULT in wording.reasons(decision, "move_up")


@pytest.mark.parametrize("known", [{}, {"current_role": "other"}, {"organisation_size": "small"}])
def test_with_nothing_to_go_on_questions_are_named(known: dict[str, str]) -> None:
    decision = ENGINE.decide(Profile(known))

    assert decision.recommendation is None
    assert 2 <= len(decision.would_help) <= 3
    assert wording.not_enough(decision).startswith(wording.NOT_ENOUGH)


def test_paths_within_five_hundredths_are_called_close() -> None:
    decision = ENGINE.decide(Profile({"aspirations": frozenset({"promotion", "breadth"})}))

    assert decision.close == ("move_sideways",)
