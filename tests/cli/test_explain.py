"""`fourways explain`: every question, about a profile, a row of results, or a decision on record."""

import json
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

BASE = load_builtin()
PROFILE = Profile(
    {
        "current_role": "pmo_analyst",
        "aspirations": frozenset({"breadth", "promotion"}),
        "growth_blockers": frozenset({"waiting_for_vacancy"}),
    }
)
JOB = ("--set", "current_role=pmo_analyst")
ANSWERS = (
    *JOB,
    *("--set", "aspirations=breadth;promotion"),
    *("--set", "growth_blockers=waiting_for_vacancy"),
)
QUESTIONS = {
    "how": ("how",),
    "why": ("why", "job_search"),
    "why-not": ("why-not", "stay"),
    "what-if": ("what-if", "job_search=serious"),
    "what-would-it-take": ("what-would-it-take", "move_sideways"),
    "near-misses": ("near-misses",),
    "open": ("open",),
    "map": ("map",),
}


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["explain", *map(str, arguments)])


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOURWAYS_LEDGER", str(tmp_path / "ledger"))
    return tmp_path / "ledger"


def record(ledger: Path, sources: dict[str, str] | None = None) -> int:
    """Record the decision on PROFILE by some rules; by default the built-in ones."""
    base = load_sources(sources or dict(BASE.sources))
    with Ledger.open(str(ledger)) as opened:
        return opened.record("advise", ReferenceEngine(base).decide(PROFILE), "P-7")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results")
    (folder / "people.csv").write_text(
        "current_role,aspirations,growth_blockers\nother,stay,none\n"
        "pmo_analyst,breadth;promotion,waiting_for_vacancy\n"
    )
    out = folder / "out.csv"
    batch = CliRunner().invoke(main, ["batch", str(folder / "people.csv"), "-o", str(out)])
    assert batch.exit_code == 0, batch.output
    return out


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_is_answered_whatever_it_is_about(
    tmp_path: Path, results: Path, ledger: Path, question: str
) -> None:
    file = tmp_path / "me.yaml"
    file.write_text(
        "current_role: pmo_analyst\naspirations: [breadth, promotion]\n"
        "growth_blockers: [waiting_for_vacancy]\n"
    )
    number = record(ledger)

    by_answers = call(*QUESTIONS[question], *ANSWERS)
    by_record = call(*QUESTIONS[question], "--record", number)

    assert by_answers.exit_code == 0, by_answers.output
    assert by_answers.stdout.strip()
    for other in (
        call(*QUESTIONS[question], file),
        call(*QUESTIONS[question], "--results", results, "--row", 2),
        by_record,
    ):
        assert (other.exit_code, other.stdout) == (0, by_answers.stdout)
    assert "about P-7: by the rules of its day" in by_record.stderr
    assert by_record.stderr.count("\n") == 1


@pytest.mark.parametrize("question", QUESTIONS)
def test_json_is_the_same_each_time(question: str) -> None:
    first, again = (call(*QUESTIONS[question], *ANSWERS, "--format", "json") for _ in range(2))

    assert json.loads(first.stdout)
    assert first.stdout == again.stdout


def test_wishes_are_a_list_of_their_own() -> None:
    result = call("what-would-it-take", "stay", *JOB, "--changes", "1")

    said = " ".join(result.stdout.split())
    assert said.startswith(
        "While you want what you want now, no single change would make Stay your top "
        "recommendation. If what you want changed • If you wanted to stay where you are"
    )


def test_unanswered_questions_are_marked_in_proposals() -> None:
    shown = call("what-would-it-take", "move_out", *JOB).stdout

    assert "Move out would be your top recommendation\n" in shown
    assert "If you started actively looking for another job (not answered yet)." in shown


def test_kept_answers_are_not_in_proposals() -> None:
    kept = call("what-would-it-take", "stay", *JOB, "--changes", "1", "--keep", "aspirations")

    assert kept.stdout == "No single change would make Stay your top recommendation.\n"


def test_json_says_what_brings_each_change_about() -> None:
    result = call("what-would-it-take", "stay", *JOB, "--format", "json")

    proposals = json.loads(result.stdout)
    assert proposals["wishes"]
    assert {change["by"] for one in proposals["sets"] for change in one} <= {"do", "happens"}
    assert all("wish" in [change["by"] for change in one] for one in proposals["wishes"])


@pytest.mark.parametrize(
    ("changes", "after"),
    [
        (("-=waiting_for_vacancy", "+=no_challenge"), ["no_challenge"]),
        (("=",), None),
        (("=none",), []),
    ],
)
def test_what_if_changes_sets_and_makes_answers_unknown(
    changes: tuple[str, ...], after: list[str] | None
) -> None:
    named = [f"growth_blockers{change}" for change in changes]
    result = call("what-if", *named, *ANSWERS, "--format", "json")

    assert json.loads(result.stdout)["answers"] == [
        {"attribute": "growth_blockers", "before": ["waiting_for_vacancy"], "after": after}
    ]


