"""The results contract as dataframe expressions: the words of `wording`, for whole columns.

What a rule says is a template; here it becomes an expression that fills it in for every row where
the rule fired. The cells are the same, letter for letter, as those of a single decision.
"""

import re
from collections.abc import Sequence
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
from fourways.explain.wording import AND, NOT_ENOUGH, ONLY_DEFAULT
from fourways.model.base import RuleBase
from fourways.model.certainty import CERTAIN, shown
from fourways.model.profile import Attribute, Kind
from fourways.model.rules import Action, Caution, Evidence, Finding, Rule, Stratum, Target, Time

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_NO = nw.lit("")


def decision_columns(base: RuleBase) -> dict[str, Any]:
    """Give the expressions of what was decided: recommendation, certainty, ranking, targets, rules.

    Args:
        base: the rules; the frame has the columns that the columnar engine adds.
    """
    paths = list(base.paths)
    first = {path: _at(path, 0) for path in paths}
    number = {path: _certainty(path) for path in paths}
    recommended = _coalesced([nw.when(first[p]).then(nw.lit(p)) for p in paths])
    ranked = [
        _coalesced(
            [nw.when(_at(p, k)).then(nw.concat_str(nw.lit(f"{p}:"), number[p])) for p in paths]
        )
        for k in range(len(paths))
    ]
    aimed = [
        _coalesced([nw.when(_at(p, k)).then(_targets(base, p)) for p in paths])
        for k in range(len(paths))
    ]
    return {
        "recommendation": nw.coalesce(recommended, nw.lit("")),
        "certainty": nw.coalesce(
            _coalesced([nw.when(first[p]).then(number[p]) for p in paths]), nw.lit("")
        ),
        "ranking": _joined(ranked, ";"),
        "targets": _joined([nw.when(cell != "").then(cell) for cell in aimed], ";"),
        "rules": fired_ids(base.rules),
    }


def fired_ids(rules: Sequence[Rule]) -> Any:
    """Give the expression of the names of those rules that fired."""
    return _joined([_if_fired(rule, nw.lit(rule.id)) for rule in rules], ";")


def text_columns(base: RuleBase) -> dict[str, Any]:
    """Give the expressions of what is said: because, actions, cautions."""
    said = _Texts(base)
    reasons = [
        nw.when(_at(path, 0)).then(
            _joined(
                [
                    _if_fired(rule, said.of(rule))
                    for rule in base.evidence[path]
                    if isinstance(rule.then, Evidence) and not rule.then.against
                ]
                + [nw.when(_only_default(base, path)).then(nw.lit(ONLY_DEFAULT))],
                " ",
            )
        )
        for path in base.paths
    ]
    guidance = base.stratum(Stratum.GUIDANCE)

    def advised(sort: type) -> Any:
        chosen = [rule for rule in guidance if isinstance(rule.then, sort)]
        of_path = [
            nw.when(_at(path, 0) & nw.col(rule_column(rule))).then(said.of(rule))
            for path in base.paths
            for rule in chosen
            if rule.path == path
        ]
        general = [_if_fired(rule, said.of(rule)) for rule in chosen if rule.path is None]
        return _joined([*of_path, *general], " ")

    return {
        "because": nw.coalesce(_coalesced(reasons), _not_enough(base)),
        "actions": advised(Action),
        "cautions": advised(Caution),
    }


def read_by(base: RuleBase, rule: Rule) -> tuple[frozenset[str], frozenset[str]]:
    """Give what the words of a rule hang on: names of other rules, and of attributes."""
    rules: set[str] = set()
    attributes: set[str] = set()
    for name in _PLACEHOLDER.findall(rule.because + str(getattr(rule.then, "text", ""))):
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
    """Give a supported path's certainty with two decimals."""
    hundredths = nw.col(certainty_column(path)).clip(0, CERTAIN)
    return nw.concat_str(nw.lit(shown(0)[:2]), hundredths.cast(nw.String).str.zfill(2))


def _targets(base: RuleBase, path: str) -> Any:
    moves = [r for r in base.stratum(Stratum.TARGETS) if _leads_on(r, path)]
    named = [
        _if_fired(rule, nw.lit(f"{path}:{rule.then.time}:{rule.then.to}"))
        for time in Time
        for rule in moves
        if isinstance(rule.then, Target) and rule.then.time is time
    ]
    return _joined(named, ";")


def _leads_on(rule: Rule, path: str) -> bool:
    return isinstance(rule.then, Target) and rule.then.path == path


def _only_default(base: RuleBase, path: str) -> Any:
    """Tell where the usual next step is all that speaks for any path, and this is the path."""
    others = [nw.col(supported_column(other)) for other in base.paths if other != path]
    specific = [
        nw.col(rule_column(rule))
        for rule in base.evidence[path]
        if isinstance(rule.then, Evidence) and not rule.then.against and not rule.default
    ]
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
    """Join what is there; nothing gives the empty text."""
    if not cells:
        return nw.lit("")
    return nw.coalesce(nw.concat_str(*cells, separator=separator, ignore_nulls=True), nw.lit(""))


class _Texts:
    """What rules say, as expressions."""

    def __init__(self, base: RuleBase) -> None:
        self._base = base

    def of(self, rule: Rule) -> Any:
        """Give the expression of what a rule says where it fired."""
        template = rule.then.text if isinstance(rule.then, Action | Caution) else rule.because
        if isinstance(rule.then, Finding):
            return self._filled(template)
        if not template.startswith("{"):
            return self._filled(template[:1].upper() + template[1:])
        text = self._filled(template)
        return nw.concat_str(text.str.slice(0, 1).str.to_uppercase(), text.str.slice(1))

    def _filled(self, template: str) -> Any:
        pieces = []
        for index, piece in enumerate(_PLACEHOLDER.split(template)):
            if index % 2:
                pieces.append(self._named(piece))
            elif piece:
                pieces.append(nw.lit(piece))
        return pieces[0] if len(pieces) == 1 else nw.concat_str(*pieces)

    def _named(self, name: str) -> Any:
        finding, dot, _ = name.partition(".")
        if dot:
            concluding = self._base.concluding[finding]
            return _joined([_if_fired(rule, self.of(rule)) for rule in concluding], AND)
        return in_words(self._base.attributes[name])


def in_words(attribute: Attribute) -> Any:
    """Give the expression of an answer in plain words; null where unknown."""
    column = nw.col(answer_column(attribute.id))
    if attribute.kind is not Kind.SET:
        said = [
            nw.when(column == value.id).then(nw.lit(attribute.in_words(value.id)))
            for value in attribute.values
        ]
        return _coalesced(said)
    holds = [column.str.contains(f";{v.id};", literal=True) for v in attribute.values]
    words = [
        nw.when(held).then(_linked(value.words, holds[:index], holds[index + 1 :])).otherwise(_NO)
        for index, (held, value) in enumerate(zip(holds, attribute.values, strict=True))
    ]
    listed = nw.concat_str(*words)
    nothing = nw.lit(attribute.in_words(frozenset()))
    return nw.when(~column.is_null()).then(nw.when(listed == "").then(nothing).otherwise(listed))


def _linked(words: str, before: Sequence[Any], after: Sequence[Any]) -> Any:
    """Return a value with what links it to those named before it: a comma, or "and"."""
    if not before:
        return nw.lit(words)
    last = nw.lit(f" and {words}")
    if after:
        last = nw.when(reduce(or_, after)).then(nw.lit(f", {words}")).otherwise(last)
    return nw.when(reduce(or_, before)).then(last).otherwise(nw.lit(words))
