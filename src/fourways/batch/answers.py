"""From the texts in a column to answers: each distinct text is understood once per file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

import polars as pl

from fourways.batch.lookup import distinct_rows
from fourways.engines.columnar import contract_form
from fourways.intake.answers import Taken
from fourways.intake.blocks import column_name
from fourways.intake.columns import BadCell, Columns, RowReader
from fourways.model.profile import Answer, Attribute, Kind, Profile

BAD = 1 << 62
"""Set in a key where a text is no answer."""
_NEW = 1 << 63
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
        keys: by the code of the text, the place in `forms` as it stands in the key.
        notes: by the code of the text, what was inferred.
        bad: by the code of the text, why it is no answer.
    """

    attribute: Attribute
    index: int
    key: int
    shift: int
    forms: list[str | None] = field(default_factory=lambda: [None])
    answers: list[Answer | None] = field(default_factory=lambda: [None])
    keys: pl.Series = field(default_factory=lambda: pl.Series([], dtype=pl.UInt64))
    notes: dict[int, str] = field(default_factory=dict)
    bad: dict[int, BadCell] = field(default_factory=dict)
    _places: dict[str | None, int] = field(default_factory=lambda: {None: 0})

    def add(self, understood: Mapping[int, Taken | BadCell]) -> None:
        """Take note of how the texts of some codes were understood."""
        self.make_room(max(understood) + 1)
        keys = [self._key(code, taken) for code, taken in understood.items()]
        self.keys = self.keys.scatter(list(understood), pl.Series(keys, dtype=pl.UInt64))

    def make_room(self, size: int) -> None:
        """Have a key for so many codes, if only one that says that no one looked yet."""
        missing = size - len(self.keys)
        if missing > 0:
            new = pl.Series([_NEW], dtype=pl.UInt64).new_from_index(0, missing + len(self.keys))
            self.keys = pl.concat([self.keys, new])

    def _key(self, code: int, taken: Taken | BadCell) -> int:
        if isinstance(taken, BadCell):
            self.bad[code] = taken
            return BAD
        form = None if taken.answer is None else contract_form(self.attribute, taken.answer)
        if form not in self._places:
            self._places[form] = len(self.forms)
            self.forms.append(form)
            self.answers.append(taken.answer)
        if taken.note:
            self.notes[code] = f"{self.attribute.id}: {taken.note}"
        return self._places[form] << self.shift


@dataclass(frozen=True, slots=True)
class Notes:
    """What was inferred in some rows.

    Attributes:
        texts: the distinct notes, null for none.
        places: per row the place of its note among them.
    """

    texts: pl.Series
    places: pl.Series

    def whole(self) -> pl.Series:
        """Give the note of each row."""
        return self.texts.gather(self.places)


