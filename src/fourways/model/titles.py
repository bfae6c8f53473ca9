"""What is known about job titles: the words they are written in, and the roles they name."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Level:
    """A degree of seniority.

    Attributes:
        id: its name.
        words: those that say it before the name of a role.
        numerals: those that say it after the name.
        moves: which role becomes which by it.
    """

    id: str
    words: tuple[str, ...]
    numerals: tuple[str, ...]
    moves: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RuledOut:
    """Words that make a title something else: what is meant, and the roles it is not.

    Attributes:
        meaning: what a title with one of the words speaks of.
        words: single ones, and words in a row.
        roles: the roles that they rule out.
    """

    meaning: str
    words: tuple[str, ...]
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Misspelt:
    """When a word counts as a misspelt known one.

    Attributes:
        likeness: how like it must be, in hundredths.
        letters: how many letters it must have.
        distinct: words that are others, however much they look alike.
    """

    likeness: int = 100
    letters: int = 0
    distinct: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Titles:
    """The words of job titles; equal only to itself, so that matchers can be cached.

    Attributes:
        otherwise: the role of a title that fits none.
        roles: role to its title in plain words.
        names: name to role, in the order of the files.
        alone: name to role, for names that count only where a title says no more.
        spellings: word, or words in a row, to standard words.
        noise: words that say nothing about the kind of job.
        links: words after which a title says what the job is for.
        turning: words that put the job before its field.
        joining: words between two fields.
        units: fields that are headed whatever else is headed beside them.
        levels: degrees of seniority.
        posts: what someone is, in a word.
        jobs: other jobs, which make the name of a role before them theirs.
        rules_out: words that make a title something else.
        misspelt: when a word counts as misspelt.
    """

    otherwise: str
    roles: Mapping[str, str]
    names: Mapping[str, str]
    alone: Mapping[str, str] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)
    noise: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    turning: tuple[str, ...] = ()
    joining: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    posts: tuple[str, ...] = ()
    jobs: tuple[str, ...] = ()
    rules_out: tuple[RuledOut, ...] = ()
    misspelt: Misspelt = Misspelt()
