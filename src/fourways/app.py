"""The use cases, one function each: what the command line and the web page can do.

A use case takes values and returns one finished value; it neither prints nor asks. What it needs
is imported when it runs, so that `fourways --help` stays fast.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, BinaryIO

from fourways.errors import InputError, OutputError, Problem, RuleBaseError, did_you_mean

if TYPE_CHECKING:
    from fourways.answers.titles import TitleMatch
    from fourways.audit import ResultsAudit
    from fourways.batch.people_diff import PeopleDiff
    from fourways.explain.outcomes import Outcomes
    from fourways.explain.whatif import WhatIf
    from fourways.explain.whatwouldittake import Proposals
    from fourways.explain.why import Why
    from fourways.explain.whynot import WhyNot
    from fourways.intake.detected import ReadingOptions
    from fourways.interview import Interview
    from fourways.ledger.batches import BatchPerson
    from fourways.ledger.checkpoints import Checkpoint
    from fourways.ledger.erasure import Erased
    from fourways.ledger.ledger import Ledger
    from fourways.ledger.reading import Damaged, Filter, Record
    from fourways.ledger.replay import Replayed
    from fourways.ledger.verify import Report
    from fourways.model.base import RuleBase
    from fourways.model.decision import Decision, Engine
    from fourways.model.profile import Profile
    from fourways.rulebase import BaseFolders
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
    return Advice(decide(base, profile), notes)


# ---------------------------------------------------------------- explanations


@dataclass(frozen=True, slots=True)
class Explained:
    """Whose decision is explained: the rules, the answers, and what to know about them."""

    base: "RuleBase"
    profile: "Profile"
    notes: tuple[str, ...] = ()


def decide(base: "RuleBase", profile: "Profile") -> "Decision":
    """Return the decision for a profile, with its trace."""
    from fourways.engines.experta_engine import ExpertaEngine

    return ExpertaEngine(base).decide(profile)


def why(base: "RuleBase", profile: "Profile", attribute: str) -> "Why":
    """Return why a question is asked; a known answer to it is ignored."""
    from fourways.engines.fast import CompactEngine
    from fourways.explain import why as explanation
    from fourways.explain.relevance import Outlook

    check_attributes(base, [attribute])
    outlook = Outlook(CompactEngine(base), profile.having(attribute, None))
    return explanation.why(outlook, attribute)


def why_not(base: "RuleBase", profile: "Profile", path: str) -> "WhyNot":
    """Return why a path is not the first recommendation."""
    from fourways.explain import whynot
    from fourways.explain.repairs import Repairs

    check_path(base, path)
    return whynot.why_not(decide(base, profile), Repairs(base), path)


def what_if(base: "RuleBase", profile: "Profile", changes: Iterable[str]) -> "WhatIf":
    """Return what other answers would change.

    Args:
        base: the rules.
        profile: the known answers.
        changes: `attribute=value`; `attribute=` makes it unknown; `+=` and `-=` change a set.
    """
    from fourways.engines.experta_engine import ExpertaEngine
    from fourways.explain import whatif

    engine = ExpertaEngine(base)
    after = engine.decide(changed_profile(base, profile, changes))
    return whatif.what_if(engine.decide(profile), after)


def what_would_it_take(
    base: "RuleBase", profile: "Profile", path: str, keep: Collection[str], most: int
) -> "Proposals":
    """Return the smallest sets of at most so many changes that put a path first."""
    from fourways.engines.fast import CompactEngine
    from fourways.explain import whatwouldittake

    check_path(base, path)
    check_attributes(base, keep)
    return whatwouldittake.what_would_it_take(
        CompactEngine(base), profile, path, keep=keep, most=most
    )


def near_misses(
    base: "RuleBase", profile: "Profile", keep: Collection[str]
) -> tuple["Proposals", ...]:
    """Return how far each path is from coming first, and what would put it there."""
    from fourways.engines.fast import CompactEngine
    from fourways.explain import whatwouldittake

    check_attributes(base, keep)
    return whatwouldittake.near_misses(CompactEngine(base), profile, keep=keep)


def open_outcomes(base: "RuleBase", profile: "Profile") -> "Outcomes":
    """Return what may still come first, and which question narrows it down most."""
    from fourways.engines.fast import CompactEngine
    from fourways.explain.outcomes import outcomes
    from fourways.explain.relevance import Outlook

    return outcomes(Outlook(CompactEngine(base), profile))


def decision_in_file(base: "RuleBase", file: Path | None) -> Explained:
    """Return the answers in a profile's file; without a file, none."""
    from fourways.answers.profiles import read_profile
    from fourways.model.profile import Profile

    profile = Profile() if file is None else read_profile(file, base.attributes).profile
    return Explained(base, profile)


