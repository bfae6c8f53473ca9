"""Derives the rows of a results file again from their input columns, and compares."""

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
    """A cell that is not what the rules give."""

    column: str
    in_file: str
    derived: str


@dataclass(frozen=True, slots=True)
class AuditedRow:
    """A row of the results, derived again.

    Attributes:
        number: of the row, from 1, and `line` where it starts in the file.
        decision: what the rules give; None where the row cannot be read.
        differences: the cells that differ.
        problems: why it cannot be read.
    """

    number: int
    line: int
    decision: Decision | None
    differences: tuple[Difference, ...] = ()
    problems: tuple[BadCell, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the file holds what the rules give."""
        return not self.differences and not self.problems


class ResultsAudit:
    """A results file that is audited.

    Args:
        source: the file, in bytes.
        name: how messages name it.
        base: the rules of today.
        engine: derives the rows again.
        manifest: what is known of the run, where there is a manifest.
        own: column to attribute, over what the manifest or the names of the columns say.
        reading: how the file is written, where its bytes do not say it.

    Attributes:
        columns: those that came from the input, and which of them are read.

    Raises:
        InputError: it is no results file, or its columns cannot be found.
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
        self._engine = engine
        self._name = name
        self._table = open_people(
            source, name, lambda header: len({*header} & {*RESULT_COLUMNS}), reading
        )
        width = input_width(self._table.header)
        if width is None:
            raise InputError(_no_results(self._table.header, name))
        header = tuple(plain(column) for column in self._table.header[:width])
        if manifest and not own:
            self.columns = _as_recorded(header, manifest.columns, base, name)
        else:
            self.columns = map_columns(header, base.attributes, own)
        self._reader = RowReader(self.columns, base.attributes)
        self._written = results_among(self._table.header)
        self._repairs = Repairs(base)
        self._decided: dict[Profile, tuple[Decision, Mapping[str, str]]] = {}

    def rows(self) -> Iterator[AuditedRow]:
        """Give every row, derived again."""
        return (self._audited(record) for record in records_of(self._table))

    def row(self, number: int) -> AuditedRow:
        """Give one row, derived again.

        Raises:
            InputError: the file has no row of that number.
        """
        count = 0
        for record in records_of(self._table):
            count = record.number
            if count == number:
                return self._audited(record)
        raise InputError(
            Problem(f"{self._name} has no row {number}", hint=f"Its rows are 1 to {count}.")
        )

    def row_of(self, value: str, column: str | None = None) -> AuditedRow:
        """Give the one row that has a value in a column, derived again.

        Args:
            value: what the cell holds.
            column: its name; by default the first column that is only passed through.

        Raises:
            InputError: there is no such column, no such row, or more than one.
        """
        header = self.columns.header
        column = column or next((name for name in self.columns.passed if name), None)
        if column is None:
            raise InputError(
                Problem("no column identifies the rows", hint="Name one with --id-column.")
            )
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
            return self._audited(found[0])
        if not found:
            raise InputError(
                Problem(
                    f"no row has '{value}' in column '{column}'",
                    hint="Name another column with --id-column, or the row with --row.",
                )
            )
        numbers = ", ".join(str(record.number) for record in found[:10])
        more = ", ..." if len(found) > 10 else ""
        raise InputError(
            Problem(
                f"{len(found)} rows have '{value}' in column '{column}': {numbers}{more}",
                hint="Name one with --row.",
            )
        )

    @property
    def digest(self) -> str:
        """SHA-256 of what was read; of the whole file, once every row was."""
        return self._table.digest

    def _audited(self, record: Row | BadRow) -> AuditedRow:
        if isinstance(record, BadRow):
            problem = BadCell("", record.text, record.problem, record.suggestion)
            return AuditedRow(record.number, record.line, None, problems=(problem,))
        held = tuple(plain(cell) for cell in record.cells)
        width = len(self.columns.header)
        row = self._reader.read(held[:width])
        if row.bad:
            return AuditedRow(record.number, record.line, None, problems=row.bad)
        decision, derived = self._derived(row.profile)
        notes = row.notes if decision.ranking else (*row.notes, NOT_ENOUGH)
        every = {**derived, RESULT_COLUMNS[-1]: noted(notes)}
        written = (every[name] for name in self._written)
        compared = zip(self._table.header[width:], held[width:], written, strict=True)
        differences = tuple(Difference(*cell) for cell in compared if cell[1] != cell[2])
        return AuditedRow(record.number, record.line, decision, differences)

    def _derived(self, profile: Profile) -> tuple[Decision, Mapping[str, str]]:
        if profile not in self._decided:
            decision = self._engine.decide(profile)
            self._decided[profile] = (decision, cells(decision, self._written, self._repairs))
        return self._decided[profile]


def _as_recorded(
    header: tuple[str, ...], recorded: Mapping[str, str], base: RuleBase, name: str
) -> Columns:
    """Give the columns as the manifest says that they were read."""
    problems = [
        Problem(f"the manifest says that column '{column}' was read, and {name} has none")
        for column in recorded
        if column not in header
    ] + [
        Problem(f"the manifest says that '{attribute}' was read, which these rules do not know")
        for attribute in recorded.values()
        if attribute not in base.attributes
    ]
    if problems:
        raise InputError(*problems)
    return Columns(header, {a: header.index(column) for column, a in recorded.items()})


def _no_results(header: tuple[str, ...], name: str) -> Problem:
    needed = [column for column in RESULT_COLUMNS if column not in TEXT_COLUMNS]
    missing = [column for column in needed if column not in header]
    if missing:
        problem = f"this is no results file: it has no column {', '.join(missing)}"
    else:
        problem = "this is no results file: the result columns are not its last ones, in order"
    return Problem(problem, Location(name, 1, 1), "Name the file that `fourways batch` wrote.")
