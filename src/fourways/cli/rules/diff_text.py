"""The differences between two rule bases in lines of text."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from fourways.cli.rules.conclusions import in_brief
from fourways.errors import escape_controls, shortened
from fourways.explain.conditions import in_words
from fourways.explain.rulechanges import (
    BANDS,
    CUTOFF,
    Changed,
    RuleChanges,
    entries,
    own_condition,
    settings,
)
from fourways.model.base import RuleBase
from fourways.model.certainty import shown
from fourways.model.profile import Value
from fourways.model.rules import Action, Caution, Rule

if TYPE_CHECKING:
    from fourways.batch.people_diff import PeopleChanges, PersonChange

_FIELDS = {"modality": "class"}
"""What a field is named in the files, where the two names differ."""


def lines_of_changes(changes: RuleChanges) -> Iterator[str]:
    """Give what came, went and changed, kind by kind."""
    if not changes:
        same = changes.before.digest == changes.after.digest
        yield "No differences." if same else "No differences but in layout or comments."
        return
    everything = (entries(changes.before), entries(changes.after))
    for kind, found in changes.kinds.items():
        if not found:
            continue
        yield (
            f"{kind.capitalize()}: {len(found.came)} came, {len(found.went)} went,"
            f" {len(found.changed)} changed."
        )
        for name in found.came:
            yield f"  + {name}{_brief(everything[1][kind][name])}"
        for name in found.went:
            yield f"  - {name}{_brief(everything[0][kind][name])}"
        for one in found.changed:
            yield f"  ~ {one.id}: {', '.join(_FIELDS.get(part, part) for part in one.parts)}"
            for _, before, after in parts_in_words(changes, kind, one):
                yield from _before_and_after(before, after)
    for name in changes.settings:
        yield f"{name.capitalize()} changed."
        yield from _before_and_after(*setting_in_words(changes, name))


def _before_and_after(before: str, after: str) -> Iterator[str]:
    if before == after:
        yield "      reads the same in words"
        return
    yield f"      was  {before or '(nothing)'}"
    yield f"      is   {after or '(nothing)'}"


def parts_in_words(changes: RuleChanges, kind: str, one: Changed) -> Iterator[tuple[str, str, str]]:
    """Give each part that changed: its name, what it was and what it is."""
    before, after = entries(changes.before)[kind][one.id], entries(changes.after)[kind][one.id]
    for part in one.parts:
        yield (
            _FIELDS.get(part, part),
            _in_words(before, part, changes.before),
            _in_words(after, part, changes.after),
        )


def setting_in_words(changes: RuleChanges, name: str) -> tuple[str, str]:
    """Give what a setting was and what it is."""
    values = [settings(base)[name] for base in (changes.before, changes.after)]
    if name == CUTOFF:
        return shown(values[0]), shown(values[1])
    if name == BANDS:
        return _bands(values[0]), _bands(values[1])
    return _plain(values[0]), _plain(values[1])


def _bands(bands: Iterable[tuple[int, str]]) -> str:
    return ", ".join(f"{says} from {shown(start)}" for start, says in bands)


def _brief(entry: Any) -> str:
    return f"  {in_brief(entry.then)}" if isinstance(entry, Rule) else ""


def _in_words(entry: Any, part: str, base: RuleBase) -> str:
    if isinstance(entry, str):
        return entry
    if isinstance(entry, Rule):
        return _part_of_rule(entry, part, base)
    value = getattr(entry, part)
    if part == "factor":
        return shown(value)
    return _plain(value)


def _part_of_rule(rule: Rule, part: str, base: RuleBase) -> str:
    match part:
        case "from":
            return "anyone" if rule.origin is None else ", ".join(rule.origin)
        case "when":
            return in_words(own_condition(rule), base) or "always"
        case "then":
            text = rule.then.text if isinstance(rule.then, Action | Caution) else ""
            return in_brief(rule.then) + (f": {text}" if text else "")
    return _plain(getattr(rule, part))


def _plain(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case Value():
            return _value(value)
        case Mapping():
            return "; ".join(f"{name}: {_plain(part)}" for name, part in value.items())
        case tuple():
            return ", ".join(map(_plain, value))
        case frozenset():
            return ", ".join(sorted(value))
    if is_dataclass(value):
        return "; ".join(f"{f.name}: {_plain(getattr(value, f.name))}" for f in fields(value))
    return str(value)


def _value(value: Value) -> str:
    """Return all that a profile file says of a value, so that any change of it shows."""
    start = "" if value.start is None else f", from {value.start}"
    names = f", also {'/'.join(value.names)}" if value.names else ""
    clauses = f", in a sentence: {value.in_sentence}" if value.in_sentence else ""
    for name, possible in (("if_so", value.if_so), ("if_not", value.if_not)):
        clauses += f", {name} {possible.by}: {possible.says}" if possible else ""
    return f"{value.id} ({value.label}{start}{names}{clauses})"


# ----------------------------------------------------------------------- people


def lines_of_people(people: "PeopleChanges", name: str, most: int | None = None) -> Iterator[str]:
    """Give who is recommended another way first: how many, then who and why.

    Args:
        people: what becomes of them.
        name: how the file is named.
        most: how many people are listed at most; None for all.
    """
    yield (
        f"{name}: {_many(people.rows, 'row')} = {people.compared:,} compared"
        f" + {_many(len(people.rejects), 'reject')}; {_many(people.distinct, 'distinct profile')}."
    )
    if people.rejects:
        yield "Rejects are rows that one of the two bases cannot read, or neither:"
        yield from _rejects(people, most)
    yield f"Another way first: {_of(len(people.changed), people)}."
    if people.changed:
        rows = [(before, after, f"{count:,}") for before, after, count in people.tally]
        yield ""
        yield from _table(("from", "to", "people"), rows)
        yield ""
    yield f"Same way first, other certainty or other ways behind it: {_of(people.ranking, people)}."
    yield f"Same ways, other next jobs: {_of(people.targets, people)}."
    yield f"Same ways and jobs, other rules behind them: {_of(people.rules, people)}."
    if people.changed:
        head = ("row", people.name_column or None, "from", "to", "because of")
        listed = [
            (str(p.row), p.name if people.name_column else None, p.before, p.after, _because(p))
            for p in people.changed[:most]
        ]
        yield ""
        yield from _table(_known(head), [_known(row) for row in listed])
        if len(listed) < len(people.changed):
            yield f"  and {len(people.changed) - len(listed):,} more; --all lists them"
        yield ""
        yield "+ fires now, - no longer fires, ~ fires as before and counts otherwise."


def _rejects(people: "PeopleChanges", most: int | None) -> Iterator[str]:
    counted: Counter[tuple[str, str]] = Counter()
    for reject in people.rejects:
        for problem in dict.fromkeys((*reject.before, *reject.after)):
            of = (problem in reject.before, problem in reject.after)
            by = {(True, True): "both", (True, False): "old rules only"}.get(of, "new rules only")
            counted[problem, by] += 1
    for (problem, by), count in counted.most_common(most):
        yield f"  {count:,}  {escape_controls(problem)} ({by})"
    if most is not None and len(counted) > most:
        yield f"  and {len(counted) - most:,} other problems; --all lists them"


def _because(person: "PersonChange") -> str:
    rules, reason = person.reason.rules, person.reason
    signed = [
        *(f"+{name}" for name in rules.came),
        *(f"-{name}" for name in rules.went),
        *(f"~{name}" for name in rules.weighed),
    ]
    others = [
        *(f"{name} is read otherwise" for name in reason.answers),
        *(f"{name} changed" for name in reason.settings),
    ]
    return ", ".join((*([" ".join(signed)] if signed else []), *others))


def _known(cells: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(
        escape_controls(shortened(c)) if i == 1 else c for i, c in enumerate(cells) if c is not None
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for row in (head, *rows):
        cells = zip(row, widths, strict=True)
        yield "  " + "  ".join(f"{cell:{width}}" for cell, width in cells).rstrip()


def _of(count: int, people: "PeopleChanges") -> str:
    return f"{count:,} of {people.compared:,}"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
