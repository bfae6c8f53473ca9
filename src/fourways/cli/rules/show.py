"""`fourways rules list` and `show`: the rules in firing order, and one in plain words."""

import json
from collections.abc import Iterator
from textwrap import wrap

import click

from fourways.cli.options import in_format, with_base
from fourways.errors import InputError, Problem, did_you_mean
from fourways.explain.conditions import in_words, parts_in_words
from fourways.model.base import RuleBase
from fourways.model.certainty import shown
from fourways.model.conditions import Found, Recommended, leaves
from fourways.model.rules import (
    Action,
    Caution,
    Conclusion,
    Evidence,
    Finding,
    Rule,
    Target,
    Time,
)

_KINDS = {
    "finding": (Finding,),
    "evidence": (Evidence,),
    "move": (Target,),
    "guidance": (Action, Caution),
}

_WIDTH = 96
_MARGIN = 12


@click.command(name="list")
@click.option("--path", metavar="PATH", help="Only rules about this path, such as move_up.")
@click.option("--kind", type=click.Choice(list(_KINDS)), help="Only rules of this kind.")
@in_format
@with_base
def list_rules(base: RuleBase, path: str | None, kind: str | None, form: str) -> None:
    """List the rules in the order in which they fire.

    First the rules that conclude findings, then the evidence for and against the paths, then the
    moves from job to job, and the guidance last. Each line has the name of the rule, what it
    concludes, and the statements of the article that it is based on.
    """
    if path is not None and path not in base.paths:
        raise InputError(Problem(f"unknown path '{path}'", hint=did_you_mean(path, base.paths)))
    rules = [
        rule
        for rule in base.rules
        if (kind is None or isinstance(rule.then, _KINDS[kind]))
        and (path is None or _is_about(rule, path))
    ]
    if form == "json":
        listed = [
            {
                "id": rule.id,
                "title": rule.title,
                "then": _conclusion_as_json(rule.then),
                "cites": rule.cites,
                "house": rule.house,
            }
            for rule in rules
        ]
        click.echo(json.dumps(listed, indent=2))
        return
    lines = [("rule", "concludes", "cites")]
    lines += [
        (rule.id, str(rule.then), "house rule" if rule.house else ", ".join(rule.cites))
        for rule in rules
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(2)]
    for name, concludes, cites in lines:
        click.echo(f"{name:{widths[0]}}  {concludes:{widths[1]}}  {cites}")


def _is_about(rule: Rule, path: str) -> bool:
    """Return whether a rule concludes something about a path, or asks whether it is supported."""
    concluded = isinstance(rule.then, Evidence | Target) and rule.then.path == path
    return concluded or Recommended(path) in leaves(rule.when)


@click.command(short_help="Show a rule in plain words.")
@click.argument("name", metavar="ID")
@in_format
@with_base
def show(base: RuleBase, name: str, form: str) -> None:
    """Show a rule in plain words: its condition, what follows, and where it comes from.

    ID is the name of a rule, such as out.rising, or of a move, such as G10. To see all of them,
    run `fourways rules list`.
    """
    if name not in base.by_id:
        hint = did_you_mean(name, base.by_id) or "To see them all, run `fourways rules list`."
        raise InputError(Problem(f"unknown rule '{name}'", hint=hint))
    rule = base.by_id[name]
    if form == "json":
        click.echo(json.dumps(_as_json(rule, base), indent=2))
        return
    click.echo(f"{rule.id}\n{rule.title}.\n")
    for label, text in lines_of(rule, base):
        first, *others = wrap(text, _WIDTH - _MARGIN, break_long_words=False)
        click.echo(f"{label:{_MARGIN}}{first}")
        for line in others:
            click.echo(f"{'':{_MARGIN}}{line}")


def lines_of(rule: Rule, base: RuleBase) -> Iterator[tuple[str, str]]:
    """Yield what `rules show` prints about a rule: a label for the margin, and a text."""
    for index, clause in enumerate(parts_in_words(rule.when, base)):
        yield ("and" if index else "If"), clause
    yield "then", f"{_in_a_sentence(rule.then, base)}."
    if rule.because:
        yield "Because", rule.because
    for cite in rule.cites:
        yield "Based on", f"{cite}: {base.statements[cite].says}"
    if rule.house:
        yield "Based on", "your organization's own judgment; it is a house rule"
    for taken in rule.reading:
        reading = base.readings[taken[:-1]]
        yield "Reading", f"{taken}: {reading.question} {reading.options[taken[-1]]}."
    for finding, others in _builds_on(rule, base).items():
        yield "Builds on", f"{finding}, from {', '.join(others)}"
    if isinstance(rule.then, Finding):
        yield "Used by", ", ".join(_used_by(rule, base)) or "no rule"
    if rule.location:
        yield "Defined in", f"{rule.location.file}, line {rule.location.line}"


def _in_a_sentence(then: Conclusion, base: RuleBase) -> str:
    """Return a conclusion in plain words, with the modal word and its factor."""
    match then:
        case Finding():
            return f"the finding {then.id} is concluded"
        case Evidence():
            side = "against" if then.against else "towards"
            return f'it counts {side} "{base.paths[then.path].title}" with {_word(then.word, base)}'
        case Target():
            when = "now" if then.time is Time.NOW else "in time"
            job, path = base.post_title(then.to), base.paths[then.path].title
            return f'a next job for "{path}", {when}, is {job}: {_word(then.word, base)}'
        case Action() | Caution():
            return f"{'advice' if isinstance(then, Action) else 'warning'}: {then.text}"


def _word(name: str, base: RuleBase) -> str:
    word = base.certainty.words[name]
    return f"{shown(word.factor)} ({name.replace('_', ' ')}: {word.meaning})"


def _findings(rule: Rule) -> dict[str, None]:
    return {leaf.finding: None for leaf in leaves(rule.when) if isinstance(leaf, Found)}


def _builds_on(rule: Rule, base: RuleBase) -> dict[str, list[str]]:
    return {finding: [r.id for r in base.concluding[finding]] for finding in _findings(rule)}


def _used_by(rule: Rule, base: RuleBase) -> list[str]:
    assert isinstance(rule.then, Finding)
    return [other.id for other in base.rules if rule.then.id in _findings(other)]


def _as_json(rule: Rule, base: RuleBase) -> dict[str, object]:
    return {
        "id": rule.id,
        "title": rule.title,
        "when": in_words(rule.when, base),
        "then": _conclusion_as_json(rule.then),
        "because": rule.because,
        "cites": {cite: base.statements[cite].says for cite in rule.cites},
        "house": rule.house,
        "readings": [
            {
                "id": taken,
                "question": base.readings[taken[:-1]].question,
                "takes": base.readings[taken[:-1]].options[taken[-1]],
            }
            for taken in rule.reading
        ],
        "builds_on": _builds_on(rule, base),
        "used_by": _used_by(rule, base) if isinstance(rule.then, Finding) else [],
        "location": str(rule.location) if rule.location else None,
    }


def _conclusion_as_json(then: Conclusion) -> dict[str, object]:
    match then:
        case Finding():
            return {"finding": then.id}
        case Evidence():
            side = "against" if then.against else "path"
            return {side: then.path, "certainty": then.word, "factor": then.factor / 100}
        case Target():
            job = {"target": then.to, "path": then.path, "time": then.time.value}
            return {**job, "certainty": then.word}
        case Action():
            return {"action": then.text}
        case Caution():
            return {"caution": then.text}