class FileAnswers:
    """The answers in a file, column by column.

    Args:
        columns: which column holds which attribute.
        attributes: what can be known.
    """

    def __init__(self, columns: Columns, attributes: Mapping[str, Attribute]) -> None:
        self._reader = RowReader(columns, attributes)
        self.columns: list[ColumnAnswers] = []
        self._bits: list[int] = []
        key, left = -1, 0
        for name, attribute in attributes.items():
            if name in columns.mapped:
                bits = _bits_of(attribute)
                if bits > left:
                    key, left = key + 1, _BITS
                left -= bits
                self.columns.append(ColumnAnswers(attribute, columns.mapped[name], key, left))
                self._bits.append(bits)
        self.key_names = [f"key{index}" for index in range(key + 1)]

    def keys(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Give the answers of a block, packed into as few whole numbers as hold them.

        Two rows have the same keys if and only if they have the same answers, in all blocks of
        the file. Where an answer is unreadable, `BAD` is set in one of them.

        Args:
            frame: the block, its columns named by their index, the mapped ones categorical.
        """
        keys = self._packed(frame)
        if keys.select(pl.any_horizontal(pl.all() >= _NEW).any()).item():
            for column in self.columns:
                self._look_at(column, frame.get_column(column_name(column.index)))
            keys = self._packed(frame)
        return keys

    def _packed(self, frame: pl.DataFrame) -> pl.DataFrame:
        parts: list[list[pl.Expr]] = [[] for _ in self.key_names]
        for column in self.columns:
            codes = pl.col(column_name(column.index)).to_physical()
            largest = frame.get_column(column_name(column.index)).to_physical().max()
            column.make_room(1 + (largest if isinstance(largest, int) else 0))
            parts[column.key].append(pl.lit(column.keys).gather(codes).fill_null(0))
        return frame.select(
            reduce(or_, some).alias(name) for name, some in zip(self.key_names, parts, strict=True)
        )

    def _look_at(self, column: ColumnAnswers, cells: pl.Series) -> None:
        """Understand the texts of a column that no one looked at yet."""
        codes = cells.to_physical()
        texts = pl.DataFrame({"code": codes, "text": cells}).unique("code").drop_nulls()
        new = texts.filter(column.keys.gather(texts.get_column("code")) >= _NEW).sort("code")
        understood = {
            code: self._reader.understood(column.index, column.attribute, text)
            for code, text in new.iter_rows()
        }
        if understood:
            column.add(understood)

    def codes(self, keys: pl.DataFrame) -> pl.DataFrame:
        """Give the answers that are in keys: per attribute the place in `forms`."""
        return keys.select(
            (pl.col(self.key_names[column.key]) // (1 << column.shift) % (1 << bits))
            .cast(pl.Int32)
            .alias(column.attribute.id)
            for column, bits in zip(self.columns, self._bits, strict=True)
        )

    def profile(self, places: Sequence[int]) -> Profile:
        """Give the profile of a row of codes."""
        answers = {
            column.attribute.id: column.answers[place]
            for column, place in zip(self.columns, places, strict=True)
        }
        return Profile({name: answer for name, answer in answers.items() if answer is not None})

    def notes(self, frame: pl.DataFrame) -> "Notes":
        """Give what was inferred, row by row."""
        noted = [column for column in self.columns if column.notes]
        numbers = frame.select(
            _number_of_note(column).alias(f"note{index}") for index, column in enumerate(noted)
        )
        if not noted:
            nothing = pl.Series("notes", [None], dtype=pl.String)
            return Notes(nothing, pl.select(pl.repeat(0, frame.height)).to_series())
        distinct, places = distinct_rows(numbers)
        return Notes(_joined(distinct, noted), places)

    def bad_cells(self, frame: pl.DataFrame) -> list[tuple[BadCell, ...]]:
        """Give for each row of a frame the cells that are no answers."""
        codes = [
            frame.get_column(column_name(column.index)).to_physical() for column in self.columns
        ]
        return [
            tuple(
                column.bad[code]
                for column, code in zip(self.columns, row, strict=True)
                if code is not None and code in column.bad
            )
            for row in zip(*codes, strict=True)
        ]


def _bits_of(attribute: Attribute) -> int:
    """Give how many bits hold any answer to an attribute, the unknown one, and no more."""
    values = len(attribute.values)
    several = attribute.kind is Kind.SET
    return min(values + 1 if several else max(values, 2).bit_length(), _BITS // 2)


def _number_of_note(column: ColumnAnswers) -> pl.Expr:
    """Give per row the number of its note among those of a column, from 1; 0 for none."""
    numbers = pl.Series([0], dtype=pl.UInt32).new_from_index(0, len(column.keys) + 1)
    numbers = numbers.scatter(list(column.notes), range(1, len(column.notes) + 1))
    codes = pl.col(column_name(column.index)).to_physical().fill_null(len(column.keys))
    return pl.lit(numbers).gather(codes)


def _joined(numbers: pl.DataFrame, noted: Sequence[ColumnAnswers]) -> pl.Series:
    """Give the notes that some numbers stand for, those of a row in one text."""
    texts = numbers.select(
        pl.lit(pl.Series([None, *column.notes.values()], dtype=pl.String))
        .gather(pl.col(f"note{index}"))
        .alias(f"text{index}")
        for index, column in enumerate(noted)
    )
    joined = pl.concat_str(pl.all(), separator="; ", ignore_nulls=True)
    some = ~pl.all_horizontal(pl.all().is_null())
    return texts.select(pl.when(some).then(joined).alias("notes")).to_series()
