"""Decides the rows of a results file again from their input columns, and compares."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from fourways.answers.columns import BadCell, Columns, RowReader, map_columns
from fourways.batch.contract import (
    NOT_ENOUGH,
    RESULT_COLUMNS,
    TEXT_COLUMNS,
    cells,
    input_width,
    noted,
    plain,
    results_among,
)
from fourways.batch.manifest import Manifest
from fourways.errors import InputError, Location, Problem, did_you_mean
from fourways.explain.repairs import Repairs
from fourways.intake.detected import ReadingOptions
from fourways.intake.people import open_people, records_of
from fourways.intake.table import BadRow, Row
from fourways.model.base import RuleBase
from fourways.model.decision import Decision, Engine
from fourways.model.profile import Profile


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that differs from what the rules produce."""

    column: str
    in_file: str
    derived: str


@dataclass(frozen=True, slots=True)
class AuditedRow:
    """A row of the results, decided again.

    Attributes:
        number: the number of the row, from 1.
        line: the line where it starts.
        inputs: its cells that came from the input.
        decision: what the rules produce; None if the row can't be read.
        differences: the cells that differ.
        problems: why it can't be read.
    """

    number: int
    line: int
    inputs: tuple[str, ...] = ()
    decision: Decision | None = None
    differences: tuple[Difference, ...] = ()
    problems: tuple[BadCell, ...] = ()

    @property
    def matches(self) -> bool:
        """Whether the row is what the rules produce."""
        return not self.differences and not self.problems


class ResultsAudit:
    """Decides the rows of a results file again.

    Args:
        source: the file, in bytes.
        name: its name in messages.
        base: the current rules.
        engine: decides the rows.
        manifest: the manifest of the run, if there is one; also an attribute.
        own: the attribute of each column; overrides the manifest and the headings.
        reading: the format of the file, as far as it isn't detected.

    Attributes:
        columns: those that came from the input, and which of them are read.

    Raises:
        InputError: it isn't a results file, or none of its columns can be read.
    """

    def __init__(
        self,
        source: BinaryIO,
        name: str,
        base: RuleBase,
        engine: Engine,
        manifest: Manifest | None = None,
        own: Mapping[str, str] | None = None,
        reading: ReadingOptions | None = None,
    ) -> None:
        self.manifest = manifest
        self._engine = engine
        self._name = name
        self._table = open_people(
            source, name, lambda header: len({*header} & {*RESULT_COLUMNS}), reading
        )
        width = input_width(self._table.header)
        if width is None:
            raise InputError(_not_results(self._table.header, name))
        header = tuple(plain(column) for column in self._table.header[:width])
        if manifest and not own:
            self.columns = _recorded_columns(header, manifest.columns, base, name)
        else:
            self.columns = map_columns(header, base.attributes, own)
        self._reader = RowReader(self.columns, base.attributes)
        self._written = results_among(self._table.header)
        self._repairs = Repairs(base)
        self._decided: dict[Profile, tuple[Decision, dict[str, str]]] = {}

    @property
    def digest(self) -> str:
        """SHA-256 of what has been read; of the whole file once every row has been."""
        return self._table.digest

    def rows(self) -> Iterator[AuditedRow]:
        """Yield every row, decided again."""
        return map(self._audit, records_of(self._table))

    def row(self, number: int) -> AuditedRow:
        """Return one row, decided again.

        Raises:
            InputError: the file doesn't have this row.
        """
        count = 0
        for record in records_of(self._table):
            count = record.number
            if count == number:
                return self._audit(record)
        hint = f"Its rows are 1 to {count}." if count else "It has no rows."
        raise InputError(Problem(f"{self._name} has no row {number}", hint=hint))

    def row_of(self, value: str, column: str | None = None) -> AuditedRow:
        """Return the only row with a value in a column, decided again.

        Args:
            value: the text of the cell.
            column: the column; by default the first that isn't read.

        Raises:
            InputError: there is no such column, no such row, or more than one.
        """
        header = self.columns.header
        column = column or next((name for name in self.columns.passed if name), None)
        if column is None:
            hint = "Name one with --id-column."
            raise InputError(Problem("no column identifies the rows", hint=hint))
        if column not in header:
            hint = did_you_mean(column, header) or f"The file has {', '.join(header)}."
            raise InputError(Problem(f"{self._name} has no column '{column}'", hint=hint))
        index = header.index(column)
        found = [
            record
            for record in records_of(self._table)
            if isinstance(record, Row) and plain(record.cells[index]).strip() == value.strip()
        ]
        if len(found) == 1:
            return self._audit(found[0])
        if not found:
            problem = f"no row has '{value}' in column '{column}'"
            hint = "Name another column with --id-column, or the row with --row."
            raise InputError(Problem(problem, hint=hint))
        numbers = ", ".join(str(record.number) for record in found[:10])
        more = ", ..." if len(found) > 10 else ""
        problem = f"{len(found)} rows have '{value}' in column '{column}': {numbers}{more}"
        raise InputError(Problem(problem, hint="Name one with --row."))

    def _audit(self, record: Row | BadRow) -> AuditedRow:
        if isinstance(record, BadRow):
            problem = BadCell("", record.text, record.problem, record.suggestion)
            return AuditedRow(record.number, record.line, problems=(problem,))
        row = tuple(plain(cell) for cell in record.cells)
        width = len(self.columns.header)
        read = self._reader.read(row[:width])
        if read.bad:
            return AuditedRow(record.number, record.line, row[:width], problems=read.bad)
        if read.profile not in self._decided:
            decision = self._engine.decide(read.profile)
            texts = cells(decision, self._written, self._repairs)
            self._decided[read.profile] = (decision, texts)
        decision, texts = self._decided[read.profile]
        notes = read.notes if decision.ranking else (*read.notes, NOT_ENOUGH)
        expected = {**texts, RESULT_COLUMNS[-1]: noted(notes)}
        compared = zip(self._table.header[width:], row[width:], self._written, strict=True)
        differences = tuple(
            Difference(heading, cell, expected[name])
            for heading, cell, name in compared
            if cell != expected[name]
        )
        return AuditedRow(record.number, record.line, row[:width], decision, differences)


def _recorded_columns(
    header: tuple[str, ...], recorded: Mapping[str, str], base: RuleBase, name: str
) -> Columns:
    """Return the columns that the manifest says were read."""
    problems = [
        Problem(f"the manifest says that column '{column}' was read, but {name} doesn't have it")
        for column in recorded
        if column not in header
    ] + [
        Problem(f"the manifest says that '{attribute}' was read, but these rules don't know it")
        for attribute in recorded.values()
        if attribute not in base.attributes
    ]
    if problems:
        raise InputError(*problems)
    return Columns(header, {a: header.index(column) for column, a in recorded.items()})


def _not_results(header: tuple[str, ...], name: str) -> Problem:
    missing = [c for c in RESULT_COLUMNS if c not in TEXT_COLUMNS and c not in header]
    problem = "this isn't a results file: the result columns must be the last ones, in order"
    if missing:
        problem = f"this isn't a results file: it has no column {', '.join(missing)}"
    return Problem(problem, Location(name, 1, 1), "Name the file that `fourways batch` wrote.")
