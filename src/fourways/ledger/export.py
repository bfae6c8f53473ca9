"""Writes records as JSON lines that other tools can check, or as a report to read."""

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
    "It is kept so that every recommendation can be accounted for: you and an auditor can see what "
    "was recommended, from which answers and by which rules, and can have it decided again. You "
    "can have it erased: fourways audit erase."
)
_KINDS = {
    "ask": "a questionnaire",
    "advise": "a recommendation",
    "batch": "a file of people",
    "batch_row": "a row of a file",
    "erase": "an erasure",
    "checkpoint": "a checkpoint",
}
_PERSONAL = {
    records.CASE: "answers and decision",
    records.CALLER: "who asked",
    records.RUN: "manifest",
}


def json_lines(ledger: Ledger, wanted: Filter) -> Iterator[str]:
    """Yield records as JSON, one a line, followed by the rules that they name.

    `hash` is the SHA-256 of `record` as canonical JSON; the commitments in it are SHA-256 over
    `salt` and `content`.
    """
    named = set()
    for record in ledger.records(wanted):
        named.add(record.entry.rule_base)
        personal = {
            name: {"content": dict(content), "salt": record.salts[name].hex()}
            for name, content in record.personal.items()
        }
        line = {"hash": record.entry.hash, "personal": personal, "record": json.loads(record.text)}
        yield canonical(line).decode()
    for digest, sources in ledger.rule_bases():
        if digest in named:
            yield canonical({"rule_base": digest, "sources": dict(sources)}).decode()


def json_text(record: Record) -> str:
    """Return a record as indented JSON."""
    personal = {name: dict(content) for name, content in record.personal.items()}
    value = {"record": json.loads(record.text), "hash": record.entry.hash, "personal": personal}
    return json.dumps(value, indent=2, ensure_ascii=False)


def report(subject: str, found: Iterable[Record]) -> Iterator[str]:
    """Yield the lines of a report for a person: what the ledger holds about them, and why."""
    found = list(found)
    yield f"We hold {len(found)} record{'' if len(found) == 1 else 's'} about '{subject}'."
    if found:
        yield ""
        yield from wrap(PURPOSE, 78)
    for record in found:
        yield ""
        yield from lines(record)


def lines(record: Record) -> Iterator[str]:
    """Yield a record as lines of text."""
    entry = record.entry
    time = f"{entry.time[:10]} {entry.time[11:19]} UTC"
    yield f"Record {entry.number}: {_KINDS.get(entry.kind, entry.kind)}, {time}"
    if records.CALLER in record.personal:
        yield f"  Asked by: {record.personal[records.CALLER]['name']}"
    if record.case is not None:
        yield from _case_lines(record.case)
    for name in record.erased:
        yield f"  Erased: {_PERSONAL.get(name, name)}"
    if entry.body:
        yield f"  {canonical(dict(entry.body)).decode()}"
    if records.RUN in record.personal:
        yield "  Manifest:"
        manifest = str(record.personal[records.RUN]["manifest"])
        yield from (f"    {line}" for line in manifest.splitlines())
    if entry.rule_base is not None:
        yield f"  Rules: {entry.rule_base}"
    yield f"  Recorded by fourways {entry.fourways}; hash {entry.hash}"


def _case_lines(case: Mapping[str, Any]) -> Iterator[str]:
    decision = case["decision"]
    yield f"  About: {case['subject'] or 'not named'}"
    if case["row"] is not None:
        yield f"  Row: {case['row']}"
    yield "  Answers:"
    yield from (f"    {name}: {_answer(answer)}" for name, answer in case["answers"].items())
    yield from (f"    note: {note}" for note in case["notes"])
    if not case["answers"]:
        yield "    none"
    yield "  Recommended:"
    for standing in decision["ranking"]:
        yield f"    {standing['path']}: {standing['in_words']}, {shown(standing['certainty'])}"
        yield from (f"      + {reason}" for reason in standing["because"])
        yield from (f"      - {reason}" for reason in standing["against"])
    if not decision["ranking"]:
        yield "    no path was supported"
    for title, texts in (("Do first", decision["actions"]), ("Watch out", decision["cautions"])):
        if texts:
            yield f"  {title}:"
            yield from (f"    {text}" for text in texts)
    yield "  Rules that fired:"
    for step in decision["trace"]:
        cites = ", ".join(step["cites"]) or "house rule"
        yield f"    {step['order']}. {step['rule']} [{cites}]"


def _answer(answer: Any) -> str:
    match answer:
        case bool():
            return "yes" if answer else "no"
        case list():
            return "; ".join(answer) or "none"
    return str(answer)
