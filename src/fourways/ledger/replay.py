"""Decides again what is on record, by the rules of its day, and compares byte for byte."""

from dataclasses import dataclass

from fourways import __version__
from fourways.engines.experta_engine import ExpertaEngine
from fourways.errors import FourwaysError
from fourways.ledger import records
from fourways.ledger.canonical import canonical
from fourways.ledger.ledger import Ledger
from fourways.ledger.reading import Record
from fourways.model.profile import Profile


@dataclass(frozen=True, slots=True)
class Replayed:
    """A record that was decided again.

    Attributes:
        record: the record.
        same: whether the same came out, byte for byte; None where there was nothing to decide.
        says: why nothing was decided, or what differs.
    """

    record: Record
    same: bool | None
    says: str = ""


class Replay:
    """Decides again; the rules of a day are loaded once.

    Args:
        ledger: gives the rules.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._engines: dict[str, ExpertaEngine] = {}
        self._decided: dict[tuple[str, Profile], bytes] = {}

    def again(self, record: Record) -> Replayed:
        """Decide a record again.

        Raises:
            LedgerError: its rules are missing or changed.
        """
        case, digest = record.case, record.entry.rule_base
        if case is None or digest is None:
            erased = records.CASE in record.erased
            return Replayed(record, None, "was erased" if erased else "holds no decision")
        try:
            engine = self._engine(digest)
        except FourwaysError as error:
            return Replayed(record, False, f"its rules cannot be used: {error.problems[0].message}")
        profile = records.profile_from(case["answers"], engine.base)
        if profile is None:
            return Replayed(record, False, "its answers are none that its rules know")
        if (digest, profile) not in self._decided:
            self._decided[digest, profile] = records.decided(engine.decide(profile))
        if self._decided[digest, profile] == canonical(case["decision"]):
            return Replayed(record, True)
        return Replayed(record, False, _difference(record))

    def _engine(self, digest: str) -> ExpertaEngine:
        if digest not in self._engines:
            self._engines[digest] = ExpertaEngine(self._ledger.rule_base(digest))
        return self._engines[digest]


def _difference(record: Record) -> str:
    says = "something else comes out today"
    if record.entry.fourways != __version__:
        says += f"; it was recorded by fourways {record.entry.fourways}, and this is {__version__}"
    return says
