"""Gives the ledger to others: JSON lines to check with other tools, a report for one person."""

import json
from collections.abc import Iterable, Iterator, Mapping
from textwrap import wrap
from typing import Any

from fourways.ledger import records
from fourways.ledger.canonical import canonical
from fourways.ledger.ledger import Ledger
from fourways.ledger.reading import Filter, Record
from fourways.model.certainty import shown

PURPOSE = (
    "It is kept so that every recommendation can be answered for: so that you and an auditor can "
    "see what was recommended, from which answers and by which rules, and can have it decided "
    "again. You can have it erased: fourways audit erase."
)


def json_lines(ledger: Ledger, wanted: Filter) -> Iterator[str]:
    """Give the records as JSON, one a line, and then the rules that they name.

    `record` is the text of which `hash` is the SHA-256; `salt` and `content` are those of which
    the record has the digest under `commitments`.
    """
    named = set()
    for record in ledger.records(wanted):
        named.add(record.entry.rule_base)
        yield canonical(
            {
                "hash": record.entry.hash,
                "personal": {
                    part: {"content": dict(record.parts[part]), "salt": record.salts[part].hex()}
                    for part in record.parts
                },
                "record": json.loads(record.text),
            }
        ).decode()
    for digest, sources in ledger.rule_bases():
        if digest in named:
            yield canonical({"rule_base": digest, "sources": dict(sources)}).decode()


def report(subject: str, held: Iterable[Record]) -> Iterator[str]:
    """Give the lines of what is held about a person, and why.

    Args:
        subject: the person, as the caller calls them.
        held: the records about them.
    """
    held = list(held)
    many = "1 record" if len(held) == 1 else f"{len(held)} records"
    yield f"What is held about '{subject}': {many}."
    if held:
        yield ""
        yield from wrap(PURPOSE, 78)
    for record in held:
        yield ""
        yield from lines(record)


def lines(record: Record) -> Iterator[str]:
    """Give a record in readable lines."""
    entry = record.entry
    yield f"Record {entry.number}: {_KINDS.get(entry.kind, entry.kind)}, {_time(entry.time)}"
    if records.CALLER in record.parts:
        yield f"  Asked by: {record.parts[records.CALLER]['name']}"
    case = record.case
    if case is not None:
        yield from _case(case)
    for name in record.erased:
        yield f"  Erased: {_PARTS.get(name, name)}"
    if entry.body:
        yield f"  {canonical(dict(entry.body)).decode()}"
    if records.RUN in record.parts:
        yield "  Manifest:"
        manifest = str(record.parts[records.RUN]["manifest"])
        yield from (f"    {line}" for line in manifest.splitlines())
    if entry.rule_base is not None:
        yield f"  Rules: {entry.rule_base}"
    yield f"  Recorded by fourways {entry.fourways}; hash {entry.hash}"


_KINDS = {
    "ask": "a questionnaire",
    "advise": "a recommendation",
    "batch": "a file of people",
    "batch_row": "a row of a file",
    "erase": "an erasure",
    "checkpoint": "a checkpoint",
}
_PARTS = {
    records.CASE: "answers and decision",
    records.CALLER: "who asked",
    records.RUN: "manifest",
}


def _time(time: str) -> str:
    return f"{time[:10]} {time[11:19]} UTC"


def _case(case: Mapping[str, Any]) -> Iterator[str]:
    decision = case["decision"]
    yield f"  About: {case['subject'] or 'somebody without a name'}"
    if case["row"] is not None:
        yield f"  Row: {case['row']}"
    yield "  Answers:"
    for name, answer in case["answers"].items():
        yield f"    {name}: {_answer(answer)}"
    for note in case["notes"]:
        yield f"    note: {note}"
    if not case["answers"]:
        yield "    none"
    yield "  Recommended:"
    for standing in decision["ranking"]:
        yield f"    {standing['path']}: {standing['in_words']}, {shown(standing['certainty'])}"
        yield from (f"      + {because}" for because in standing["because"])
        yield from (f"      - {against}" for against in standing["against"])
    if not decision["ranking"]:
        yield "    no path was supported"
    for title, said in (("To do", decision["actions"]), ("To mind", decision["cautions"])):
        if said:
            yield f"  {title}:"
            yield from (f"    {text}" for text in said)
    yield "  Rules that took part:"
    for step in decision["trace"]:
        sources = ", ".join(step["cites"]) or "rule of the house"
        yield f"    {step['order']}. {step['rule']} [{sources}]"


def _answer(answer: Any) -> str:
    match answer:
        case bool():
            return "yes" if answer else "no"
        case list():
            return "; ".join(answer) or "none"
    return str(answer)