def test_why_says_what_an_answer_affects_and_what_is_known() -> None:
    shown = call("why", "largest_project", "--set", "current_role=project_manager").stdout

    attribute = BASE.attributes["largest_project"]
    assert shown.startswith(f"{attribute.question}\nYour answer affects: Move sideways.\n")
    assert "Already taken into account: your job (project manager)." in shown
    assert f"applies if {attribute.label} is" in " ".join(shown.split())


def test_why_of_a_question_that_changes_nothing_says_so() -> None:
    shown = call("why", "largest_project", "--set", "current_role=pmo_analyst").stdout

    assert "We no longer need this answer" in shown


def test_a_record_is_explained_by_the_rules_of_its_day(ledger: Path) -> None:
    sources = dict(BASE.sources)
    name = next(name for name, text in sources.items() if "- id: up.wish\n" in text)
    before, rule, after = sources[name].partition("- id: up.wish\n")
    sources[name] = before + rule + after.replace("certainty: certainly", "certainty: may", 1)
    number = record(ledger, sources)

    then = call("how", "--record", number)
    now = call("how", "--record", number, "--rules-of-now")

    assert "up.wish  may" in then.stdout
    assert "up.wish  certainly" in now.stdout
    assert "not by the rules of its day" in now.stderr
    assert "Below is what these rules give now." in now.stderr


def test_named_rules_override_those_of_its_day(ledger: Path, tmp_path: Path) -> None:
    own = tmp_path / "own" / "house.yaml"
    own.parent.mkdir()
    own.write_text(
        "- {id: house.in, title: Inside first, when: {aspirations: {includes: promotion}},\n"
        "   then: {path: move_up, certainty: may}, because: so it is with us, house: true}\n"
    )

    result = call("how", "--record", record(ledger), "--rules", own.parent)

    assert "house.in" in result.stdout
    assert "not by the rules of its day" in result.stderr


def test_rules_from_before_there_were_job_titles_are_read(ledger: Path) -> None:
    sources = {n: t for n, t in BASE.sources.items() if n != "knowledge/titles.yaml"}
    number = record(ledger, sources)

    assert call("how", "--record", number).stdout == call("how", *ANSWERS).stdout
    replayed = CliRunner().invoke(main, ["audit", "replay", str(number)])
    assert replayed.exit_code == 0
    titled = call("how", "--record", number, "--set", "current_role=Chief of Wizardry")
    assert "Chief of Wizardry" in titled.stderr
    assert titled.exit_code == 2


def test_answers_override_those_on_record(ledger: Path) -> None:
    result = call("how", "--record", record(ledger), "--set", "aspirations=stay")

    assert result.stdout == call("how", *ANSWERS, "--set", "aspirations=stay").stdout


def test_a_tampered_record_is_not_explained(ledger: Path) -> None:
    number = record(ledger)
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute(
            "UPDATE ledger_personal SET content = replace(content, 'breadth', 'stay')"
        )
        connection.commit()

    result = call("how", "--record", number)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "record 1 is damaged" in result.stderr


def test_an_erased_record_is_not_explained(ledger: Path) -> None:
    number = record(ledger)
    erased = CliRunner().invoke(main, ["audit", "erase", "P-7", "--yes"])
    assert erased.exit_code == 0, erased.output

    result = call("how", "--record", number)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "record 1 was erased" in result.stderr
    assert "record 2 holds no decision" in call("how", "--record", number + 1).stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("why-not", "move_ot", *ANSWERS), "unknown path 'move_ot'. Did you mean 'move_out'"),
        (("open",), "no profile"),
        (("open", *ANSWERS, "--row", "1"), "--results and --row go together"),
        (("what-if", "rank=1", *ANSWERS), "unknown attribute 'rank'"),
        (("what-if", "job_search+=serious", *ANSWERS), "job_search isn't a set"),
        (("near-misses", *ANSWERS, "--keep", "job_serch"), "Did you mean 'job_search'?"),
        (("why", "rank", "--record", "1"), "unknown attribute 'rank'"),
        (("how", "--record", "9"), "has no record 9"),
        (("how", "--record", str(10**30)), f"has no record {10**30}"),
        (("how", "--record", "1", "--results", "out.csv", "--row", "1"), "more than one decision"),
        (("how", "me.yaml", "--record", "1"), "more than one decision"),
        (("how", *ANSWERS, "--ledger", "x"), "Name it with --record"),
        (("how", *ANSWERS, "--rules-of-now"), "Name it with --record"),
        (("how", "--record", "1", "--ledger", "not-there"), "there is no ledger in"),
    ],
)
def test_bad_input_is_refused_with_a_remedy(
    ledger: Path, arguments: tuple[str, ...], said: str
) -> None:
    record(ledger)

    result = call(*arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert "Traceback" not in result.stderr
