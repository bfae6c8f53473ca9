"""Cases: profiles for which a domain expert says what must and must not come out."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from fourways.errors import FourwaysError, Location, RuleBaseError, shortened
from fourways.model.base import RuleBase
from fourways.model.profile import NOTHING, Answer, Attribute, Kind, Profile
from fourways.rulebase.locations import BaseFolders
from fourways.rulebase.nodes import Entry, Node, Scalar, tree_of
from fourways.rulebase.nodes import Mapping as MappingNode
from fourways.rulebase.reader import Reader, in_order

NO_PATH = "none"
"""What a case expects first where no path is recommended."""

_EXPECTATIONS = (
    "first", "ranking", "supported", "unsupported", "fires", "silent", "always", "findings",
    "targets", "certainty",
)  # fmt: skip

_CERTAINTY = re.compile(r"-?0(?:\.[0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class Case:
    """A profile and what is expected of it; anything it doesn't name may come out either way.

    Attributes:
        title: what it shows, in a sentence.
        profile: the answers.
        location: the case in its file.
        first: the recommendation; `NO_PATH` for none.
        ranking: all supported paths, best first.
        supported, unsupported: paths that must and must not be supported.
        fires, silent: rules, moves among them, that must and must not fire.
        always: rules that must fire in this and every other case.
        findings: findings that must be concluded.
        targets: roles or posts that must be next jobs.
        certainty: path to its certainty in hundredths.
    """

    title: str
    profile: Profile
    location: Location
    first: str | None = None
    ranking: tuple[str, ...] | None = None
    supported: tuple[str, ...] = ()
    unsupported: tuple[str, ...] = ()
    fires: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    always: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    certainty: Mapping[str, int] = field(default_factory=dict)


def load_cases(folders: BaseFolders, base: RuleBase) -> tuple[Case, ...]:
    """Give the cases of some folders, in the order of the files.

    Args:
        folders: where they lie.
        base: what they can name.

    Raises:
        RuleBaseError: with every problem of every file.
    """
    reader = Reader()
    cases: list[Case] = []
    for file in folders.cases():
        try:
            tree, duplicates = tree_of(file.text(), file.shown)
        except FourwaysError as error:
            reader.problems += error.problems
            continue
        reader.problems += duplicates
        items = reader.items(tree) if tree is not None else ()
        cases += [_CaseReader(reader, base).case(item) for item in items]
    seen: dict[str, Case] = {}
    for case in cases:
        if case.title in seen:
            reader.problem(f"same case as at {seen[case.title].location}", case.location)
        elif case.title:
            seen[case.title] = case
    if reader.problems:
        raise RuleBaseError(*in_order(reader.problems))
    return tuple(cases)


@dataclass(slots=True)
class _CaseReader:
    """Reads a case against the rule base that it is about."""

    reader: Reader
    base: RuleBase

    def case(self, node: Node) -> Case:
        one = self.reader.fields(node, ("case", "profile"), _EXPECTATIONS)
        if one.entries and not any(key in one.by_key for key in _EXPECTATIONS):
            self.reader.problem(
                "the case expects nothing", one.location, f"Add one of {', '.join(_EXPECTATIONS)}."
            )
        paths, rules, findings = self.base.paths, self.base.by_id, self.base.concluding
        case = Case(
            title=self.reader.text(one, "case"),
            profile=self._profile(one),
            location=one.location,
            first=self._first(one),
            ranking=self._names(one, "ranking", paths, "path") if "ranking" in one.by_key else None,
            supported=self._names(one, "supported", paths, "path"),
            unsupported=self._names(one, "unsupported", paths, "path"),
            fires=self._names(one, "fires", rules, "rule"),
            silent=self._names(one, "silent", rules, "rule"),
            always=self._names(one, "always", rules, "rule"),
            findings=self._names(one, "findings", findings, "finding"),
            targets=self._names(one, "targets", [*self.base.roles, *self.base.posts], "post"),
            certainty=self._certainty(one),
        )
        self._contradictions(one, case)
        return case

    def _names(
        self, one: MappingNode, key: str, known: Collection[str], what: str
    ) -> tuple[str, ...]:
        located = tuple(self.reader.located(one, key))
        for name, location in located:
            self.reader.one_of(name, known, what, location)
        return tuple(name for name, _ in located)

    def _first(self, one: MappingNode) -> str | None:
        return self.reader.member(one, "first", str, [*self.base.paths, NO_PATH])

    def _certainty(self, one: MappingNode) -> dict[str, int]:
        written = (
            self.reader.entries(one.by_key["certainty"].value) if "certainty" in one.by_key else ()
        )
        certainty = {}
        for entry in written:
            self.reader.one_of(entry.key, self.base.paths, "path", entry.location)
            text = self.reader.scalar(entry.value)
            if _CERTAINTY.fullmatch(text):
                certainty[entry.key] = int(Decimal(text) * 100)
            elif text:
                self.reader.problem(
                    f"a certainty is a number from -0.99 to 0.99, not '{shortened(text)}'",
                    entry.value.location,
                )
        return certainty

    def _contradictions(self, one: MappingNode, case: Case) -> None:
        for yes, no in (("supported", "unsupported"), ("fires", "silent")):
            for name in getattr(case, yes):
                if name in getattr(case, no):
                    self.reader.problem(
                        f"'{name}' is under both `{yes}` and `{no}`", one.by_key[no].location
                    )

    def _profile(self, one: MappingNode) -> Profile:
        written = (
            self.reader.entries(one.by_key["profile"].value) if "profile" in one.by_key else ()
        )
        answers: dict[str, Answer] = {}
        for entry in written:
            if self.reader.one_of(entry.key, self.base.attributes, "attribute", entry.location):
                answer = self._answer(self.base.attributes[entry.key], entry)
                if answer is not None:
                    answers[entry.key] = answer
        return Profile(answers)

    def _answer(self, attribute: Attribute, entry: Entry) -> Answer | None:
        what = f"value of {attribute.id}"
        if attribute.kind is Kind.SET:
            if isinstance(entry.value, Scalar) and entry.value.text == NOTHING:
                return frozenset()
            items = self.reader.items(entry.value)
            names = [(self.reader.scalar(item), item.location) for item in items]
            known = [self.reader.one_of(name, attribute.by_id, what, at) for name, at in names]
            return frozenset(name for name, _ in names) if all(known) else None
        name = self.reader.scalar(entry.value)
        if not self.reader.one_of(name, attribute.by_id, what, entry.value.location):
            return None
        return name == "true" if attribute.kind is Kind.YES_NO else name
