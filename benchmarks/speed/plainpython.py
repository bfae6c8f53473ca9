"""A loop as one writes it by hand: the csv module, and each rule an `if` of plain Python.

    python -m benchmarks.speed.plainpython IN OUT [--rows N]

The source of the loop's body is made from the model, so that no rule is written twice. What
intake reads is its own business here too: each distinct text of a column is understood once.
"""

import argparse
import csv
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from math import floor
from pathlib import Path

from fourways.answers.columns import map_columns
from fourways.answers.values import UnreadableAnswerError, parse_answer
from fourways.model.base import RuleBase
from fourways.model.certainty import CERTAIN, HALF, shown
from fourways.model.conditions import (
    All,
    Among,
    Any,
    Complement,
    Condition,
    Found,
    Holds,
    Lacks,
    Recommended,
    without_negation,
)
from fourways.model.profile import Answer, Attribute, Kind
from fourways.model.rules import Evidence, Finding, Rule, Stratum, Target, Time
from fourways.rulebase import load_builtin

RESULTS = ("recommendation", "certainty", "ranking", "targets", "rules")

Decide = Callable[..., tuple[str, ...]]
"""Takes the answers in the order of the attributes, None where unknown; gives the results."""


def decider(base: RuleBase) -> Decide:
    """Give the function that answers a person with the cells of the result columns."""
    names = {"floor": floor, "shown": shown}
    exec(compile(source(base), "<rules in plain Python>", "exec"), names)
    return names["decide"]  # type: ignore[return-value]


def source(base: RuleBase) -> str:
    """Give the rules as the source of a function."""
    return "\n".join(_lines(base)) + "\n"


def _lines(base: RuleBase) -> Iterator[str]:
    yield f"def decide({', '.join(base.attributes)}):"
    for name in base.concluding:
        yield f"    found_{name} = False"
    yield "    rules = []"
    for path in base.paths:
        yield f"    for_{path} = against_{path} = 1.0"
        yield from (f"    {time}_{path} = []" for time in Time)
    for rule in (*base.stratum(Stratum.FINDINGS), *base.stratum(Stratum.EVIDENCE)):
        yield from _rule(base, rule)
    for path in base.paths:
        larger = f"(max(for_{path}, against_{path}) or 1.0)"
        hundredths = f"floor((against_{path} - for_{path}) / {larger} * 100 + {HALF!r})"
        yield f"    {path} = max(-{CERTAIN}, min({CERTAIN}, {hundredths}))"
        yield f"    supported_{path} = {path} > {base.certainty.cutoff}"
    for rule in (*base.stratum(Stratum.TARGETS), *base.stratum(Stratum.GUIDANCE)):
        yield from _rule(base, rule)
    every = ", ".join(f"({path}, {path!r}, {_targets(path)})" for path in base.paths)
    yield f"    ranked = [path for path in ({every},) if path[0] > {base.certainty.cutoff}]"
    yield "    ranked.sort(key=lambda path: -path[0])"
    yield "    rules = ';'.join(rules)"
    yield "    if not ranked:"
    yield "        return 'none', '', '', '', rules"
    yield "    ranking = ';'.join(f'{path}:{shown(certainty)}' for certainty, path, _ in ranked)"
    yield "    targets = ';'.join(target for _, _, targets in ranked for target in targets)"
    yield "    return ranked[0][1], shown(ranked[0][0]), ranking, targets, rules"


def _rule(base: RuleBase, rule: Rule) -> Iterator[str]:
    yield f"    if {_expression(base, without_negation(rule.when))}:"
    yield f"        rules.append({rule.id!r})"
    match rule.then:
        case Finding():
            yield f"        found_{rule.then.id} = True"
        case Evidence(path=path, factor=factor, against=against):
            yield f"        {'against' if against else 'for'}_{path} *= {1.0 - factor / 100!r}"
        case Target(path=path, to=to, time=time):
            yield f"        {time}_{path}.append('{path}:{time}:{to}')"


def _targets(path: str) -> str:
    return " + ".join(f"{time}_{path}" for time in Time)


def _expression(base: RuleBase, condition: Condition) -> str:
    match condition:
        case All(parts=()):
            return "True"
        case All():
            return f"({' and '.join(_expression(base, part) for part in condition.parts)})"
        case Any():
            return f"({' or '.join(_expression(base, part) for part in condition.parts)})"
        case Found():
            return f"found_{condition.finding}"
        case Recommended():
            return f"supported_{condition.path}"
        case Complement():
            known = f"{condition.attribute} is not None"
            return f"({known} and not {_expression(base, condition.test)})"
        case Among(attribute=name):
            values: Sequence[object] = sorted(condition.accepted)
            if base.attributes[name].kind is Kind.YES_NO:
                values = [value == "true" for value in condition.accepted]
            return f"{name} in {{{', '.join(map(repr, values))}}}"
        case Holds(attribute=name):
            held = " or ".join(f"{value!r} in {name}" for value in sorted(condition.accepted))
            return f"({name} is not None and ({held}))"
        case Lacks(attribute=name):
            held = " or ".join(f"{value!r} in {name}" for value in sorted(condition.accepted))
            return f"({name} is not None and not ({held}))"
    raise TypeError(f"no Python for {type(condition).__name__}")


def run(source_: Path, target: Path, rows: int | None = None) -> int:
    """Answer the rows of a file, and leave out those that cannot be read.

    Returns:
        How many rows were read.
    """
    base = load_builtin()
    decide = decider(base)
    count = 0
    with (
        source_.open(encoding="utf-8", newline="") as read,
        target.open("w", encoding="utf-8", newline="") as written,
    ):
        lines = csv.reader(read)
        results = csv.writer(written, lineterminator="\n")
        header = next(lines)
        mapped = map_columns(header, base.attributes).mapped
        columns = [(mapped.get(name), one, {}) for name, one in base.attributes.items()]
        results.writerow([*header, *RESULTS])
        for cells in islice(lines, rows):
            count += 1
            if len(cells) != len(header):
                continue
            try:
                answers = [_answer(cells, *column) for column in columns]
            except UnreadableAnswerError:
                continue
            results.writerow([*cells, *decide(*answers)])
    return count


def _answer(
    cells: Sequence[str], index: int | None, attribute: Attribute, known: dict[str, Answer | None]
) -> Answer | None:
    if index is None:
        return None
    text = cells[index]
    if text not in known:
        known[text] = parse_answer(attribute, text).answer
    return known[text]


def main() -> None:
    """Answer a file."""
    parser = argparse.ArgumentParser(description="Answer a file in a plain Python loop.")
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--rows", type=int)
    options = parser.parse_args()
    run(options.source, options.target, options.rows)


if __name__ == "__main__":
    main()
