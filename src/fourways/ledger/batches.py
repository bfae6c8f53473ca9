"""Records a batch run: its manifest and, if wanted, a record for every person."""

from collections.abc import Iterable
from dataclasses import dataclass

from fourways.engines.experta_engine import ExpertaEngine
from fourways.errors import InputError, Problem
from fourways.ledger import records
from fourways.ledger.chain import Draft, Personal
from fourways.ledger.ledger import Ledger
from fourways.model.base import RuleBase
from fourways.model.profile import Profile

_CHUNK = 500
"""People inserted at a time."""


@dataclass(frozen=True, slots=True)
class BatchPerson:
    """A row of a batch to be recorded.

    Attributes:
        row: its number in the results, from 1.
        profile: the answers.
        subject: the person's name or number, if known.
    """

    row: int
    profile: Profile
    subject: str | None = None


def record_batch(
    ledger: Ledger,
    base: RuleBase,
    manifest: str,
    people: Iterable[BatchPerson] = (),
    by: str | None = None,
) -> tuple[int, int]:
    """Record a batch run and its people; either all of it is recorded or nothing.

    Args:
        ledger: the ledger.
        base: the rules of the run.
        manifest: the text of the run's manifest.
        people: those whose rows become records of their own.
        by: the person who ran it.

    Returns:
        The number of the run's record, and the number of people recorded.

    Raises:
        LedgerError: nothing was recorded.
        InputError: a subject isn't a valid name; nothing was recorded.
    """
    people = list(people)
    # Decided before the transaction, which keeps other writers waiting.
    engine = ExpertaEngine(base)
    decisions = {
        profile: records.decision_json(engine.decide(profile))
        for profile in {person.profile: None for person in people}
    }
    callers = (records.caller(by),) if by else ()
    body = {"rows": bool(people)}
    run = Draft("batch", (records.run(manifest), *callers), base.digest, body)
    with ledger.database.writing() as connection:
        (number,) = ledger.append([run], base, connection)
        for first in range(0, len(people), _CHUNK):
            drafts = [
                Draft("batch_row", (_case(person, decisions),), base.digest, {"batch": number})
                for person in people[first : first + _CHUNK]
            ]
            ledger.append(drafts, connection=connection)
    return number, len(people)


def _case(person: BatchPerson, decisions: dict[Profile, bytes]) -> Personal:
    decision = decisions[person.profile]
    try:
        return records.case(decision, person.profile, person.subject, row=person.row)
    except InputError as error:
        raise InputError(
            *(Problem(f"row {person.row}: {one.message}", hint=one.hint) for one in error.problems)
        ) from None