def with_answers(base: "RuleBase", profile: "Profile", pairs: Collection[str]) -> "Profile":
    """Return a profile with some answers replaced, each written `attribute=value`."""
    from fourways.answers.profiles import profile_of
    from fourways.model.profile import Profile

    return Profile({**profile, **profile_of(pairs, base.attributes).profile})


def changed_profile(base: "RuleBase", profile: "Profile", changes: Iterable[str]) -> "Profile":
    """Return a profile with other answers: `attribute=value`, `+=` and `-=` for a set.

    Raises:
        InputError: with every problem of the changes.
    """
    from fourways.answers.profiles import profile_of

    problems: list[Problem | str] = []
    for change in changes:
        name, _, text = change.partition("=")
        operator = name[-1:] if name[-1:] in ("+", "-") else ""
        name = name.removesuffix(operator).strip()
        try:
            answer = profile_of([f"{name}={text}"], base.attributes).profile.get(name)
        except InputError as error:
            problems += error.problems
            continue
        if operator:
            before = profile.get(name, frozenset())
            if not isinstance(answer, frozenset) or not isinstance(before, frozenset):
                problems.append(Problem(f"'{change}': {name} isn't a set", hint="Use =."))
                continue
            answer = before | answer if operator == "+" else before - answer
        profile = profile.having(name, answer)
    if problems:
        raise InputError(*problems)
    return profile


def decision_on_record(
    number: int, ledger: str | None, base: "RuleBase | None" = None
) -> Explained:
    """Return the answers of a record, with the rules to explain it by.

    Args:
        number: the record.
        ledger: the file or URL of the ledger; None for the user's own.
        base: the rules; None for those of its day.

    Raises:
        FourwaysError: there is no such record, it holds no decision, or its rules cannot be read.
    """
    from fourways.engines.reference import ReferenceEngine
    from fourways.ledger import records
    from fourways.ledger.canonical import canonical

    with open_ledger(ledger) as opened:
        record = opened.get(number)
        digest = record.entry.rule_base
        if records.CASE in record.erased:
            raise InputError(Problem(f"record {number} was erased: its answers are gone"))
        if record.case is None or digest is None:
            raise InputError(
                Problem(
                    f"record {number} holds no decision",
                    hint="`fourways audit list` shows which do; rows of a file do with "
                    "`fourways batch --record-rows`.",
                )
            )
        base = base or opened.rule_base(digest)
    rules = "by the rules of its day" if base.digest == digest else "not by the rules of its day"
    about = f", about {record.case['subject']}" if record.case["subject"] else ""
    day = f"{record.entry.time[:10]} {record.entry.time[11:16]} UTC"
    notes = [f"Record {number} of {day}{about}: {rules} (digest {base.digest[:12]})."]
    profile = records.profile_from(record.case["answers"], base)
    if profile is None:
        raise InputError(
            Problem(
                f"these rules do not know the answers of record {number}",
                hint="Leave out --rules, --knowledge and --rules-of-now: its own rules do.",
            )
        )
    decision = ReferenceEngine(base).decide(profile)
    if records.decision_json(decision) != canonical(record.case["decision"]):
        recorded = record.case["decision"]["recommendation"]
        if recorded == decision.recommendation:
            what = "The record differs in parts, with the same first recommendation"
        else:
            title = base.paths[recorded].title if recorded in base.paths else recorded
            what = f"The record has {title or 'no path'} as the first recommendation"
        notes.append(f"{what}. Below is what these rules give now.")
    return Explained(base, profile, tuple(notes))


def decision_in_results(
    base: "RuleBase", results: Path, stream: BinaryIO, number: int
) -> Explained:
    """Return the answers in a row of a results file.

    Args:
        base: the rules.
        results: the file that `fourways batch` wrote; its manifest is beside it.
        stream: its bytes.
        number: the row, from 1.

    Raises:
        InputError: there is no such row, or it cannot be read.
    """
    audit = audit_results(stream, results, base)
    row = audit.row(number)
    if row.decision is None:
        raise InputError(*(f"row {number}: {bad.problem}" for bad in row.problems))
    notes = []
    if audit.manifest is not None and audit.manifest.rule_base != base.digest:
        notes.append("This file was written by other rules than these.")
    if row.differences:
        columns = ", ".join(one.column for one in row.differences)
        notes.append(
            f"Row {number} of the file differs in: {columns}. Below is what these rules give now; "
            "`fourways audit results` shows both."
        )
    return Explained(base, row.decision.profile, tuple(notes))


