"""Decides recorded profiles again, with the rules of that time, and compares byte for byte."""

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
        same: whether the result is the same, byte for byte; None if it holds no decision.
        reason: why it differs or wasn't decided.
    """

    record: Record
    same: bool | None
    reason: str = ""


class Replay:
    """Decides records again; each rule base is loaded once.

    Args:
        ledger: holds the rules.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._engines: dict[str, ExpertaEngine] = {}
        self._decisions: dict[tuple[str, Profile], bytes] = {}

    def replay(self, record: Record) -> Replayed:
        """Decide a record again."""
        case, digest = record.case, record.entry.rule_base
        if case is None or digest is None:
            erased = records.CASE in record.erased
            return Replayed(record, None, "was erased" if erased else "holds no decision")
        try:
            if digest not in self._engines:
                self._engines[digest] = ExpertaEngine(self._ledger.rule_base(digest))
        except FourwaysError as error:
            message = f"its rules can't be used: {error.problems[0].message}"
            return Replayed(record, False, message)
        engine = self._engines[digest]
        profile = records.profile_from(case["answers"], engine.base)
        if profile is None:
            return Replayed(record, False, "its rules don't know some of its answers")
        if (digest, profile) not in self._decisions:
            self._decisions[digest, profile] = records.decision_json(engine.decide(profile))
        if self._decisions[digest, profile] == canonical(case["decision"]):
            return Replayed(record, True)
        reason = "the result is different today"
        if record.entry.fourways != __version__:
            reason += f" (recorded by fourways {record.entry.fourways}, this is {__version__})"
        return Replayed(record, False, reason)
