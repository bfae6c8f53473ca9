"""Finds out which column of a file holds which attribute, and reads profiles from its rows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fourways.errors import InputError, Problem, did_you_mean
from fourways.intake.answers import Taken, UnreadableAnswerError, normalised, read_answer
from fourways.model.profile import Answer, Attribute, Profile

# What no rule may ever read, by words of a column's name; single ones, then words in a row.
# It is no part of the knowledge: whoever brings rules of their own cannot take it away.
_PROTECTED = frozenset((
    "age", "ages", "dob", "birth", "birthday", "birthdate", "birthyear", "born", "sex",
    "gender", "pronoun", "pronouns", "orientation", "sexuality", "transgender", "ethnicity",
    "ethnic", "ethnicities", "race", "racial", "origin", "nationality", "nationalities",
    "citizenship", "citizen", "migration", "migrant", "immigrant", "health", "medical",
    "illness", "disease", "sickness", "disability", "disabilities", "disabled", "handicap",
    "pregnant", "pregnancy", "maternity", "paternity", "family", "families", "marital",
    "marriage", "married", "spouse", "children", "child", "kids", "dependants", "dependents",
    "religion", "religions", "religious", "belief", "beliefs", "faith", "confession",
    "denomination", "church",
))  # fmt: skip
_PROTECTED_PHRASES = ("civil status", "sick leave", "sick days", "parental leave", "skin colour",
                      "skin color", "mother tongue", "political party", "trade union")  # fmt: skip


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


def is_protected(name: str) -> bool:
    """Tell whether a column looks like one about age, sex, origin, health, family or belief."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    text = normalised(parted)
    return not _PROTECTED.isdisjoint(text.split()) or any(
        f" {phrase} " in f" {text} " for phrase in _PROTECTED_PHRASES
    )


def recognised(header: Sequence[str], attributes: Mapping[str, Attribute]) -> int:
    """Count the columns of a header whose names mean an attribute."""
    names = _by_name(attributes)
    return len({names[text] for text in map(normalised, header) if text in names})


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
    mapped: dict[str, int] = {}
    asked = _asked(header, attributes, own or {}, problems)
    names = _by_name(attributes)
    for index, name in enumerate(header):
        if index in asked:
            attribute = asked[index]
        elif is_protected(name) or names.get(normalised(name)) in asked.values():
            continue
        else:
            attribute = names.get(normalised(name), "")
        if not attribute:
            continue
        if attribute in mapped:
            first = header[mapped[attribute]]
            problems.append(
                Problem(
                    f"columns '{first}' and '{name}' both hold {attribute}",
                    hint=f"Say which one counts: --map '{name}={attribute}'.",
                )
            )
        mapped.setdefault(attribute, index)
    if not mapped and not problems:
        problems.append(_nothing_mapped(header, attributes))
    if problems:
        raise InputError(*problems)
    return Columns(tuple(header), mapped, tuple(filter(is_protected, header)))


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


def _by_name(attributes: Mapping[str, Attribute]) -> dict[str, str]:
    return {
        normalised(name): attribute.id
        for attribute in reversed(list(attributes.values()))
        for name in (*attribute.columns, attribute.label, attribute.id)
    }


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
        self._read: list[tuple[int, Attribute, dict[str, Taken | BadCell]]] = [
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
                known[text] = self.understood(index, attribute, text)
            taken = known[text]
            if isinstance(taken, BadCell):
                bad.append(taken)
                continue
            if taken.answer is not None:
                answers[attribute.id] = taken.answer
            if taken.note:
                notes.append(f"{attribute.id}: {taken.note}")
        return ReadRow(Profile(answers), tuple(notes), tuple(bad))

    def understood(self, index: int, attribute: Attribute, text: str) -> Taken | BadCell:
        """Give what a text in a column stands for, or why it stands for nothing."""
        try:
            return read_answer(attribute, text)
        except UnreadableAnswerError as error:
            column = self.columns.header[index]
            return BadCell(column, text, error.problem, error.suggestion)
