"""From the texts in a column to answers: each distinct text is understood once per file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from fourways.engines.columnar import contract_form
from fourways.intake.answers import Taken
from fourways.intake.columns import BadCell, Columns, RowReader
from fourways.model.profile import Answer, Attribute, Profile

UNREADABLE = -1
"""The code of a text that is no answer."""


@dataclass(slots=True)
class ColumnAnswers:
    """What the texts of one column were understood as.

    Attributes:
        attribute: what the column holds.
        index: of the column.
        forms: the distinct answers in contract form, the unknown one first.
        answers: the same as values.
        codes: index into `forms` by the code of the text; -1 where it is no answer.
        notes: by the code of the text, what was inferred.
        bad: by the code of the text, why it is no answer.
    """

    attribute: Attribute
    index: int
    forms: list[str | None] = field(default_factory=lambda: [None])
    answers: list[Answer | None] = field(default_factory=lambda: [None])
    codes: list[int] = field(default_factory=list)
    notes: dict[int, str] = field(default_factory=dict)
    bad: dict[int, BadCell] = field(default_factory=dict)
    _places: dict[str | None, int] = field(default_factory=lambda: {None: 0})

    def add(self, code: int, taken: Taken | BadCell) -> None:
        """Take note of how the text of a code was understood."""
        self.codes.extend([0] * (code + 1 - len(self.codes)))
        if isinstance(taken, BadCell):
            self.codes[code] = UNREADABLE
            self.bad[code] = taken
            return
        form = None if taken.answer is None else contract_form(self.attribute, taken.answer)
        if form not in self._places:
            self._places[form] = len(self.forms)
            self.forms.append(form)
            self.answers.append(taken.answer)
        self.codes[code] = self._places[form]
        if taken.note:
            self.notes[code] = f"{self.attribute.id}: {taken.note}"


class FileAnswers:
    """The answers in a file, column by column.

    Args:
        columns: which column holds which attribute.
        attributes: what can be known.
    """

    def __init__(self, columns: Columns, attributes: Mapping[str, Attribute]) -> None:
        self._reader = RowReader(columns, attributes)
        self.columns = [
            ColumnAnswers(attribute, columns.mapped[name])
            for name, attribute in attributes.items()
            if name in columns.mapped
        ]
        self._seen: list[set[int]] = [set() for _ in self.columns]

    def codes(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Give the answers of a block: per attribute the place in `forms`, -1 where unreadable.

        Args:
            frame: the block, its columns named by their index, the mapped ones categorical.
        """
        series = []
        for column, seen in zip(self.columns, self._seen, strict=True):
            cells = frame.to_series(column.index)
            physical = cells.to_physical()
            new = pl.DataFrame({"code": physical, "text": cells}).unique("code").drop_nulls()
            for code, text in new.filter(~pl.col("code").is_in(seen)).iter_rows():
                column.add(code, self._reader.understood(column.index, column.attribute, text))
                seen.add(code)
            known = pl.Series(column.codes, dtype=pl.Int32)
            places = (
                known.gather(physical.fill_null(0)) if column.codes else physical.cast(pl.Int32)
            )
            places = pl.select(pl.when(cells.is_not_null()).then(places).otherwise(0)).to_series()
            series.append(places.alias(column.attribute.id))
        return pl.DataFrame(series)

    def profile(self, places: Sequence[int]) -> Profile:
        """Give the profile of a row of codes."""
        answers = {
            column.attribute.id: column.answers[place]
            for column, place in zip(self.columns, places, strict=True)
        }
        return Profile({name: answer for name, answer in answers.items() if answer is not None})

    def notes(self, frame: pl.DataFrame) -> pl.Series:
        """Give what was inferred, row by row; null where nothing was."""
        noted = []
        for column in self.columns:
            if column.notes:
                texts = pl.Series(
                    [column.notes.get(c) for c in range(len(column.codes))], dtype=pl.String
                )
                noted.append(texts.gather(frame.to_series(column.index).to_physical()))
        if not noted:
            return pl.Series([None], dtype=pl.String).new_from_index(0, frame.height)
        named = pl.DataFrame([s.alias(str(i)) for i, s in enumerate(noted)])
        joined = pl.concat_str(pl.all(), separator="; ", ignore_nulls=True)
        return named.select(
            pl.when(~pl.all_horizontal(pl.all().is_null())).then(joined)
        ).to_series()

    def bad_cells(self, frame: pl.DataFrame, row: int) -> tuple[BadCell, ...]:
        """Give the cells of a row that are no answers."""
        codes = (frame.to_series(column.index).to_physical()[row] for column in self.columns)
        return tuple(
            column.bad[code]
            for column, code in zip(self.columns, codes, strict=True)
            if code is not None and code in column.bad
        )