def check_path(base: "RuleBase", path: str) -> None:
    """Raise an InputError if there is no such path."""
    if path not in base.paths:
        raise InputError(Problem(f"unknown path '{path}'", hint=did_you_mean(path, base.paths)))


def check_attributes(base: "RuleBase", names: Iterable[str]) -> None:
    """Raise an InputError with every name that isn't an attribute."""
    problems = [
        Problem(f"unknown attribute '{name}'", hint=did_you_mean(name, base.attributes))
        for name in names
        if name not in base.attributes
    ]
    if problems:
        raise InputError(*problems)


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
    from fourways.rulebase import builtin_folders, load
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


def check_cases(folders: "BaseFolders") -> "CasesReport":
    """Run the cases of a rule base on the reference engine and experta.

    Raises:
        RuleBaseError: with every problem of the rule base, or of the cases.
    """
    from fourways.engines.experta_engine import ExpertaEngine
    from fourways.engines.reference import ReferenceEngine
    from fourways.rulebase import load
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
    from fourways.rulebase import builtin_folders, load, schema

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


def match_titles(base: "RuleBase", titles: Iterable[str]) -> "dict[str, TitleMatch]":
    """Return the role of each distinct job title, with how it was matched."""
    from fourways.answers.titles import matcher_of

    matcher = matcher_of(base.titles)
    return {title: matcher.match(title) for title in dict.fromkeys(titles)}


# ---------------------------------------------------------------- files of people


# ------------------------------------------------------------- audit and ledger


def audit_results(
    source: BinaryIO,
    file: Path,
    base: "RuleBase",
    own: Mapping[str, str] | None = None,
    reading: "ReadingOptions | None" = None,
) -> "ResultsAudit":
    """Return an audit of a results file, using the manifest beside it if there is one.

    Args:
        source: the file, in bytes.
        file: its name; `-` for standard input.
        base: the current rules.
        own: the attribute of each column; overrides the manifest and the headings.
        reading: the format of the file, as far as it isn't detected.
    """
    from fourways.audit import ResultsAudit
    from fourways.batch.contract import manifest_path
    from fourways.batch.manifest import read_manifest
    from fourways.engines.experta_engine import ExpertaEngine

    manifest = None if str(file) == "-" else read_manifest(manifest_path(file))
    return ResultsAudit(source, str(file), base, ExpertaEngine(base), manifest, own, reading)


def open_ledger(address: str | None = None, create: bool = False) -> "Ledger":
    """Open a ledger: a file or a URL; by default from the environment, or the user's own file."""
    from fourways.ledger.ledger import Ledger

    return Ledger.open(address, create)


def check_ledger(address: str | None = None) -> None:
    """Check that the ledger can be written to, before work that will be recorded in it.

    Raises:
        LedgerError: it can't.
    """
    with open_ledger(address, create=True) as ledger:
        ledger.database.check_writable()


def record_decision(
    kind: str,
    decision: "Decision",
    notes: Sequence[str] = (),
    subject: str | None = None,
    address: str | None = None,
) -> int:
    """Record a decision of `ask` or `advise`, and return the number of the record.

    Raises:
        FourwaysError: nothing was recorded.
    """
    with open_ledger(address, create=True) as ledger:
        return ledger.record(kind, decision, subject, _login_name(), notes)


def record_batch(
    results: Path,
    base: "RuleBase",
    rows: bool = False,
    subjects: str | None = None,
    address: str | None = None,
) -> tuple[int, int]:
    """Record a batch run that has ended; everything of it is recorded, or nothing.

    To be replaced: the run will return its manifest and people, so that its results need not be
    read again.

    Args:
        results: the results file; the manifest is beside it.
        base: the rules of the run.
        rows: whether to record every person as well.
        subjects: the column with the person's name or number.
        address: the ledger.

    Returns:
        The number of the run's record, and the number of people recorded.

    Raises:
        LedgerError: nothing was recorded.
    """
    from fourways.batch.contract import manifest_path
    from fourways.errors import FourwaysError, LedgerError
    from fourways.ledger import batches

    try:
        people = _people_of(results, base, subjects) if rows else ()
        manifest = manifest_path(results).read_text(encoding="utf-8")
        with open_ledger(address, create=True) as ledger:
            return batches.record_batch(ledger, base, manifest, people, _login_name())
    except FourwaysError as error:
        problem = f"{results} was written, but the run isn't on record"
        raise LedgerError(problem, *error.problems) from None


