"""Texts in columns as whole numbers: each distinct text has its own, in all blocks of a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import polars as pl

from fourways.compiled import as_array
from fourways.intake.scanning import FREE, Codes, Known, number

_TEXTS = 1 << 10


def column_name(index: int) -> str:
    """Give the name of a column of a block."""
    return f"{index}"


class Coded(Protocol):
    """Columns of texts as numbers."""

    @property
    def height(self) -> int:
        """How many rows."""
        ...

    def codes(self, column: int) -> Codes:
        """Give the numbers of the texts of a column, by its index; -1 where there is none."""
        ...

    def texts(self, column: int, codes: Codes) -> list[str]:
        """Give the texts that some numbers of a column stand for; one may be empty."""
        ...

    @property
    def lasting(self) -> object:
        """What is to be kept as long as numbers shall mean the same in later blocks."""
        ...


@dataclass(frozen=True, slots=True)
class InFrame:
    """The categorical columns of a frame, named by their index."""

    frame: pl.DataFrame

    @property
    def height(self) -> int:
        """How many rows."""
        return self.frame.height

    def codes(self, column: int) -> Codes:
        """Give the numbers of the texts of a column, by its index; -1 where there is none."""
        codes = self.frame.get_column(column_name(column)).to_physical()
        return codes.cast(pl.Int32).fill_null(-1).to_numpy()

    def texts(self, column: int, codes: Codes) -> list[str]:
        """Give the texts that some numbers of a column stand for."""
        cells = self.frame.get_column(column_name(column)).drop_nulls().unique()
        by_code = dict(zip(cells.to_physical(), cells, strict=True))
        return [by_code[code] for code in codes.tolist()]

    @property
    def lasting(self) -> object:
        """Columns without rows: when no column is left, Polars gives the numbers anew."""
        return self.frame.clear()


@dataclass(frozen=True, slots=True)
class InLines:
    """Some columns of lines of a file, by their index."""

    columns: Mapping[int, Codes]
    height: int
    lasting: "Texts"

    def codes(self, column: int) -> Codes:
        """Give the numbers of the texts of a column, by its index."""
        return self.columns[column]

    def texts(self, column: int, codes: Codes) -> list[str]:  # noqa: ARG002
        """Give the texts that some numbers of a column stand for; one may be empty."""
        return [self.lasting.text(code) for code in codes.tolist()]


class Texts:
    """The distinct texts of a file, numbered from 0 as they come.

    One thread may number texts while another looks up what has a number already.

    Attributes:
        known: those that have a number.
    """

    def __init__(self) -> None:
        self.known = Known(
            np.empty(_TEXTS * 16, dtype=np.uint8),
            np.zeros(_TEXTS + 1, dtype=np.int64),
            np.full(_TEXTS * 2, FREE, dtype=np.int32),
            0,
        )

    def codes(self, rows: Sequence[Sequence[bytes]], width: int) -> Codes:
        """Number the cells of rows, with the quotes around them.

        Args:
            rows: so many cells each.
            width: how many.

        Returns:
            a row for each column, with a number for each row.
        """
        cells = [cell for row in rows for cell in row]
        codes = np.empty((width, len(rows)), dtype=np.int32)
        ends = np.cumsum([0, *map(len, cells)], dtype=np.int32)
        bounds = np.repeat(ends, 2)[1:-1]
        odd = np.zeros(len(rows), dtype=np.bool_)
        self.known = number(as_array(b"".join(cells)), bounds, odd, codes, 0, self.known)
        return codes

    def text(self, code: int) -> str:
        """Give the text that has a number in some row, without the quotes around it."""
        known = self.known
        text = known.data[known.ends[code] : known.ends[code + 1]].tobytes().decode()
        return text[1:-1].replace('""', '"') if text.startswith('"') else text
