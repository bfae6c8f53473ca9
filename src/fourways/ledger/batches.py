"""Puts a batch run on record: its manifest, and every row where that is wanted."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from fourways.audit import ResultsAudit
from fourways.batch.contract import manifest_path, plain
from fourways.batch.manifest import read_manifest
from fourways.engines.experta_engine import ExpertaEngine
from fourways.errors import InputError, LedgerError, Problem, did_you_mean
from fourways.intake.people import open_people, records_of
from fourways.intake.table import Row
from fourways.ledger import records
from fourways.ledger.chain import Draft, Part
from fourways.ledger.ledger import Ledger
from fourways.model.base import RuleBase
from fourways.model.profile import Profile

CHUNK = 200
"""Rows that are added at a time; nobody else writes meanwhile."""


def record_run(
    ledger: Ledger,
    base: RuleBase,
    results: Path,
    by: str | None = None,
    rows: bool = False,
    subjects: str | None = None,
) -> tuple[int, int]:
    """Put a run that has ended on record.

    Args:
        ledger: the ledger.
        base: the rules by which was decided.
        results: the results that `batch` wrote; the manifest is beside them.
        by: who asked.
        rows: whether every row becomes a record of its own.
        subjects: the column that says whom a row is about.

    Returns:
        The number of the run's record, and how many rows were recorded.

    Raises:
        InputError: the files are not as the run left them.
        LedgerError: it could not be recorded.
    """
    try:
        manifest = manifest_path(results).read_text(encoding="utf-8")
    except (OSError, ValueError):
        raise InputError(Problem(f"{results}: its manifest cannot be read")) from None
    cases = _cases(results, base, subjects) if rows else iter(())
    # What is wrong with the file shows before anything is recorded.
    chunk = list(islice(cases, CHUNK))
    asked = (records.caller(by),) if by else ()
    draft = Draft("batch", (records.run(manifest), *asked), base.digest, {"rows": rows})
    (number,) = ledger.append([draft], base)
    count = 0
    while chunk:
        try:
            drafts = [Draft("batch_row", (case,), base.digest, {"batch": number}) for case in chunk]
            count += len(ledger.append(drafts))
            chunk = list(islice(cases, CHUNK))
        except (InputError, LedgerError) as error:
            done = f"the run is record {number}, and the first {count} of its rows are recorded"
            raise LedgerError(*error.problems, done) from None
    return number, count


def _cases(results: Path, base: RuleBase, subjects: str | None) -> Iterator[Part]:
    engine = ExpertaEngine(base)
    decided: dict[Profile, bytes] = {}
    with results.open("rb") as one, results.open("rb") as other:
        audit = ResultsAudit(one, str(results), base, engine, read_manifest(manifest_path(results)))
        header = audit.columns.header
        if subjects is not None and subjects not in header:
            hint = did_you_mean(subjects, header)
            raise InputError(Problem(f"there is no column '{subjects}'", hint=hint))
        people = open_people(other, str(results), lambda names: len({*names} & {*header}))
        for cells, row in zip(records_of(people), audit.rows(), strict=True):
            if row.decision is None or not row.holds or not isinstance(cells, Row):
                raise InputError(Problem(f"{results}: row {row.number} is not what the rules give"))
            subject = plain(cells.cells[header.index(subjects)]) if subjects else ""
            profile = row.decision.profile
            if profile not in decided:
                decided[profile] = records.decided(row.decision)
            yield records.case(decided[profile], profile, subject.strip() or None, (), row.number)
