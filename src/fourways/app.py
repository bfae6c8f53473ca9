"""The use cases, one function each: what the command line and the web page can do.

A use case takes values and returns one finished value; it neither prints nor asks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, BinaryIO

from fourways.errors import OutputError, Problem, RuleBaseError
from fourways.rulebase import BaseFolders, builtin_folders, load

if TYPE_CHECKING:
    from fourways.batch.people_diff import PeopleDiff
    from fourways.intake.detected import ReadingOptions
    from fourways.interview import Interview
    from fourways.model.base import RuleBase
    from fourways.model.decision import Decision, Engine
    from fourways.model.profile import Profile
    from fourways.rulebase.diff import RulesDiff
    from fourways.rulebase.run_cases import CasesReport

# ------------------------------------------------------------------ one person


@dataclass(frozen=True, slots=True)
class Advice:
    """A recommendation for one person.

    Attributes:
        decision: what the rules recommend, and why.
        notes: what was inferred while the answers were read.
    """

    decision: "Decision"
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the advice as plain data."""
        from fourways.explain.justification import as_json

        return {**as_json(self.decision), "notes": list(self.notes)}

    def answers_as_yaml(self) -> str:
        """Return the answers as the YAML that `advise` reads."""
        from fourways.answers.profiles import as_yaml

        return as_yaml(self.decision.profile, self.decision.base.attributes)


def advise(base: "RuleBase", file: Path | None = None, answers: Iterable[str] = ()) -> Advice:
    """Return a recommendation for one profile.

    Args:
        base: the rules.
        file: a YAML file of answers.
        answers: texts such as `organisation_size=40`; they replace those in the file.

    Raises:
        FourwaysError: with every problem of the answers.
    """
    from fourways.answers.profiles import ReadProfile, profile_of, read_profile
    from fourways.model.profile import Profile

    read = read_profile(file, base.attributes) if file else ReadProfile(Profile())
    more = profile_of(answers, base.attributes)
    profile = Profile({**read.profile, **more.profile})
    return _advise(base, profile, (*read.notes, *more.notes))


def start_interview(
    base: "RuleBase", answers: Iterable[str] = ()
) -> tuple["Interview", tuple[str, ...]]:
    """Return an interview, and what was inferred from the answers that are known already.

    Raises:
        FourwaysError: with every problem of the answers.
    """
    from fourways.answers.profiles import profile_of
    from fourways.interview import Interview

    known = profile_of(answers, base.attributes)
    return Interview.of(base, known.profile), known.notes


def conclude(interview: "Interview", notes: tuple[str, ...] = ()) -> Advice:
    """Return the recommendation at the end of an interview, or at any point of it."""
    return _advise(interview.base, interview.profile, notes)


def _advise(base: "RuleBase", profile: "Profile", notes: tuple[str, ...]) -> Advice:
    from fourways.engines.experta_engine import ExpertaEngine

    return Advice(ExpertaEngine(base).decide(profile), notes)


# ---------------------------------------------------------------- explanations


# ----------------------------------------------------------------------- rules

BUILT_IN = "built-in"
"""Names the built-in rule base where a folder could be named."""


@dataclass(frozen=True, slots=True)
class RulesComparison:
    """What differs between two rule bases, and for whom in a file of people, if there is one."""

    rules: "RulesDiff"
    people: "PeopleDiff | None" = None


def compare_rules(
    old: str,
    new: str,
    people: BinaryIO | None = None,
    name: str = "",
    columns: Mapping[str, str] | None = None,
    options: "ReadingOptions | None" = None,
) -> RulesComparison:
    """Compare two rule bases, and the recommendations to a file of people by both.

    Args:
        old: a folder with knowledge/ and rules/ or one of them, or `BUILT_IN`.
        new: another.
        people: the file, in bytes.
        name: its name in messages.
        columns: column to attribute, where the names don't say it.
        options: how the file is written, where its bytes don't say it.

    Raises:
        RuleBaseError: with every problem of either base.
        InputError: a folder or the file is invalid.
        DisagreementError: two engines differ on somebody.
    """
    from fourways.rulebase.diff import compare

    bases: list[RuleBase] = []
    problems: list[Problem] = []
    for word in (old, new):
        folders = builtin_folders()
        try:
            bases.append(load(folders if word == BUILT_IN else folders.with_base(Path(word))))
        except RuleBaseError as error:
            problems += error.problems
    if problems:
        raise RuleBaseError(*dict.fromkeys(problems))
    before, after = bases
    diff = compare(before, after)
    if people is None:
        return RulesComparison(diff)
    from fourways.batch.people_diff import compare_people

    return RulesComparison(
        diff, compare_people((before, after), diff, people, name, columns, options)
    )


def check_cases(folders: BaseFolders) -> "CasesReport":
    """Run the cases of a rule base on the reference engine and experta.

    Raises:
        RuleBaseError: with every problem of the rule base, or of the cases.
    """
    from fourways.engines.experta_engine import ExpertaEngine
    from fourways.engines.reference import ReferenceEngine
    from fourways.rulebase.cases import load_cases
    from fourways.rulebase.run_cases import run_cases

    base = load(folders)
    engines: dict[str, Engine] = {
        "reference": ReferenceEngine(base),
        "experta": ExpertaEngine(base),
    }
    built_in = {file.shown for file in folders.files() if file.built_in}
    return run_cases(base, load_cases(folders, base), engines, built_in)


def start_rules(folder: Path) -> int:
    """Copy knowledge, rules and cases to a new or empty folder, with JSON Schemas for an editor.

    Returns:
        How many files were copied. The folder appears complete or not at all.

    Raises:
        OutputError: the folder isn't empty, or its parent is missing.
    """
    from fourways.rulebase import schema

    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        hint = "Name a new or empty folder."
        raise OutputError(Problem(f"{folder} exists and isn't empty", hint=hint))
    folder = folder.absolute()
    if not folder.parent.is_dir():
        raise OutputError(Problem(f"{folder.parent} doesn't exist", hint="Create it first."))
    builtin = builtin_folders()
    files = [*builtin.files(), *builtin.cases()]
    texts = {file.name: schema.modeline(file.name) + file.text() for file in files}
    for name, text in schema.schema_files(load(builtin)).items():
        texts[f"{schema.FOLDER}/{name}"] = text
    with TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as temporary:
        draft = Path(temporary) / folder.name
        for name, text in texts.items():
            copy = draft / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(text, encoding="utf-8")
        draft.replace(folder)
    return len(files)


# ---------------------------------------------------------------- files of people


# ------------------------------------------------------------- audit and ledger
