"""Finds out which column of a file holds which attribute, and reads profiles from its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fourways.answers.headings import Headings, Said, count_recognized
from fourways.answers.protected import is_protected
from fourways.answers.values import ParsedAnswer, UnreadableAnswerError, normalised, parse_answer
from fourways.errors import InputError, Problem, did_you_mean, shortened
from fourways.model.profile import Answer, Attribute, Profile

__all__ = [
    "BadCell",
    "Columns",
    "ReadRow",
    "RowReader",
    "count_recognized",
    "is_protected",
    "map_columns",
]


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a file.

    Attributes:
        header: their names, in order.
        mapped: attribute to the index of its column.
        protected: those that look like age, sex, origin, health, family or belief.
    """

    header: tuple[str, ...]
    mapped: Mapping[str, int]
    protected: tuple[str, ...] = ()

    @property
    def passed(self) -> tuple[str, ...]:
        """The columns that are not read and only pass through; the protected are among them."""
        read = set(self.mapped.values())
        return tuple(name for index, name in enumerate(self.header) if index not in read)

    @property
    def by_name(self) -> dict[str, str]:
        """The name of each column that is read, and its attribute."""
        return {self.header[index]: attribute for attribute, index in self.mapped.items()}


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that is no answer: its column, what it holds, why, and what to write instead."""

    column: str
    value: str
    problem: str
    suggestion: str


@dataclass(frozen=True, slots=True)
class ReadRow:
    """What a row says of a person, what was inferred from it, and what could not be read."""

    profile: Profile
    notes: tuple[str, ...] = ()
    bad: tuple[BadCell, ...] = ()


def map_columns(
    header: Sequence[str], attributes: Mapping[str, Attribute], own: Mapping[str, str] | None = None
) -> Columns:
    """Find the column of each attribute, by its name, other common names or the user's word.

    Args:
        header: the names of the columns.
        attributes: what can be known.
        own: column to attribute, before everything else; to nothing for a column not to be read.

    Raises:
        InputError: with every problem: what `own` names is not there, two columns hold one
            attribute, or no column holds any.
    """
    problems: list[Problem] = []
    asked = _asked(header, attributes, own or {}, problems)
    found = _found(header, attributes, asked)
    mapped = {attribute: indices[0] for attribute, indices in found.items()}
    problems += (
        _ambiguous(attribute, [header[index] for index in indices])
        for attribute, indices in found.items()
        if len(indices) > 1
    )
    if not mapped and not problems:
        problems.append(_nothing_mapped(header, attributes))
    if problems:
        raise InputError(*problems)
    return Columns(tuple(header), mapped, tuple(filter(is_protected, header)))


def _found(
    header: Sequence[str], attributes: Mapping[str, Attribute], asked: Mapping[int, str]
) -> dict[str, list[int]]:
    """Give the columns that hold each attribute: those that say so in the plainest way."""
    headings = Headings(attributes)
    plainest: dict[str, Said] = {}
    found: dict[str, list[int]] = {}
    for index, attribute in asked.items():
        if attribute:
            found.setdefault(attribute, []).append(index)
    for index, name in enumerate(header):
        spoken = headings.attribute_of(name) if index not in asked else None
        if spoken is None or spoken[0] in asked.values():
            continue
        attribute, how = spoken
        if how < plainest.get(attribute, len(Said)):
            plainest[attribute], found[attribute] = how, []
        if how == plainest[attribute]:
            found[attribute].append(index)
    return found


def _ambiguous(attribute: str, names: Sequence[str]) -> Problem:
    quoted = [f"'{shortened(name)}'" for name in names]
    listed = f"{', '.join(quoted[:-1])} and {quoted[-1]}"
    return Problem(
        f"columns {listed} {'both' if len(names) == 2 else 'all'} hold {attribute}",
        hint=f"Say which one counts: --map '{names[-1]}={attribute}'.",
    )


def _asked(
    header: Sequence[str],
    attributes: Mapping[str, Attribute],
    own: Mapping[str, str],
    problems: list[Problem],
) -> dict[int, str]:
    """Give what the user says of columns: index to attribute, empty for one not to be read."""
    asked: dict[int, str] = {}
    for name, attribute in own.items():
        index = _index(header, name)
        if index is None:
            hint = did_you_mean(name, header) or f"The file has {_listed(header)}."
            problems.append(Problem(f"--map: there is no column '{name}'", hint=hint))
        elif attribute and attribute not in attributes:
            hint = did_you_mean(attribute, attributes) or f"Known are {', '.join(attributes)}."
            problems.append(Problem(f"--map: unknown attribute '{attribute}'", hint=hint))
        elif attribute and is_protected(header[index]):
            problems.append(
                Problem(
                    f"--map: column '{name}' is never read",
                    hint="It looks like age, sex, origin, health, family or belief.",
                )
            )
        else:
            asked[index] = attribute
    return asked


def _index(header: Sequence[str], name: str) -> int | None:
    if name in header:
        return list(header).index(name)
    alike = [i for i, column in enumerate(header) if normalised(column) == normalised(name)]
    return alike[0] if len(alike) == 1 else None


def _nothing_mapped(header: Sequence[str], attributes: Mapping[str, Attribute]) -> Problem:
    return Problem(
        f"no column holds anything that rules ask for. The file has {_listed(header)}. "
        f"Looked for were {', '.join(attributes)}, and other common names of these",
        hint="Say which column is which: --map 'COLUMN=ATTRIBUTE'.",
    )


def _listed(header: Sequence[str]) -> str:
    shown = [f"'{name if len(name) <= 40 else name[:37] + '...'}'" for name in header[:30]]
    more = f" and {len(header) - 30} more" if len(header) > 30 else ""
    return ", ".join(shown) + more


class RowReader:
    """Reads profiles from rows; each distinct text of a column is understood once.

    Args:
        columns: which column holds which attribute.
        attributes: what can be known.
    """

    def __init__(self, columns: Columns, attributes: Mapping[str, Attribute]) -> None:
        self.columns = columns
        self._read: list[tuple[int, Attribute, dict[str, ParsedAnswer | BadCell]]] = [
            (columns.mapped[name], attribute, {})
            for name, attribute in attributes.items()
            if name in columns.mapped
        ]

    def read(self, cells: Sequence[str]) -> ReadRow:
        """Give what the cells of a row say, with all that cannot be read."""
        answers: dict[str, Answer] = {}
        notes: list[str] = []
        bad: list[BadCell] = []
        for index, attribute, known in self._read:
            text = cells[index]
            if text not in known:
                known[text] = self.parse_cell(index, attribute, text)
            taken = known[text]
            if isinstance(taken, BadCell):
                bad.append(taken)
                continue
            if taken.answer is not None:
                answers[attribute.id] = taken.answer
            if taken.note:
                notes.append(f"{attribute.id}: {taken.note}")
        return ReadRow(Profile(answers), tuple(notes), tuple(bad))

    def parse_cell(self, index: int, attribute: Attribute, text: str) -> ParsedAnswer | BadCell:
        """Give what a text in a column stands for, or why it stands for nothing."""
        try:
            return parse_answer(attribute, text)
        except UnreadableAnswerError as error:
            column = self.columns.header[index]
            return BadCell(column, text, error.problem, error.suggestion)