def _people_of(results: Path, base: "RuleBase", subjects: str | None) -> "list[BatchPerson]":
    from fourways.errors import InputError, Problem, did_you_mean
    from fourways.ledger.batches import BatchPerson

    people = []
    with results.open("rb") as source:
        audit = audit_results(source, results, base)
        header = audit.columns.header
        if subjects is not None and subjects not in header:
            hint = did_you_mean(subjects, header)
            raise InputError(Problem(f"there is no column '{subjects}'", hint=hint))
        for row in audit.rows():
            if row.decision is None or not row.matches:
                raise InputError(f"{results}: row {row.number} isn't what the rules produce")
            subject = row.inputs[header.index(subjects)].strip() if subjects else None
            people.append(BatchPerson(row.number, row.decision.profile, subject or None))
    return people


def list_records(
    address: str | None = None, wanted: "Filter | None" = None
) -> "Iterator[Record | Damaged]":
    """Yield the records that match a filter, in order.

    Raises:
        InputError: nothing matches, and no rules in the ledger have the rule or path.
    """
    with open_ledger(address) as ledger:
        found = False
        for record in ledger.scan(wanted):
            found = True
            yield record
        if wanted is not None and not found:
            ledger.check_names(wanted)


def replay(address: str | None = None, number: int | None = None) -> "Iterator[Replayed | Damaged]":
    """Decide a record, or every record, again with the rules of its time."""
    from fourways.ledger.reading import Damaged
    from fourways.ledger.replay import Replay

    with open_ledger(address) as ledger:
        replaying = Replay(ledger)
        for record in ledger.scan() if number is None else [ledger.get(number)]:
            yield record if isinstance(record, Damaged) else replaying.replay(record)


def erase(
    address: str | None = None, subject: str | None = None, number: int | None = None
) -> "Erased":
    """Erase all data about a person, or the personal data of one record."""
    from fourways.ledger import erasure

    with open_ledger(address) as ledger:
        if subject is not None:
            return erasure.erase_person(ledger, subject)
        return erasure.erase_record(ledger, number or 0)


def verify_ledger(
    address: str | None = None, points: Sequence["Checkpoint"] = (), keys: Sequence[Path] = ()
) -> "Report":
    """Check a ledger, and that it fits checkpoints that were stored elsewhere.

    Args:
        address: the ledger.
        points: the checkpoints.
        keys: the files of the public keys that may sign checkpoints; by default the user's own,
            if any checkpoint is signed.
    """
    from fourways.ledger import keys as files
    from fourways.ledger.verify import verify

    own = files.public_file(files.default_key())
    signed = any(point.signature for point in points)
    if not keys and signed and own.exists():
        keys = (own,)
    known = [files.read_public(path) for path in keys]
    with open_ledger(address) as ledger:
        return verify(ledger.database, points, known)


def make_checkpoint(
    address: str | None = None,
    output: Path | None = None,
    key: Path | None = None,
    force: bool = False,
) -> "Checkpoint":
    """Make a checkpoint of a ledger, record it, and write it to a file.

    Args:
        address: the ledger.
        output: the file, if it is to be written to one.
        key: the private key that signs it; by default the user's own, if there is one.
        force: whether to replace the file.
    """
    from fourways.batch.outputs import check_places, together
    from fourways.ledger import checkpoints, keys

    own = keys.default_key()
    key = key or (own if own.exists() else None)
    private = keys.read_private(key) if key is not None else None
    with open_ledger(address) as ledger:
        if output is not None:
            # Before it is recorded that there is a checkpoint.
            check_places([output], ledger.database.path, force)
        point = checkpoints.make(ledger, private)
    if output is not None:
        with together(output) as (file,):
            file.write(point.as_text().encode())
    return point


def _login_name() -> str | None:
    from getpass import getuser

    try:
        return getuser()
    except (OSError, KeyError, ImportError):
        return None
