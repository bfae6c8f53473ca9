"""The reference engine on millions of people: what it says of one, it says of all like them.

Whether a rule fires depends only on the truth of the tests that its condition is made of. So of
the people for whom these are alike, the reference engine is asked about one.
"""

from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import Any

import polars as pl

from every_answer import every_answer
from fourways.engines.reference import ReferenceEngine
from fourways.model.base import RuleBase
from fourways.model.certainty import combined, shown
from fourways.model.conditions import Condition, Found, Recommended, leaves, truth_of
from fourways.model.conditions import Test as AnswerTest
from fourways.model.profile import Profile
from fourways.model.rules import Evidence, Finding, Rule, Stratum, Target, Time
from random_profiles import written

CELLS = ("recommendation", "certainty", "ranking", "targets", "rules")


class People:
    """People by attribute: the index of each one's answer among every answer, null if unknown."""

    def __init__(self, base: RuleBase, codes: pl.DataFrame) -> None:
        self.codes = codes
        self.answers = {name: every_answer(a) for name, a in base.attributes.items()}

    @classmethod
    def random(cls, base: RuleBase, count: int, seed: int) -> "People":
        """Return people of whom some answered little, and some everything."""
        some_bytes = Random(seed).randbytes
        left_out = pl.Series(list(some_bytes(count)))
        codes = {}
        for name, attribute in base.attributes.items():
            answer = pl.Series(list(some_bytes(count))) % len(every_answer(attribute))
            codes[name] = answer.set(pl.Series(list(some_bytes(count))) < left_out, None)
        return cls(base, pl.DataFrame(codes))

    @classmethod
    def of(cls, base: RuleBase, profiles: Sequence[Profile]) -> "People":
        index = {
            name: {answer: number for number, answer in enumerate(every_answer(attribute))}
            for name, attribute in base.attributes.items()
        }
        codes = {
            name: [number.get(profile.get(name)) for profile in profiles]  # type: ignore[arg-type]
            for name, number in index.items()
        }
        return cls(base, pl.DataFrame(codes, schema=dict.fromkeys(codes, pl.UInt8)))

    def profile(self, row: int) -> Profile:
        codes = self.codes.row(row, named=True)
        return Profile({n: self.answers[n][code] for n, code in codes.items() if code is not None})

    def texts(self) -> pl.DataFrame:
        """Return the answers as a file has them."""
        return self.codes.with_columns(
            pl.Series(name, [written(answer) for answer in answers], pl.String).gather(
                self.codes[name]
            )
            for name, answers in self.answers.items()
        )


