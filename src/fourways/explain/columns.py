"""The result columns as dataframe expressions: the words of `wording`, for whole columns.

The template of a rule becomes an expression that fills it in on every row where the rule fired. The
cells are the same, letter for letter, as those of a single decision.
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any

import narwhals as nw

from fourways.engines.columnar import (
    answer_column,
    certainty_column,
    position_column,
    rule_column,
    supported_column,
)
from fourways.explain.wording import AND, NOT_ENOUGH, ONLY_DEFAULT, PLACEHOLDER
from fourways.model.base import RuleBase
from fourways.model.certainty import CERTAIN, shown
from fourways.model.profile import Attribute, Kind
from fourways.model.rules import Action, Caution, Evidence, Finding, Rule, Stratum, Target, Time


def decision_columns(base: RuleBase) -> dict[str, Any]:
    """Return the expressions of the decision: recommendation, certainty, ranking, targets, rules.

    Args:
        base: the rules; the frame has the columns that the columnar engine adds.
    """
    paths = list(base.paths)
    number = {path: _certainty(path) for path in paths}

    def at(position: int, cells: Mapping[str, Any]) -> Any:
        """Return the cell of the path at a position of the ranking; null if there is none."""
        return _coalesced([nw.when(_at(path, position)).then(cells[path]) for path in paths])

    names = {path: nw.lit(path) for path in paths}
    ranked = {path: nw.concat_str(nw.lit(f"{path}:"), number[path]) for path in paths}
    targets = {path: _targets(base, path) for path in paths}
    aimed = [at(position, targets) for position in range(len(paths))]
    return {
        "recommendation": nw.coalesce(at(0, names), nw.lit("")),
        "certainty": nw.coalesce(at(0, number), nw.lit("")),
        "ranking": _joined([at(position, ranked) for position in range(len(paths))], ";"),
        "targets": _joined([nw.when(cell != "").then(cell) for cell in aimed], ";"),
        "rules": fired_ids(base.rules),
    }


def fired_ids(rules: Sequence[Rule]) -> Any:
    """Return the expression of the ids of those rules that fired."""
    return _joined([_if_fired(rule, nw.lit(rule.id)) for rule in rules], ";")


def text_columns(base: RuleBase) -> dict[str, Any]:
    """Return the expressions of the sentences: because, actions, cautions."""
    reasons = [
        nw.when(_at(path, 0)).then(
            _joined(
                [_if_fired(rule, _says(base, rule)) for rule in _supporting(base, path)]
                + [nw.when(_only_default(base, path)).then(nw.lit(ONLY_DEFAULT))],
                " ",
            )
        )
        for path in base.paths
    ]

    def advice(kind: type) -> Any:
        rules = [r for r in base.stratum(Stratum.GUIDANCE) if isinstance(r.then, kind)]
        of_path = [
            nw.when(_at(path, 0) & nw.col(rule_column(rule))).then(_says(base, rule))
            for path in base.paths
            for rule in rules
            if rule.path == path
        ]
        general = [_if_fired(rule, _says(base, rule)) for rule in rules if rule.path is None]
        return _joined([*of_path, *general], " ")

    return {
        "because": nw.coalesce(_coalesced(reasons), _not_enough(base)),
        "actions": advice(Action),
        "cautions": advice(Caution),
    }


def read_by(base: RuleBase, rule: Rule) -> tuple[frozenset[str], frozenset[str]]:
    """Return the rules and the attributes that the text of a rule refers to."""
    rules: set[str] = set()
    attributes: set[str] = set()
    for name in PLACEHOLDER.findall(rule.because + str(getattr(rule.then, "text", ""))):
        finding, dot, _ = name.partition(".")
        for other in base.concluding[finding] if dot else ():
            more_rules, more_attributes = read_by(base, other)
            rules |= {other.id, *more_rules}
            attributes |= more_attributes
        if not dot:
            attributes.add(name)
    return frozenset(rules), frozenset(attributes)


def _at(path: str, position: int) -> Any:
    return nw.col(supported_column(path)) & (nw.col(position_column(path)) == position)


def _certainty(path: str) -> Any:
    """Return the certainty of a supported path, with two decimals."""
    hundredths = nw.col(certainty_column(path)).clip(0, CERTAIN)
    return nw.concat_str(nw.lit(shown(0)[:2]), hundredths.cast(nw.String).str.zfill(2))


def _targets(base: RuleBase, path: str) -> Any:
    named = [
        _if_fired(rule, nw.lit(f"{path}:{time}:{rule.then.to}"))
        for time in Time
        for rule in base.stratum(Stratum.TARGETS)
        if isinstance(rule.then, Target) and rule.then.path == path and rule.then.time is time
    ]
    return _joined(named, ";")


def _supporting(base: RuleBase, path: str) -> list[Rule]:
    return [
        rule
        for rule in base.evidence[path]
        if isinstance(rule.then, Evidence) and not rule.then.against
    ]


def _only_default(base: RuleBase, path: str) -> Any:
    """Return whether only the usual next step supports any path, and this is its path."""
    others = [nw.col(supported_column(other)) for other in base.paths if other != path]
    specific = [nw.col(rule_column(r)) for r in _supporting(base, path) if not r.default]
    return ~reduce(or_, [*others, *specific], nw.lit(False))


def _not_enough(base: RuleBase) -> Any:
    unknown = [
        nw.when(nw.col(answer_column(name)).is_null()).then(nw.lit(base.attributes[name].label))
        for name in base.key_attributes
    ]
    labels = _joined(unknown, ", ")
    listed = nw.concat_str(nw.lit(f"{NOT_ENOUGH} It would help to know: "), labels, nw.lit("."))
    return nw.when(labels == "").then(nw.lit(NOT_ENOUGH)).otherwise(listed)


def _if_fired(rule: Rule, text: Any) -> Any:
    return nw.when(nw.col(rule_column(rule))).then(text)


def _coalesced(cells: Sequence[Any]) -> Any:
    return nw.coalesce(*cells) if cells else nw.lit(None).cast(nw.String)


def _joined(cells: Sequence[Any], separator: str) -> Any:
    """Return the cells that are not null as one text."""
    if not cells:
        return nw.lit("")
    return nw.coalesce(nw.concat_str(*cells, separator=separator, ignore_nulls=True), nw.lit(""))


def _says(base: RuleBase, rule: Rule) -> Any:
    """Return the expression of what a rule says where it fired; see `wording.text_of`."""
    template = rule.then.text if isinstance(rule.then, Action | Caution) else rule.because
    if isinstance(rule.then, Finding):
        return _filled_in(base, template)
    if not template.startswith("{"):
        return _filled_in(base, template[:1].upper() + template[1:])
    text = _filled_in(base, template)
    return nw.concat_str(text.str.slice(0, 1).str.to_uppercase(), text.str.slice(1))


def _filled_in(base: RuleBase, template: str) -> Any:
    pieces = []
    for index, piece in enumerate(PLACEHOLDER.split(template)):
        if index % 2:
            pieces.append(_value_of(base, piece))
        elif piece:
            pieces.append(nw.lit(piece))
    return pieces[0] if len(pieces) == 1 else nw.concat_str(*pieces)


def _value_of(base: RuleBase, name: str) -> Any:
    """Return the expression of a placeholder: an answer, or the reasons of a finding."""
    finding, dot, _ = name.partition(".")
    if dot:
        rules = base.concluding[finding]
        return _joined([_if_fired(rule, _says(base, rule)) for rule in rules], AND)
    return _in_words(base.attributes[name])


def _in_words(attribute: Attribute) -> Any:
    """Return the expression of an answer in words; null where it is unknown."""
    column = nw.col(answer_column(attribute.id))
    if attribute.kind is not Kind.SET:
        return _coalesced(
            [
                nw.when(column == value.id).then(nw.lit(attribute.in_words(value.id)))
                for value in attribute.values
            ]
        )
    holds = [column.str.contains(f";{value.id};", literal=True) for value in attribute.values]
    words = [
        nw.when(held)
        .then(_linked(value.words, holds[:index], holds[index + 1 :]))
        .otherwise(nw.lit(""))
        for index, (held, value) in enumerate(zip(holds, attribute.values, strict=True))
    ]
    listed = nw.concat_str(*words)
    nothing = nw.lit(attribute.in_words(frozenset()))
    return nw.when(~column.is_null()).then(nw.when(listed == "").then(nothing).otherwise(listed))


def _linked(words: str, before: Sequence[Any], after: Sequence[Any]) -> Any:
    """Return the words of a value after a comma or "and", if other values come before it."""
    if not before:
        return nw.lit(words)
    last = nw.lit(f" and {words}")
    if after:
        last = nw.when(reduce(or_, after)).then(nw.lit(f", {words}")).otherwise(last)
    return nw.when(reduce(or_, before)).then(last).otherwise(nw.lit(words))
