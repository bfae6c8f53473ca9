"""The whole rule base as one value: what engines interpret and explanations quote."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from fourways.model.certainty import Certainties
from fourways.model.conditions import (
    Condition,
    Found,
    Leaf,
    Test,
    disjuncts,
    leaves,
    without_negation,
)
from fourways.model.profile import Attribute
from fourways.model.rules import Evidence, Finding, Rule, Stratum
from fourways.model.titles import Titles


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of the article, in our own words.

    Attributes:
        id: its place (section, paragraph, sentence).
        says: what it says.
        sort: claim, example, background, myth, layout and so on.
        modality: the class of its modal word, M1 to M7; empty for layout.
        words: how many words the sentence has, and `fingerprint` their digest.
        no_rule: why no rule rests on it, where none does.
    """

    id: str
    says: str
    sort: str
    modality: str
    words: int
    fingerprint: str
    no_rule: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A place that can be read in more than one sense.

    Attributes:
        place: the statement.
        question: a full question, with its question mark.
        options: the possible answers by letter, without a full stop at the end.
        takes: the letters of the answers that the rules may use.
        why: the reason for these answers.
    """

    id: str
    place: str
    question: str
    options: Mapping[str, str]
    takes: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the article, and the file that holds its rules."""

    id: str
    title: str
    rules: str


@dataclass(frozen=True, slots=True)
class Path:
    """A way on: its name, what it means, the section that speaks of it."""

    id: str
    title: str
    means: str
    section: str


@dataclass(frozen=True, slots=True)
class Role:
    """A post: its title, its family, the other names that it goes by."""

    id: str
    title: str
    family: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class RuleBase:
    """Everything that is known, in the order of the files.

    Attributes:
        attributes: what can be known about a person.
        certainty: the modal words and their factors.
        paths: the ways on, in the article's order, which settles ties.
        roles: the posts that a person can have; `posts` are targets that are no roles.
        families: what a rule may ask of a role.
        titles: what is known about job titles.
        title: the article's title.
        sections, statements, readings: the article, by place.
        rules: in the order in which they are run, which is the order of firing.
        sources: the text of each file, by its name.
    """

    attributes: Mapping[str, Attribute]
    certainty: Certainties
    paths: Mapping[str, Path]
    roles: Mapping[str, Role]
    posts: Mapping[str, str]
    families: Mapping[str, str]
    # `sources` tells bases apart already; titles are equal to themselves only.
    titles: Titles = field(compare=False, repr=False)
    title: str
    sections: tuple[Section, ...]
    statements: Mapping[str, Statement]
    readings: Mapping[str, Reading]
    rules: tuple[Rule, ...]
    sources: Mapping[str, str] = field(repr=False)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the names and texts of the files: names the rules of a day."""
        return digest_of(self.sources)

    @cached_property
    def by_id(self) -> Mapping[str, Rule]:
        """The rules by their names."""
        return {rule.id: rule for rule in self.rules}

    def stratum(self, stratum: Stratum) -> tuple[Rule, ...]:
        """Give the rules of a stratum, in the order in which they are run."""
        return self._strata[stratum]

    @cached_property
    def _strata(self) -> Mapping[Stratum, tuple[Rule, ...]]:
        return {one: tuple(r for r in self.rules if r.stratum is one) for one in Stratum}

    @cached_property
    def conditions(self) -> Mapping[str, Condition]:
        """The condition of each rule, by its name, with every `not` taken into the tests."""
        return {rule.id: without_negation(rule.when) for rule in self.rules}

    def disjuncts(self, rule: Rule) -> tuple[frozenset[Leaf], ...]:
        """Return the sets of tests that each make a rule fire, through findings or directly."""
        return disjuncts(
            rule.when, lambda finding: (other.when for other in self.concluding[finding])
        )

    @cached_property
    def concluding(self) -> Mapping[str, tuple[Rule, ...]]:
        """The rules that conclude each finding."""
        found: dict[str, tuple[Rule, ...]] = {}
        for rule in self.rules:
            if isinstance(rule.then, Finding):
                found[rule.then.id] = (*found.get(rule.then.id, ()), rule)
        return found

    @cached_property
    def evidence(self) -> Mapping[str, tuple[Rule, ...]]:
        """The rules that speak for or against each path."""
        return {
            path: tuple(
                rule
                for rule in self.rules
                if isinstance(rule.then, Evidence) and rule.then.path == path
            )
            for path in self.paths
        }

    @cached_property
    def key_attributes(self) -> tuple[str, ...]:
        """The three attributes that most evidence asks for, in the declared order."""
        asked: Counter[str] = Counter()
        for rule in self.stratum(Stratum.EVIDENCE):
            asked.update({test.attribute for test in self._tests(rule.when)})
        most = sorted(self.attributes, key=lambda name: -asked[name])[:3]
        return tuple(name for name in self.attributes if name in most)

    def _tests(self, condition: Condition) -> Iterator[Test]:
        for leaf in leaves(condition):
            if isinstance(leaf, Test):
                yield leaf
            elif isinstance(leaf, Found):
                for rule in self.concluding[leaf.finding]:
                    yield from self._tests(rule.when)

    def post_title(self, post: str) -> str:
        """Give the name of a target in plain words."""
        return self.roles[post].title if post in self.roles else self.posts[post]


def digest_of(sources: Mapping[str, str]) -> str:
    """Give SHA-256, in hexadecimal, over the names and texts of the files of a rule base."""
    digest = sha256()
    for name in sorted(sources):
        for part in (name, sources[name]):
            digest.update(sha256(part.encode()).digest())
    return digest.hexdigest()
