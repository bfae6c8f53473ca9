"""Whose decision is questioned: a profile, a row of results, or a decision on record."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fourways.cli.options import ANSWERS, FOLDER, load_base, with_folders
from fourways.cli.recording import LEDGER
from fourways.errors import InputError, Problem, escape_controls
from fourways.model.base import RuleBase
from fourways.rulebase.locations import BaseFolders

if TYPE_CHECKING:
    from fourways.audit import AuditedRow
    from fourways.ledger.reading import Record
    from fourways.model.profile import Profile


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose decision is questioned: what the options say, and the record that they name."""

    profile: Path | None
    pairs: tuple[str, ...]
    results: Path | None
    row: int | None
    record: "Record | None" = None

    def naming(self, profile: Path | None) -> "Subject":
        """Give the same with the file of a profile."""
        return replace(self, profile=profile)


def with_subject(
    function: Callable[..., Any] | None = None, *, positional: bool = True
) -> Callable[..., Any]:
    """Give a command the rule base as `base`, and whose decision it is about as `subject`.

    A decision on record comes with the rules of its day, unless the options name others.

    Args:
        function: the command.
        positional: whether the profile is an argument; if not, the command names it itself.
    """
    if function is None:
        return lambda command: with_subject(command, positional=positional)
    inner = function

    @ANSWERS
    @click.option(
        "--results", type=FOLDER, metavar="OUT.csv", help="What `fourways batch` wrote; with --row."
    )
    @click.option("--row", type=click.IntRange(min=1), metavar="N", help="The row, from 1.")
    @click.option(
        "--record",
        "number",
        type=click.IntRange(min=1),
        metavar="ID",
        help="A decision on record, by the rules of its day; or by those that --rules and "
        "--knowledge name.",
    )
    @click.option(
        "--rules-of-now", "now", is_flag=True, help="A decision on record by the rules of now."
    )
    @LEDGER
    @with_folders
    @wraps(inner)
    def command(
        *args: object,
        folders: BaseFolders,
        pairs: tuple[str, ...],
        results: Path | None,
        row: int | None,
        number: int | None,
        now: bool,
        ledger: str | None,
        profile: Path | None = None,
        **options: object,
    ) -> object:
        subject = Subject(profile, pairs, results, row)
        if number is None:
            if now or ledger is not None:
                raise InputError(
                    Problem("--ledger and --rules-of-now are for a decision on record",
                            hint="Name it with --record ID.")
                )  # fmt: skip
            return inner(*args, base=load_base(folders), subject=subject, **options)
        if results is not None or row is not None:
            raise _several()
        record, base = _recorded(number, ledger, folders if now or _names_rules() else None)
        return inner(*args, base=base, subject=replace(subject, record=record), **options)

    argument = click.argument("profile", type=FOLDER, required=False, metavar="[PROFILE.yaml]")
    return argument(command) if positional else command


def _names_rules() -> bool:
    named = click.get_current_context().params
    return named.get("rules") is not None or named.get("knowledge") is not None


def _several() -> InputError:
    return InputError(
        Problem("whose decision is it", hint="Give one of a profile, --results and --record.")
    )


def profile_of_subject(base: RuleBase, subject: Subject) -> "Profile":
    """Give the answers of the one whose decision is questioned.

    Raises:
        InputError: the options name none, or more than one; or it cannot be read.
    """
    from fourways.answers.profiles import profile_of, read_profile
    from fourways.model.profile import Profile

    if (subject.results is None) != (subject.row is None):
        raise InputError(Problem("--results and --row go together"))
    named = [subject.results, subject.profile, subject.record]
    if named.count(None) < 2:
        raise _several()
    if named.count(None) == 3 and not subject.pairs:
        raise InputError(
            Problem(
                "no profile",
                hint="Name a YAML file, give answers such as --set current_role=pmo_analyst, "
                "or --results OUT.csv --row N, or --record ID.",
            )
        )
    answers = Profile()
    if subject.profile is not None:
        answers = read_profile(subject.profile, base.attributes).profile
    elif subject.results is not None and subject.row is not None:
        answers = _of_row(base, subject.results, subject.row)
    elif subject.record is not None:
        answers = _of_record(base, subject.record)
    return Profile({**answers, **profile_of(subject.pairs, base.attributes).profile})


