"""The personal data of records: a decision, who asked for it, and the manifest of a run."""

from collections.abc import Iterable, Mapping
from typing import Any

from fourways.explain.justification import as_json
from fourways.ledger.canonical import canonical, canonical_object
from fourways.ledger.chain import Personal, person_name
from fourways.model.base import RuleBase
from fourways.model.decision import Decision
from fourways.model.profile import Answer, Kind, Profile

CASE = "case"
CALLER = "caller"
RUN = "run"

_STORED_ELSEWHERE = ("fourways", "rule_base", "profile")
"""Members of `as_json` that a record holds elsewhere."""


def case(
    decision: bytes,
    profile: Profile,
    subject: str | None,
    notes: Iterable[str] = (),
    row: int | None = None,
) -> Personal:
    """Return the answers and the decision about a person.

    Args:
        decision: as `decision_json` returns it.
        profile: the answers.
        subject: the person's name or number, if known.
        notes: what was inferred while the answers were read.
        row: the row of a batch's results, from 1.
    """
    subject = None if subject is None else person_name(subject)
    content = {
        "answers": canonical(plain_answers(profile)),
        "decision": decision,
        "notes": canonical(list(notes)),
        "row": canonical(row),
        "subject": canonical(subject),
    }
    return Personal(CASE, subject, canonical_object(content))


def caller(name: str) -> Personal:
    """Return the name of the person who asked."""
    name = person_name(name)
    return Personal(CALLER, name, canonical({"name": name}))


def run(manifest: str) -> Personal:
    """Return the manifest of a run, verbatim."""
    return Personal(RUN, None, canonical({"manifest": manifest}))


def decision_json(decision: Decision) -> bytes:
    """Return a decision with its trace as canonical JSON; certainties are whole hundredths."""
    data = {k: v for k, v in as_json(decision).items() if k not in _STORED_ELSEWHERE}
    return canonical(_in_hundredths(data))


def _in_hundredths(value: Any) -> Any:
    """Return the same data without floats, all of which are certainties with two decimals."""
    match value:
        case float():
            return round(value * 100)
        case dict():
            return {key: _in_hundredths(item) for key, item in value.items()}
        case list() | tuple():
            return [_in_hundredths(item) for item in value]
    return value


def plain_answers(profile: Profile) -> dict[str, Any]:
    """Return answers as plain data, with sets sorted."""
    return {
        name: sorted(answer) if isinstance(answer, frozenset) else answer
        for name, answer in profile.items()
    }


def profile_from(answers: Mapping[str, Any], base: RuleBase) -> Profile | None:
    """Return the recorded profile; None if an answer isn't valid under these rules."""
    read: dict[str, Answer] = {}
    for name, answer in answers.items():
        attribute = base.attributes.get(name)
        if attribute is None:
            return None
        known = attribute.by_id
        match attribute.kind, answer:
            case Kind.SET, list() if all(isinstance(m, str) and m in known for m in answer):
                read[name] = frozenset(answer)
            case Kind.YES_NO, bool():
                read[name] = answer
            case Kind.SCALE | Kind.CHOICE | Kind.ROLE, str() if answer in known:
                read[name] = answer
            case _:
                return None
    return Profile(read)
