"""Cases: profiles for which a domain expert says what must and must not come out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fourways.errors import FourwaysError, Location
from fourways.model.base import RuleBase
from fourways.model.profile import NOTHING, Answer, Attribute, Kind, Profile
from fourways.rulebase.locations import BaseFolders
from fourways.rulebase.nodes import Node, Scalar, tree_of
from fourways.rulebase.reader import Reader, Values
from fourways.rulebase.shapes import CASE, FILES, ListOf, Ref

NO_PATH = "none"
"""What a case expects first where no path is recommended."""


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
    """Return the cases in some folders, in the order of the files.

    Args:
        folders: the folders.
        base: the rule base, whose names the cases use.

    Raises:
        RuleBaseError: with every problem of every file.
    """
    jobs, paths = [*base.roles, *base.posts], [*base.paths]
    reader = Reader(
        {
            "path": paths,
            "path or none": [*paths, NO_PATH],
            "rule": base.by_id,
            "finding": base.concluding,
            "next job": jobs,
            "attribute": base.attributes,
            **{f"value of {one.id}": one.by_id for one in base.attributes.values()},
        }
    )
    cases: list[Case] = []
    for file in folders.cases():
        try:
            tree, duplicates = tree_of(file.text(), file.shown)
        except FourwaysError as error:
            reader.problems += error.problems
            continue
        reader.problems += duplicates
        if tree is not None:
            cases += [_case(reader, base, one) for one in reader.read(FILES["cases"], tree)]
    seen: dict[str, Case] = {}
    for case in cases:
        if case.title and seen.setdefault(case.title, case) is not case:
            first = seen[case.title].location
            reader.problem(f"same case as at {first}", case.location)
    reader.raise_problems()
    return tuple(cases)


def _case(reader: Reader, base: RuleBase, values: Values) -> Case:
    if values.entries and not any(key in values.entries for key in CASE.optional):
        hint = f"Add one of {', '.join(CASE.optional)}."
        reader.problem("the case expects nothing", values.location, hint)
    for yes, no in (("supported", "unsupported"), ("fires", "silent")):
        for name in values[yes]:
            if name in values[no]:
                location = values.entries[no].location
                reader.problem(f"'{name}' is under both `{yes}` and `{no}`", location)
    expected = {key: values[key] for key in CASE.optional}
    expected["first"] = values["first"] or None
    expected["ranking"] = values["ranking"] if "ranking" in values.entries else None
    profile = _profile(reader, base, values["profile"]) if values["profile"] else Profile()
    return Case(values["case"], profile, values.location, **expected)


def _profile(reader: Reader, base: RuleBase, node: Node) -> Profile:
    answers: dict[str, Answer] = {}
    for entry in reader.entries(node):
        if reader.one_of(entry.key, "attribute", entry.location):
            answer = _answer(reader, base.attributes[entry.key], entry.value)
            if answer is not None:
                answers[entry.key] = answer
    return Profile(answers)


def _answer(reader: Reader, attribute: Attribute, node: Node) -> Answer | None:
    value = Ref(f"value of {attribute.id}")
    if attribute.kind is not Kind.SET:
        name = reader.read(value, node)
        return (name == "true" if attribute.kind is Kind.YES_NO else name) if name else None
    if isinstance(node, Scalar) and node.text == NOTHING:
        return frozenset()
    return frozenset(reader.read(ListOf(value), node))
