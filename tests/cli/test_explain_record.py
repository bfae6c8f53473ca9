"""`fourways explain --record`: a decision on record is questioned like any other."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fourways.cli import main
from fourways.engines.reference import ReferenceEngine
from fourways.ledger.ledger import Ledger
from fourways.model.profile import Profile
from fourways.rulebase import load_builtin, load_sources

ANSWERS = ("--set", "current_role=pmo_analyst", "--set", "aspirations=breadth;promotion")
PROFILE = Profile(
    {"current_role": "pmo_analyst", "aspirations": frozenset({"breadth", "promotion"})}
)
QUESTIONS = {
    "how": ("how",),
    "why": ("why", "growth_blockers"),
    "why-not": ("why-not", "stay"),
    "what-if": ("what-if", "job_search=serious"),
    "what-would-it-take": ("what-would-it-take", "move_out"),
    "near-misses": ("near-misses",),
    "open": ("open",),
    "map": ("map",),
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOURWAYS_LEDGER", str(tmp_path / "ledger"))
    return tmp_path / "ledger"


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["explain", *map(str, arguments)])


def record(place: Path, **other_rules: str) -> int:
    """Put the decision on record, by the built-in rules with some texts replaced."""
    sources = dict(load_builtin().sources)
    for old, new in other_rules.items():
        name = next(n for n, text in sources.items() if f"- id: {old}\n" in text)
        start = sources[name].index(f"- id: {old}\n")
        rest = sources[name][start:].replace("certainty: certainly", f"certainty: {new}", 1)
        sources[name] = sources[name][:start] + rest
    decision = ReferenceEngine(load_sources(sources)).decide(PROFILE)
    with Ledger.open(str(place)) as ledger:
        return ledger.record("advise", decision, "P-7")


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_decision_on_record_is_questioned_like_a_profile(place: Path, question: str) -> None:
    number = record(place)

    asked = call(*QUESTIONS[question], "--record", number)

    assert asked.exit_code == 0, asked.output
    assert asked.stdout == call(*QUESTIONS[question], *ANSWERS).stdout
    assert "about P-7: by the rules of its day" in asked.stderr
    assert asked.stderr.count("\n") == 1


def test_the_rules_of_its_day_count_after_the_rules_have_changed(place: Path) -> None:
    number = record(place, **{"up.wish": "may"})

    then = call("how", "--record", number).stdout
    now = call("how", "--record", number, "--rules-of-now")

    assert "up.wish  may" in then
    assert "up.wish  certainly" in now.stdout
    assert "not by the rules of its day" in now.stderr
    assert "The record has Move sideways as the first recommendation. Below" in now.stderr


def test_rules_that_are_named_go_over_those_of_its_day(place: Path, tmp_path: Path) -> None:
    own = tmp_path / "own" / "house.yaml"
    own.parent.mkdir()
    own.write_text(
        "- {id: house.in, title: Inside first, when: {aspirations: {includes: promotion}},\n"
        "   then: {path: move_up, certainty: may}, because: so it is with us, house: true}\n"
    )

    result = call("how", "--record", record(place), "--rules", own.parent)

    assert "house.in" in result.stdout
    assert "not by the rules of its day" in result.stderr


def test_a_base_from_before_there_were_job_titles_is_still_read(place: Path) -> None:
    sources = {n: t for n, t in load_builtin().sources.items() if n != "knowledge/titles.yaml"}
    with Ledger.open(str(place)) as ledger:
        number = ledger.record("ask", ReferenceEngine(load_sources(sources)).decide(PROFILE))

    asked = call("how", "--record", number)

    assert asked.stdout == call("how", *ANSWERS).stdout
    replayed = CliRunner().invoke(main, ["audit", "replay", str(number)])
    assert (replayed.exit_code, replayed.stdout) == (
        0,
        "Record 1: replay gives the same result, byte for byte.\n",
    )
    titled = call("how", "--record", number, "--set", "current_role=Chief of Wizardry")
    assert '"Chief of Wizardry" isn\'t a valid current_role' in titled.stderr


def test_a_record_that_was_changed_is_not_explained(place: Path) -> None:
    number = record(place)
    with closing(sqlite3.connect(place)) as connection:
        connection.execute(
            "UPDATE ledger_personal SET content = replace(content, 'breadth', 'stay')"
        )
        connection.commit()

    result = call("how", "--record", number)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "record 1 is damaged" in result.stderr


def test_of_an_erased_record_nothing_is_explained(place: Path) -> None:
    number = record(place)
    erased = CliRunner().invoke(main, ["audit", "erase", "P-7", "--yes"])
    assert erased.exit_code == 0, erased.output

    result = call("how", "--record", number)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "record 1 was erased" in result.stderr
    holds_none = call("how", "--record", number + 1)
    assert "record 2 holds no decision" in holds_none.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("how", "--record", "9"), "has no record 9"),
        (("how", "--record", str(10**30)), f"has no record {10**30}"),
        (("how", "--record", "1", "--results", "out.csv", "--row", "1"), "more than one decision"),
        (("how", "me.yaml", "--record", "1"), "more than one decision"),
        (("how", *ANSWERS, "--ledger", "x"), "Name it with --record"),
        (("how", *ANSWERS, "--rules-of-now"), "Name it with --record"),
        (("how", "--record", "1", "--ledger", "not-there"), "there is no ledger in"),
        (("why", "rank", "--record", "1"), "unknown attribute 'rank'"),
    ],
)
def test_what_is_wrong_is_said_with_exit_code_2(
    place: Path, arguments: tuple[str, ...], said: str
) -> None:
    record(place)

    result = call(*arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_answers_go_over_those_on_record(place: Path) -> None:
    number = record(place)

    result = call("how", "--record", number, "--set", "aspirations=stay")

    assert result.stdout == call("how", *ANSWERS[:2], "--set", "aspirations=stay").stdout


def test_why_tells_what_is_known_and_what_is_needed(place: Path) -> None:
    shown = call("why", "largest_project", "--set", "current_role=project_manager").stdout

    attribute = load_builtin().attributes["largest_project"]
    assert shown.startswith(f"{attribute.question}\nYour answer affects: Move sideways.\n")
    assert "Already taken into account: your job (project manager)." in shown
    assert f"applies if {attribute.label} is" in " ".join(shown.split())


def test_why_of_a_question_that_changes_nothing_says_so() -> None:
    shown = call("why", "largest_project", "--set", "current_role=pmo_analyst").stdout

    assert "We no longer need this answer" in shown
