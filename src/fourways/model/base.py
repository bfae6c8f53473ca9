"""The rule base as one value: what engines interpret and explanations quote."""

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
        id: section, paragraph and sentence, such as S2.p1.s3.
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
    """A statement that can be read in more than one way.

    Attributes:
        place: the statement.
        question: what is unclear, with a question mark.
        options: the possible answers by letter, without a full stop.
        takes: the letters of the answers that rules may use; `why` the reason.
    """

    id: str
    place: str
    question: str
    options: Mapping[str, str]
    takes: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the article, and the file of its rules."""

    id: str
    title: str
    rules: str


@dataclass(frozen=True, slots=True)
class Path:
    """A career path: its name, what it means, and the section about it."""

    id: str
    title: str
    means: str
    section: str


@dataclass(frozen=True, slots=True)
class Role:
    """A job that a person can have: its title, its family, and other names for it."""

    id: str
    title: str
    family: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class RuleBase:
    """A rule base, in the order of its files.

    Attributes:
        attributes: what can be known about a person.
        certainty: the modal words and their factors.
        paths: the paths, in the article's order, which settles ties.
        roles: jobs that a person can have; `posts` are jobs that appear only as targets.
        families: groups of roles, with their titles.
        titles: what is known about job titles.
        title: the article's title.
        sections, statements, readings: the article.
        rules: in the order in which they fire.
        sources: the text of each file, by its name.
    """

    attributes: Mapping[str, Attribute]
    certainty: Certainties
    paths: Mapping[str, Path]
    roles: Mapping[str, Role]
    posts: Mapping[str, str]
    families: Mapping[str, str]
    # Bases differ by `sources`; titles are equal only to themselves.
    titles: Titles = field(compare=False, repr=False)
    title: str
    sections: tuple[Section, ...]
    statements: Mapping[str, Statement]
    readings: Mapping[str, Reading]
    rules: tuple[Rule, ...]
    sources: Mapping[str, str] = field(repr=False)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the names and texts of the files; identifies the rule base."""
        return digest_of(self.sources)

    @cached_property
    def by_id(self) -> Mapping[str, Rule]:
        """The rules by their names."""
        return {rule.id: rule for rule in self.rules}

    def stratum(self, stratum: Stratum) -> tuple[Rule, ...]:
        """Return the rules of a stratum, in the order in which they fire."""
        return self._strata[stratum]

    @cached_property
    def _strata(self) -> Mapping[Stratum, tuple[Rule, ...]]:
        return {one: tuple(r for r in self.rules if r.stratum is one) for one in Stratum}

    @cached_property
    def conditions(self) -> Mapping[str, Condition]:
        """The condition of each rule, by its name, without any `not`."""
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
        """The rules that count for or against each path."""
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
        """Return the title of a role or post."""
        return self.roles[post].title if post in self.roles else self.posts[post]


def digest_of(sources: Mapping[str, str]) -> str:
    """Return SHA-256, in hexadecimal, over the names and texts of the files of a rule base."""
    digest = sha256()
    for name in sorted(sources):
        for part in (name, sources[name]):
            digest.update(sha256(part.encode()).digest())
    return digest.hexdigest()
