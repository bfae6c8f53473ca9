"""What is written down: of a decision, of who asked, of a run over a file."""

from collections.abc import Iterable, Mapping
from typing import Any

from fourways.explain.justification import as_json
from fourways.ledger.canonical import canonical, members
from fourways.ledger.chain import Part, name_of_person
from fourways.model.base import RuleBase
from fourways.model.decision import Decision
from fourways.model.profile import Answer, Kind, Profile

CASE = "case"
CALLER = "caller"
RUN = "run"

_ELSEWHERE = ("fourways", "rule_base", "profile")
"""What `as_json` says of a decision and a record has in other places."""


def case(
    decided: bytes,
    profile: Profile,
    subject: str | None,
    notes: Iterable[str] = (),
    row: int | None = None,
) -> Part:
    """Give the part that tells of a person: the answers and what was decided.

    Args:
        decided: what `decided` gives for the decision.
        profile: the answers.
        subject: whom it is about, as the caller calls them; None when nobody said.
        notes: what was inferred while the answers were read.
        row: the row of the file, counted from 1, where it is one of a batch.
    """
    subject = None if subject is None else name_of_person(subject)
    content = {
        "answers": canonical(plain_answers(profile)),
        "decision": decided,
        "notes": canonical(list(notes)),
        "row": canonical(row),
        "subject": canonical(subject),
    }
    return Part(CASE, subject, members(content))


def caller(name: str) -> Part:
    """Give the part that tells who asked."""
    name = name_of_person(name)
    return Part(CALLER, name, canonical({"name": name}))


def run(manifest: str) -> Part:
    """Give the part that holds the manifest of a run, word for word."""
    return Part(RUN, None, canonical({"manifest": manifest}))


def decided(decision: Decision) -> bytes:
    """Give a decision with its trace as canonical JSON; certainties are whole hundredths."""
    data = {k: v for k, v in as_json(decision).items() if k not in _ELSEWHERE}
    return canonical(_in_hundredths(data))


def _in_hundredths(value: Any) -> Any:
    """Give the same data without floats, of which all are certainties with two decimals."""
    match value:
        case float():
            return round(value * 100)
        case dict():
            return {key: _in_hundredths(item) for key, item in value.items()}
        case list() | tuple():
            return [_in_hundredths(item) for item in value]
    return value


def plain_answers(profile: Profile) -> dict[str, Any]:
    """Give answers as plain data; sets in the order of the alphabet."""
    return {
        name: sorted(answer) if isinstance(answer, frozenset) else answer
        for name, answer in profile.items()
    }


def profile_from(answers: Mapping[str, Any], base: RuleBase) -> Profile | None:
    """Give the profile that was recorded; None where the rules do not know such answers."""
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
