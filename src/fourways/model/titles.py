"""Job titles: the words they are written in, and the roles they name."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Level:
    """A degree of seniority.

    Attributes:
        id: its name.
        words: words for it before or after the name of a role: senior, lead.
        numerals: numbers for it after the name: iii, 3.
        moves: role to the role it becomes at this level.
    """

    id: str
    words: tuple[str, ...]
    numerals: tuple[str, ...]
    moves: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RuledOut:
    """Words that rule out a role, as they make the title something else.

    Attributes:
        meaning: what a title with one of the words is about.
        words: single words and phrases.
        roles: the roles that they rule out.
    """

    meaning: str
    words: tuple[str, ...]
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Misspelt:
    """When a word counts as a misspelt known one.

    Attributes:
        likeness: the least similarity, in hundredths.
        letters: the least number of letters.
        distinct: correct words, however similar they are to known ones.
    """

    likeness: int = 100
    letters: int = 0
    distinct: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Titles:
    """The words of job titles; equal only to itself, so that matchers can be cached.

    Attributes:
        otherwise: the role of a title that fits no role.
        roles: role to its title in plain words.
        names: name to role, in the order of the files.
        alone: name to role, for names that count only if the title says no more.
        spellings: word or phrase to its standard words.
        noise: words and phrases that say nothing about the job.
        links: words that begin what the job is for: "for", "at".
        turning: words that put the job before its field: "of".
        joining: words that join two fields: "and".
        units: fields that a job belongs to even if another field is joined to them.
        levels: levels of seniority.
        posts: words for a job that need a field: manager, head.
        jobs: words for other jobs, also after the name of a role: "project engineer".
        rules_out: words that rule out roles.
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