def changed_profile(base: RuleBase, profile: "Profile", pairs: tuple[str, ...]) -> "Profile":
    """Give a profile with other answers: `attribute=value`, `+=` and `-=` for a set.

    Raises:
        InputError: with every problem of the texts.
    """
    from fourways.answers.profiles import profile_of

    problems: list[Problem | str] = []
    for pair in pairs:
        name, _, text = pair.partition("=")
        sign = name[-1:] if name[-1:] in ("+", "-") else ""
        name = name.removesuffix(sign).strip()
        try:
            taken = profile_of([f"{name}={text}"], base.attributes).profile.get(name)
        except InputError as error:
            problems += error.problems
            continue
        if sign:
            held = profile.get(name, frozenset())
            if not isinstance(taken, frozenset) or not isinstance(held, frozenset):
                problems.append(Problem(f"'{pair}': {name} is no set", hint="Write = instead."))
                continue
            taken = held | taken if sign == "+" else held - taken
        profile = profile.having(name, taken)
    if problems:
        raise InputError(*problems)
    return profile


def _recorded(
    number: int, address: str | None, folders: BaseFolders | None
) -> tuple["Record", RuleBase]:
    """Give a record with the rules to explain it by, and say which they are.

    Args:
        number: of the record.
        address: the ledger.
        folders: the rules; None for those of its day.

    Raises:
        FourwaysError: there is no such record, it holds no decision, or its rules cannot be read.
    """
    from fourways import app
    from fourways.ledger import records

    with app.open_ledger(address) as ledger:
        record = ledger.get(number)
        digest = record.entry.rule_base
        if records.CASE in record.erased:
            raise InputError(Problem(f"record {number} was erased: nobody's answers are left"))
        if record.case is None or digest is None:
            raise InputError(
                Problem(
                    f"record {number} holds no decision",
                    hint="`fourways audit list` shows which do; rows of a file do with "
                    "`fourways batch --record-rows`.",
                )
            )
        base = ledger.rule_base(digest) if folders is None else load_base(folders)
    which = "by the rules of its day" if base.digest == digest else "not by the rules of its day"
    about = f", about {escape_controls(record.case['subject'])}" if record.case["subject"] else ""
    day = f"{record.entry.time[:10]} {record.entry.time[11:16]} UTC"
    click.echo(f"Record {number} of {day}{about}: {which} (digest {base.digest[:12]}).", err=True)
    return record, base


def _of_record(base: RuleBase, record: "Record") -> "Profile":
    from fourways.engines.reference import ReferenceEngine
    from fourways.ledger import records
    from fourways.ledger.canonical import canonical

    assert record.case is not None
    profile = records.profile_from(record.case["answers"], base)
    if profile is None:
        raise InputError(
            Problem(
                f"these rules do not know the answers of record {record.entry.number}",
                hint="Leave out --rules, --knowledge and --rules-of-now: its own rules do.",
            )
        )
    decision = ReferenceEngine(base).decide(profile)
    if records.decision_json(decision) != canonical(record.case["decision"]):
        said = record.case["decision"]["recommendation"]
        known = base.paths[said].title if said in base.paths else said
        if decision.recommendation != said:
            what = f"On record is {known or 'no path'} as the first recommendation"
        else:
            what = "What is on record differs in parts, with the same first recommendation"
        click.echo(f"{what}; what follows is what comes out now.", err=True)
    return profile


def _of_row(base: RuleBase, results: Path, number: int) -> "Profile":
    from fourways.audit import ResultsAudit
    from fourways.batch.contract import manifest_path
    from fourways.batch.manifest import read_manifest
    from fourways.cli.files import opened
    from fourways.engines.reference import ReferenceEngine

    with opened(results) as (stream, _):
        manifest = read_manifest(manifest_path(results))
        audit = ResultsAudit(stream, str(results), base, ReferenceEngine(base), manifest)
        row = audit.row(number)
    if row.decision is None:
        raise InputError(*(f"row {number}: {bad.problem}" for bad in row.problems))
    if manifest is not None and manifest.rule_base != base.digest:
        click.echo("The rules are not those by which this file was written.", err=True)
    _tell_differences(row)
    return row.decision.profile


def _tell_differences(row: "AuditedRow") -> None:
    if row.differences:
        columns = ", ".join(one.column for one in row.differences)
        click.echo(
            f"Row {row.number} has something else in: {columns}. "
            "What follows is what comes out now; `fourways audit results` shows both.",
            err=True,
        )
