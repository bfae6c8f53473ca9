"""`fourways rules diff`: what changed from one rule base to another, and for whom."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fourways.cli.files import FILE, MAP, opened, parsed, with_reading
from fourways.cli.options import loaded
from fourways.cli.rules.own import in_format, with_folder
from fourways.errors import InputError, Problem, RuleBaseError
from fourways.model.base import RuleBase
from fourways.rulebase.locations import builtin_folders

if TYPE_CHECKING:
    from fourways.batch.people_diff import PeopleChanges
    from fourways.explain.rulechanges import RuleChanges
    from fourways.intake.detected import ReadingOptions

BUILT_IN = "built-in"
"""Names the built-in base in place of a folder."""

MOST_SHOWN = 30
"""People that are listed, unless all are asked for; the counts are of all, and so is the JSON."""


@click.command(short_help="Compare two rule bases, and whom a change concerns.")
@click.argument("old")
@click.argument("new")
@click.option(
    "--on",
    "people",
    metavar="PEOPLE.csv",
    type=FILE,
    help="Tell who in this file is recommended another way first; `-` is standard input.",
)
@click.option("--all", "every", is_flag=True, help=f"List all people, not the first {MOST_SHOWN}.")
@MAP
@with_reading
@in_format
@click.pass_context
def diff(
    ctx: click.Context,
    old: str,
    new: str,
    people: Path | None,
    every: bool,
    pairs: tuple[str, ...],
    reading: "ReadingOptions",
    form: str,
) -> None:
    """Compare two rule bases: what came (+), what went (-) and what changed (~).

    OLD and NEW are folders with knowledge/ and rules/ or one of them, each on top of the built-in
    base, or the word `built-in`. Rules are compared as they are written and by their names: a rule
    with a new name counts as one gone and one come. Ends with 0 when nothing differs, with 1 when
    something does, and with 2 when a base or the file cannot be read.
    """
    if pairs and people is None:
        raise InputError(Problem("--map says how a file is read", hint="Name it with --on."))
    if every and people is None:
        raise InputError(Problem("--all lists the people of a file", hint="Name it with --on."))
    most = None if every else MOST_SHOWN
    if _compare(old, new, people, parsed(pairs), reading, form, most):
        ctx.exit(1)


def _compare(
    old: str,
    new: str,
    people: Path | None,
    own: dict[str, str],
    reading: "ReadingOptions",
    form: str,
    most: int | None,
) -> bool:
    """Print what differs, and tell whether anything does."""
    from fourways.cli.rules.diff_text import lines_of_changes, lines_of_people
    from fourways.explain.rulechanges import rule_changes

    changes = rule_changes(*_bases(old, new))
    found = None
    name = "standard input" if str(people) == "-" else str(people)
    if people is not None:
        from fourways.batch.people_diff import people_changes

        with opened(people) as (stream, _):
            found = people_changes(changes, stream, name, own, reading)
    if form == "json":
        click.echo(json.dumps(_as_json(changes, found), indent=2, ensure_ascii=False))
        return bool(changes)
    for line in lines_of_changes(changes):
        click.echo(line)
    if found is not None:
        click.echo()
        for line in lines_of_people(found, name, most):
            click.echo(line)
    return bool(changes)


def _bases(*words: str) -> list[RuleBase]:
    """Give the rule base of each word.

    Raises:
        RuleBaseError: with all that is wrong in either.
    """
    bases: list[RuleBase] = []
    problems: dict[Problem, None] = {}
    for word in words:
        own = None if word == BUILT_IN else Path(word)
        try:
            bases.append(loaded(with_folder(builtin_folders(), own)))
        except RuleBaseError as error:
            problems.update(dict.fromkeys(error.problems))
    if problems:
        raise RuleBaseError(*problems)
    return bases


def _as_json(changes: "RuleChanges", people: "PeopleChanges | None") -> dict[str, Any]:
    from fourways.cli.rules.diff_text import parts_in_words, setting_in_words

    data: dict[str, Any] = {
        "old": changes.before.digest,
        "new": changes.after.digest,
        "different": bool(changes),
    }
    for kind, differences in changes.kinds.items():
        data[kind] = {
            "came": list(differences.came),
            "went": list(differences.went),
            "changed": [
                {
                    "id": one.id,
                    "parts": {
                        part: {"before": before, "after": after}
                        for part, before, after in parts_in_words(changes, kind, one)
                    },
                }
                for one in differences.changed
            ],
        }
    data["settings"] = {
        name: dict(zip(("before", "after"), setting_in_words(changes, name), strict=True))
        for name in changes.settings
    }
    if people is not None:
        data["people"] = _people_as_json(people)
    return data


def _people_as_json(people: "PeopleChanges") -> dict[str, Any]:
    return {
        "rows": people.rows,
        "compared": people.compared,
        "distinct_profiles": people.distinct,
        "rejects": [
            {
                "row": reject.row,
                "line": reject.line,
                "old": list(reject.before),
                "new": list(reject.after),
            }
            for reject in people.rejects
        ],
        "from_to": [
            {"from": before, "to": after, "people": count} for before, after, count in people.tally
        ],
        "same_first_other_ranking": people.ranking,
        "same_ranking_other_next_jobs": people.targets,
        "same_outcome_other_rules": people.rules,
        "name_column": people.name_column or None,
        "changed": [
            {
                "row": person.row,
                "line": person.line,
                "name": person.name,
                "from": person.before,
                "to": person.after,
                "rules": {
                    "came": list(person.reason.rules.came),
                    "went": list(person.reason.rules.went),
                    "weighed": list(person.reason.rules.weighed),
                },
                "answers_read_otherwise": list(person.reason.answers),
                "settings": list(person.reason.settings),
            }
            for person in people.changed
        ],
    }