class Judge:
    """Returns what the reference engine decides, without sentences."""

    def __init__(self, base: RuleBase) -> None:
        self.base = base

    def cells(self, people: People) -> pl.DataFrame:
        """Return the cells of a decision for each person, in the order of `CELLS`."""
        known = people.codes
        for stratum in (Stratum.FINDINGS, Stratum.EVIDENCE):
            known = self._run(stratum, people, known)
        known = known.with_columns(self._certainty(path, known) for path in self.base.paths)
        known = known.with_columns(
            (pl.col(f"certainty {path}") > self.base.certainty.cutoff).alias(f"path {path}")
            for path in self.base.paths
        )
        for stratum in (Stratum.TARGETS, Stratum.GUIDANCE):
            known = self._run(stratum, people, known)
        certainties = known.select(f"certainty {path}" for path in self.base.paths)
        ranking = _for_each_case(certainties, self._ranking)
        moves = [f"rule {rule.id}" for rule in self.base.stratum(Stratum.TARGETS)]
        order = ranking.str.replace_all(r":\d\.\d\d", "")
        targets = _for_each_case(known.select(order.alias("order"), *moves), self._targets)
        fired = [pl.when(pl.col(f"rule {r.id}")).then(pl.lit(f"{r.id};")) for r in self.base.rules]
        first = ranking.str.extract_groups("^(?<recommendation>[^:]+):(?<certainty>[^;]+)")
        return known.select(
            first.struct.field("recommendation").fill_null(""),
            first.struct.field("certainty").fill_null(""),
            ranking.alias("ranking"),
            targets.alias("targets"),
            pl.concat_str(fired, ignore_nulls=True).str.strip_suffix(";").alias("rules"),
        )

    def _run(self, stratum: Stratum, people: People, known: pl.DataFrame) -> pl.DataFrame:
        for rule in self.base.stratum(stratum):
            known = known.with_columns(self._fires(rule, people, known))
            if isinstance(rule.then, Finding):
                rules = [f"rule {r.id}" for r in self.base.concluding[rule.then.id]]
                found = pl.any_horizontal(name for name in rules if name in known.columns)
                known = known.with_columns(found.alias(f"finding {rule.then.id}"))
        return known

    def _fires(self, rule: Rule, people: People, known: pl.DataFrame) -> pl.Series:
        tests = list(dict.fromkeys(leaves(rule.when)))
        if not tests:
            fires = ReferenceEngine._fires(rule, Profile(), set(), set())
            return pl.Series(f"rule {rule.id}", [fires]).new_from_index(0, people.codes.height)
        truths = pl.DataFrame(
            [self._truth(test, people, known).alias(str(n)) for n, test in enumerate(tests)]
        )
        cases = truths.with_row_index("row").unique(truths.columns, keep="first")
        fires = [
            ReferenceEngine._fires(
                rule,
                people.profile(row),
                _true("finding ", known, row),
                _true("path ", known, row),
            )
            for row in cases["row"]
        ]
        return _joined(truths, cases.drop("row"), fires).alias(f"rule {rule.id}")

    def _truth(self, test: Condition, people: People, known: pl.DataFrame) -> pl.Series:
        """Return whether a test is true, false or unknown for each person."""
        match test:
            case Found(finding=name):
                return known[f"finding {name}"]
            case Recommended(path=name):
                return known[f"path {name}"]
            case AnswerTest(attribute=name):
                truths = [
                    truth_of(test, Profile({name: answer}), lambda _: None, lambda _: None)
                    for answer in people.answers[name]
                ]
                return pl.Series(truths, dtype=pl.Boolean).gather(people.codes[name])
        raise TypeError(test)

    def _certainty(self, path: str, known: pl.DataFrame) -> pl.Series:
        rules = self.base.evidence[path]

        def certainty(*fired: bool) -> int:
            evidence = [r.then for r, fires in zip(rules, fired, strict=True) if fires]
            factors: tuple[list[int], list[int]] = [], []
            for one in evidence:
                assert isinstance(one, Evidence)
                factors[one.against].append(one.factor)
            return combined(*factors)

        if not rules:
            return pl.Series(f"certainty {path}", [0]).new_from_index(0, known.height)
        return _for_each_case(known.select(f"rule {r.id}" for r in rules), certainty).alias(
            f"certainty {path}"
        )

    def _ranking(self, *certainties: int) -> str:
        supported = [
            (path, certainty)
            for path, certainty in zip(self.base.paths, certainties, strict=True)
            if certainty > self.base.certainty.cutoff
        ]
        supported.sort(key=lambda one: -one[1])
        return ";".join(f"{path}:{shown(certainty)}" for path, certainty in supported)

    def _targets(self, order: str, *fired: bool) -> str:
        rules = zip(self.base.stratum(Stratum.TARGETS), fired, strict=True)
        moves = [rule.then for rule, fires in rules if fires]
        return ";".join(
            f"{path}:{time}:{move.to}"
            for path in order.split(";")
            for time in Time
            for move in moves
            if isinstance(move, Target) and (move.path, move.time) == (path, time)
        )


def _true(prefix: str, known: pl.DataFrame, row: int) -> set[str]:
    return {
        name.removeprefix(prefix)
        for name in known.columns
        if name.startswith(prefix) and known[name][row]
    }


def _for_each_case(frame: pl.DataFrame, value: Callable[..., Any]) -> pl.Series:
    """Return a value for each row, computed once for all rows that are equal."""
    cases = frame.unique()
    return _joined(frame, cases, [value(*row) for row in cases.iter_rows()])


def _joined(frame: pl.DataFrame, cases: pl.DataFrame, values: Iterable[Any]) -> pl.Series:
    valued = cases.with_columns(pl.Series("value", list(values)))
    joined = frame.join(
        valued, on=frame.columns, how="left", nulls_equal=True, maintain_order="left"
    )
    return joined["value"]
