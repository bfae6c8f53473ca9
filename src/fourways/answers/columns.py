"""Find the column of each attribute in a file, and read profiles from its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fourways.answers.headings import Clarity, Headings
from fourways.answers.protected import is_protected
from fourways.answers.values import ParsedAnswer, UnreadableAnswerError, normalized, parse_answer
from fourways.errors import InputError, Problem, did_you_mean, shortened
from fourways.model.profile import Answer, Attribute, Profile

_MOST_NAMED = 30
"""Columns that a message lists."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a file.

    Attributes:
        header: their names, in order.
        mapped: attribute to the index of its column.
        protected: names that look like age, sex, origin, health, family or belief.
    """

    header: tuple[str, ...]
    mapped: Mapping[str, int]
    protected: tuple[str, ...] = ()

    @property
    def passed(self) -> tuple[str, ...]:
        """The columns that are passed through unread, the protected ones included."""
        read = set(self.mapped.values())
        return tuple(name for index, name in enumerate(self.header) if index not in read)

    @property
    def by_name(self) -> dict[str, str]:
        """Name of each column that is read, and its attribute."""
        return {self.header[index]: attribute for attribute, index in self.mapped.items()}


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that isn't a valid answer: its column and text, the problem, and a suggestion."""

    column: str
    value: str
    problem: str
    suggestion: str


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row's profile, notes on what was inferred, and the cells that couldn't be read."""

    profile: Profile
    notes: tuple[str, ...] = ()
    bad: tuple[BadCell, ...] = ()


def map_columns(
    header: Sequence[str], attributes: Mapping[str, Attribute], own: Mapping[str, str] | None = None
) -> Columns:
    """Find the column of each attribute by its name, other common names, or the user's mapping.

    Args:
        header: the names of the columns.
        attributes: the attributes by id.
        own: column to attribute, before everything else; an empty attribute ignores the column.

    Raises:
        InputError: with every problem: `own` names what doesn't exist, two columns are equally
            clear about one attribute, or no column has any.
    """
    problems: list[Problem] = []
    chosen = _chosen(header, attributes, own or {}, problems)
    found = _clearest(header, attributes, chosen)
    for attribute, indices in found.items():
        if len(indices) > 1:
            problems.append(_ambiguous(attribute, [header[index] for index in indices]))
    if not found and not problems:
        problems.append(
            Problem(
                f"none of the columns is one we recognize. The file has {_listed(header)}. "
                f"We looked for {', '.join(attributes)}, and other common names for these",
                hint="If the header is in another row, move it to the top. "
                "Otherwise say which column is which: --map 'COLUMN=ATTRIBUTE'.",
            )
        )
    if problems:
        raise InputError(*problems)
    mapped = {attribute: index for attribute, (index,) in found.items()}
    return Columns(tuple(header), mapped, tuple(filter(is_protected, header)))


def count_recognized(header: Sequence[str], attributes: Mapping[str, Attribute]) -> int:
    """Return the number of attributes that the columns of a header name."""
    headings = Headings(attributes)
    return len({match[0] for match in map(headings.match, header) if match})


def _clearest(
    header: Sequence[str], attributes: Mapping[str, Attribute], chosen: Mapping[int, str]
) -> dict[str, list[int]]:
    """Return the columns that name each attribute most clearly."""
    headings = Headings(attributes)
    columns: dict[str, dict[Clarity, list[int]]] = {}
    for index, name in enumerate(header):
        match = (chosen[index], Clarity.MAPPED) if index in chosen else headings.match(name)
        if match and match[0]:
            columns.setdefault(match[0], {}).setdefault(match[1], []).append(index)
    return {attribute: clarities[min(clarities)] for attribute, clarities in columns.items()}


def _chosen(
    header: Sequence[str],
    attributes: Mapping[str, Attribute],
    own: Mapping[str, str],
    problems: list[Problem],
) -> dict[int, str]:
    """Return the user's mapping as index to attribute, empty to ignore the column."""
    chosen: dict[int, str] = {}
    for name, attribute in own.items():
        index = _index(header, name)
        if index is None:
            hint = did_you_mean(name, header) or f"The file has {_listed(header)}."
            problems.append(Problem(f"--map: there is no column '{name}'", hint=hint))
        elif attribute and attribute not in attributes:
            hint = did_you_mean(attribute, attributes)
            problems.append(Problem(f"--map: unknown attribute '{attribute}'", hint=hint))
        elif attribute and is_protected(header[index]):
            hint = "It looks like age, sex, origin, health, family or belief."
            problems.append(Problem(f"--map: column '{name}' is never read", hint=hint))
        else:
            chosen[index] = attribute
    return chosen


def _index(header: Sequence[str], name: str) -> int | None:
    if name in header:
        return list(header).index(name)
    alike = [i for i, column in enumerate(header) if normalized(column) == normalized(name)]
    return alike[0] if len(alike) == 1 else None


def _ambiguous(attribute: str, names: Sequence[str]) -> Problem:
    *others, last = (f"'{shortened(name)}'" for name in names)
    all_of_them = "both" if len(names) == 2 else "all"
    return Problem(
        f"columns {', '.join(others)} and {last} {all_of_them} hold {attribute}",
        hint=f"Say which one to use: --map '{names[-1]}={attribute}'.",
    )


def _listed(header: Sequence[str]) -> str:
    names = ", ".join(f"'{shortened(name)}'" for name in header[:_MOST_NAMED])
    more = len(header) - _MOST_NAMED
    return f"{names} and {more} more" if more > 0 else names


class RowReader:
    """Reads profiles from rows; each distinct text of a column is parsed once.

    Args:
        columns: which column holds which attribute.
        attributes: the attributes by id.
    """

    def __init__(self, columns: Columns, attributes: Mapping[str, Attribute]) -> None:
        self.columns = columns
        self._mapped = [
            (columns.mapped[name], attribute)
            for name, attribute in attributes.items()
            if name in columns.mapped
        ]
        self._cache: dict[tuple[int, str], ParsedAnswer | BadCell] = {}

    def read(self, cells: Sequence[str]) -> ReadRow:
        """Return the profile in the cells of a row, with every cell that can't be read."""
        answers: dict[str, Answer] = {}
        notes: list[str] = []
        bad: list[BadCell] = []
        for index, attribute in self._mapped:
            key = index, cells[index]
            if key not in self._cache:
                self._cache[key] = self.parse_cell(index, attribute, cells[index])
            parsed = self._cache[key]
            if isinstance(parsed, BadCell):
                bad.append(parsed)
                continue
            if parsed.answer is not None:
                answers[attribute.id] = parsed.answer
            if parsed.note:
                notes.append(f"{attribute.id}: {parsed.note}")
        return ReadRow(Profile(answers), tuple(notes), tuple(bad))

    def parse_cell(self, index: int, attribute: Attribute, text: str) -> ParsedAnswer | BadCell:
        """Return the answer in a cell, or what is wrong with it."""
        try:
            return parse_answer(attribute, text)
        except UnreadableAnswerError as error:
            column = self.columns.header[index]
            return BadCell(column, text, error.problem, error.suggestion)
