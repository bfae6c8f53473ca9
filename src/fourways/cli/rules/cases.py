"""`fourways rules test`: do the cases come out as their authors expect?"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fourways.cli.options import with_folders
from fourways.cli.rules.own import fail, in_folder, in_format, sound, with_folder
from fourways.errors import RuleBaseError
from fourways.model.rules import Rule
from fourways.rulebase.locations import BaseFolders, builtin_folders

if TYPE_CHECKING:
    from fourways.model.decision import Engine
    from fourways.rulebase.case_runs import Failure, Outcome


@click.command(short_help="Run the cases and say what did not come out as expected.")
@in_folder
@in_format
@with_folders
def test(folders: BaseFolders, own: Path | None, form: str) -> None:
    """Run the cases: profiles of which the file says what must come out.

    Cases stand in rules/cases/*.yaml, and run on both engines. A case names a profile and what you
    expect of it; what you leave out may come out either way:

    \b
      - case: With the ladder closed, promotion is found elsewhere
        profile:
          growth_blockers: [waiting_for_vacancy]
          aspirations: [promotion]
        first: move_out                # the recommendation, or none
        ranking: [move_out, move_up]   # all supported paths, in order
        supported: [move_up]           # and unsupported: [...]
        fires: [out.no_path]            # rules, and moves such as G10
        silent: [line.wish]            # rules that must not fire
        always: [up.default]           # fires here and in every other case
        findings: [ladder_closed]
        targets: [higher_level_elsewhere]
        certainty: {move_out: 0.85}

    Also says which rules no case expects to fire, and which no case expects to stay silent: for
    the built-in rules that fails, for your own it is a notice. Ends with 1 when something failed.
    """  # noqa: D301 - click needs the character, not the two letters
    from fourways.engines.experta_engine import ExpertaEngine
    from fourways.engines.reference import ReferenceEngine
    from fourways.rulebase.case_runs import run
    from fourways.rulebase.cases import load_cases

    folders = with_folder(folders, own)
    base = sound(folders)
    try:
        cases = load_cases(folders, base)
    except RuleBaseError as error:
        fail(error)
    engines: dict[str, Engine] = {
        "reference": ReferenceEngine(base),
        "experta": ExpertaEngine(base),
    }
    outcome = run(base, cases, engines)
    builtin = _builtin_files(folders)
    if form == "json":
        click.echo(json.dumps(_as_json(outcome), indent=2))
    else:
        _print(outcome, builtin)
    untested = (*outcome.never_fires, *outcome.never_silent)
    if outcome.failures or any(_in(rule, builtin) for rule in untested):
        raise click.exceptions.Exit(1)


def _builtin_files(folders: BaseFolders) -> frozenset[str]:
    """Give how the places of rules name the files that come with fourways."""
    builtin = builtin_folders()
    own = (*builtin.knowledge, *builtin.rules)
    return frozenset(file.shown for file in folders.files() if file.path.parent in own)


def _in(rule: Rule, files: frozenset[str]) -> bool:
    return rule.location is not None and rule.location.file in files


def _print(outcome: "Outcome", builtin: frozenset[str]) -> None:
    for failure in outcome.failures:
        _print_failure(failure)
    for rules, what in (
        (outcome.never_fires, "no case expects it to fire"),
        (outcome.never_silent, "no case expects it to stay silent"),
    ):
        _print_untested(rules, what, builtin)
    click.echo(f"{outcome.passed} passed, {outcome.failed} failed")


def _print_failure(failure: "Failure") -> None:
    place = failure.case.location
    click.echo(f"{place.file}:{place.line}: {failure.case.title}")
    for mismatch in failure.mismatches:
        click.echo(f"  expected  {mismatch.expected}")
        click.echo(f"  came      {mismatch.came}")
    click.echo(f"  engines   {', '.join(failure.engines)}\n")


def _print_untested(rules: Sequence[Rule], what: str, builtin: frozenset[str]) -> None:
    for rule in rules:
        sort = "" if _in(rule, builtin) else "notice: "
        where = f"{rule.location.file}:{rule.location.line}: " if rule.location else ""
        click.echo(f"{where}{sort}{rule.id}: {what}")


def _as_json(outcome: "Outcome") -> dict[str, Any]:
    return {
        "passed": outcome.passed,
        "failed": outcome.failed,
        "failures": [
            {
                "case": failure.case.title,
                "file": failure.case.location.file,
                "line": failure.case.location.line,
                "engines": list(failure.engines),
                "mismatches": [
                    {"expected": mismatch.expected, "came": mismatch.came}
                    for mismatch in failure.mismatches
                ],
            }
            for failure in outcome.failures
        ],
        "never_fires": [rule.id for rule in outcome.never_fires],
        "never_silent": [rule.id for rule in outcome.never_silent],
    }
