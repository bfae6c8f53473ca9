"""From the texts in a column to answers: each distinct text is understood once per file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from fourways.answers.columns import BadCell, Columns, RowReader
from fourways.answers.values import ParsedAnswer
from fourways.batch.memory import Numbering, Whole
from fourways.compiled import Flags, Places, compiled
from fourways.engines.columnar import contract_form
from fourways.intake.scanning import Codes
from fourways.intake.texts import Coded
from fourways.model.profile import Answer, Attribute, Kind, Profile

BAD = 1 << 62
"""Set in a key where a text is no answer."""
_NEW = np.uint64(1 << 63)
_BITS = 62


@dataclass(slots=True)
class ColumnAnswers:
    """What the texts of one column were understood as.

    Attributes:
        attribute: what the column holds.
        index: of the column.
        key: which key the answer is packed into, and from which bit on.
        shift: the same.
        forms: the distinct answers in contract form, the unknown one first.
        answers: the same as values.
        notes: what was inferred, nothing first.
        bad: by the code of the text, why it is no answer.
        keys: by the code of the text, the place in `forms` as it stands in the key; the last one
            is for no text.
        noted: by the code of the text, the place in `notes`.
    """

    attribute: Attribute
    index: int
    key: int
    shift: int
    forms: list[str | None] = field(default_factory=lambda: [None])
    answers: list[Answer | None] = field(default_factory=lambda: [None])
    notes: list[str | None] = field(default_factory=lambda: [None])
    bad: dict[int, BadCell] = field(default_factory=dict)
    keys: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(1, dtype=np.uint64))
    noted: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(1, dtype=np.uint64))
    _places: dict[str | None, int] = field(default_factory=lambda: {None: 0})

    def codes(self, cells: Coded) -> Codes:
        """Give the numbers of the texts of a block, with room for all of them."""
        codes = cells.codes(self.index)
        self._make_room(1 + int(codes.max(initial=-1)))
        return codes

    def add(self, understood: Mapping[int, ParsedAnswer | BadCell]) -> None:
        """Take note of how the texts of some codes were understood."""
        for code, taken in understood.items():
            self.keys[code] = self._key(code, taken)

    def _make_room(self, size: int) -> None:
        """Have a key for so many codes, if only one that says that no one looked yet."""
        missing = size - len(self.keys) + 1
        if missing > 0:
            none = self.keys[-1:]
            unseen = np.full(missing + size, _NEW, dtype=np.uint64)
            self.keys = np.concatenate([self.keys[:-1], unseen, none])
            self.noted = np.concatenate([self.noted, np.zeros_like(unseen)])

    def _key(self, code: int, taken: ParsedAnswer | BadCell) -> int:
        if isinstance(taken, BadCell):
            self.bad[code] = taken
            return BAD
        form = None if taken.answer is None else contract_form(self.attribute, taken.answer)
        if form not in self._places:
            self._places[form] = len(self.forms)
            self.forms.append(form)
            self.answers.append(taken.answer)
        if taken.note:
            self.noted[code] = len(self.notes)
            self.notes.append(f"{self.attribute.id}: {taken.note}")
        return self._places[form] << self.shift


@dataclass(frozen=True, slots=True)
class Notes:
    """What was inferred in some rows.

    Attributes:
        numbers: of the note of each row.
        some: whether there is one.
        new: the notes that were not known, null for none; they have the next numbers.
        known: how many were known before; when all were forgotten, none.
    """

    numbers: Places
    some: Flags
    new: pl.DataFrame
    known: int


class FileAnswers:
    """The answers in a file, column by column.

    Args:
        columns: which column holds which attribute.
        attributes: what can be known.
    """

    def __init__(self, columns: Columns, attributes: Mapping[str, Attribute]) -> None:
        self._reader = RowReader(columns, attributes)
        self.columns: list[ColumnAnswers] = []
        self._most: list[int] = []
        key, left = -1, 0
        for name, attribute in attributes.items():
            if name in columns.mapped:
                bits = _bits_of(attribute)
                if bits > left:
                    key, left = key + 1, _BITS
                left -= bits
                self.columns.append(ColumnAnswers(attribute, columns.mapped[name], key, left))
                self._most.append((1 << bits) - 1)
        self._keys = key + 1
        self._note_numbers, self._noted = Numbering(), 0
        self._lasting: object = None

    def keys(self, cells: Coded) -> Whole:
        """Give the answers of a block, packed into as few columns of whole numbers as hold them.

        Two rows have the same keys if and only if they have the same answers, in all blocks of
        the file. Where an answer is unreadable, `BAD` is set in one of them.

        Args:
            cells: the mapped columns of the block.
        """
        if self._lasting is None:
            self._lasting = cells.lasting
        keys = np.zeros((self._keys, cells.height), dtype=np.uint64)
        for column in self.columns:
            codes = column.codes(cells)
            if _is_any(column.keys, codes, _NEW):
                self._look_at(column, cells, codes[column.keys.take(codes) == _NEW])
            _put_in(keys[column.key], column.keys, codes)
        return keys

    def _look_at(self, column: ColumnAnswers, cells: Coded, codes: Codes) -> None:
        """Understand the texts of a column that no one looked at yet."""
        new = np.unique(codes)
        texts = zip(new.tolist(), cells.texts(column.index, new), strict=True)
        column.add(
            {
                code: self._reader.parse_cell(column.index, column.attribute, text)
                for code, text in texts
            }
        )

    def codes(self, keys: Whole) -> pl.DataFrame:
        """Give the answers that are in keys: per attribute the place in `forms`."""
        codes = {
            column.attribute.id: keys[column.key] >> np.uint64(column.shift) & np.uint64(most)
            for column, most in zip(self.columns, self._most, strict=True)
        }
        return pl.DataFrame({name: some.astype(np.int32) for name, some in codes.items()})

    def profile(self, places: Sequence[int]) -> Profile:
        """Give the profile of a row of codes."""
        answers = {
            column.attribute.id: column.answers[place]
            for column, place in zip(self.columns, places, strict=True)
        }
        return Profile({name: answer for name, answer in answers.items() if answer is not None})

    def notes(self, cells: Coded) -> Notes:
        """Give what was inferred in a block whose keys were given, row by row."""
        noted = [column for column in self.columns if len(column.notes) > 1]
        if self._note_numbers.is_full or len(noted) > self._noted:
            self._note_numbers, self._noted = Numbering(), len(noted)
        known = self._note_numbers.count
        places = np.zeros((max(1, len(noted)), cells.height), dtype=np.uint64)
        for column, row in zip(noted, places, strict=False):
            row[:] = column.noted.take(cells.codes(column.index))
        numbers, firsts = self._note_numbers(places)
        some: Flags = np.any(places, axis=0)
        return Notes(numbers, some, _notes_of(noted, places[:, firsts]), known)

    def bad_cells(self, cells: Coded, rows: Places) -> list[tuple[BadCell, ...]]:
        """Give for some rows of a block whose keys were given the cells that are no answers."""
        codes = [cells.codes(column.index)[rows].tolist() for column in self.columns]
        return [
            tuple(
                column.bad[code]
                for column, code in zip(self.columns, row, strict=True)
                if code in column.bad
            )
            for row in zip(*codes, strict=True)
        ]


def _bits_of(attribute: Attribute) -> int:
    """Give how many bits hold any answer to an attribute, the unknown one, and no more."""
    values = len(attribute.values)
    several = attribute.kind is Kind.SET
    return min(values + 1 if several else max(values, 2).bit_length(), _BITS // 2)


def _notes_of(columns: Sequence[ColumnAnswers], places: Whole) -> pl.DataFrame:
    """Give notes, each with what was inferred in some columns; null where that is nothing.

    Args:
        columns: those in which something was inferred somewhere.
        places: in the notes of each column, for each note that is wanted.
    """
    _, height = places.shape
    if not columns or not height:
        return pl.DataFrame({"notes": [None] * height}, schema={"notes": pl.String})
    texts = pl.DataFrame(
        pl.Series(column.attribute.id, [column.notes[place] for place in row], dtype=pl.String)
        for column, row in zip(columns, places.tolist(), strict=True)
    )
    joined = pl.concat_str(pl.all(), separator="; ", ignore_nulls=True)
    some = ~pl.all_horizontal(pl.all().is_null())
    return texts.select(pl.when(some).then(joined).alias("notes"))


@compiled
def _is_any(table: Whole, codes: Codes, value: np.uint64) -> bool:
    """Tell whether a value is at one of some places of a table; the last place is -1."""
    found = 0
    for code in codes:
        found += table[code] == value
    return found > 0


@compiled
def _put_in(keys: Whole, table: Whole, codes: Codes) -> None:
    """Add to each key the bits that are at a place of a table; the last place is -1."""
    for row in range(len(keys)):
        keys[row] |= table[codes[row]]
