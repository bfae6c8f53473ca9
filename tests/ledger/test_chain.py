"""Records are linked, and the chain holds nothing personal."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from fourways.errors import InputError, LedgerError
from fourways.ledger import records
from fourways.ledger.canonical import canonical, commitment, digest
from fourways.ledger.chain import START, Draft
from fourways.ledger.ledger import Ledger
from fourways.ledger.reading import Filter
from fourways.ledger.verify import verify
from ledgers import decisions, fill, opened, other_decision


def test_each_record_has_the_hash_of_the_one_before(ledger: Ledger) -> None:
    fill(ledger, 4)

    found = list(ledger.records())
    assert [record.entry.number for record in found] == [1, 2, 3, 4]
    hashes = [START, *(digest(record.text.encode()) for record in found)]
    assert [record.entry.previous for record in found] == hashes[:-1]
    assert [record.entry.hash for record in found] == hashes[1:]
    assert canonical(json.loads(found[0].text)).decode() == found[0].text


def test_the_chain_holds_only_salted_commitments_to_personal_data(ledger: Ledger) -> None:
    for _ in range(2):
        ledger.record("ask", decisions()[0], "emp 7", "the caller")

    record, again = ledger.records()
    for name, committed in record.entry.commitments.items():
        content = canonical(dict(record.personal[name]))
        assert len(record.salts[name]) == 32
        assert commitment(record.salts[name], content) == committed
        assert digest(content) not in record.text
        assert committed != again.entry.commitments[name]
    assert "emp 7" not in record.text
    assert "the caller" not in record.text


def test_a_record_has_answers_decision_trace_and_rules(ledger: Ledger) -> None:
    decision = next(d for d in decisions() if d.ranking)
    record = ledger.get(ledger.record("advise", decision, "emp7", "hr", ["a note"]))

    assert record.case is not None
    assert record.case["subject"] == "emp7"
    assert record.case["answers"] == records.plain_answers(decision.profile)
    assert record.case["notes"] == ["a note"]
    trace = [step["rule"] for step in record.case["decision"]["trace"]]
    assert trace == [firing.rule.id for firing in decision.trace]
    best = record.case["decision"]["ranking"][0]
    assert best["certainty"] == decision.ranking[0].certainty
    assert isinstance(best["certainty"], int)
    assert record.entry.rule_base == decision.base.digest
    assert record.personal["caller"] == {"name": "hr"}


def test_rules_are_stored_once_and_can_be_loaded_again(ledger: Ledger) -> None:
    fill(ledger, 2)
    ledger.record("advise", other_decision())

    bases = {decisions()[0].base.digest, other_decision().base.digest}
    assert {digest for digest, _ in ledger.rule_bases()} == bases
    assert ledger.rule_base(other_decision().base.digest) == other_decision().base


def test_records_added_together_are_all_added_or_none(ledger: Ledger) -> None:
    fill(ledger, 1)
    caller = records.caller("one")

    with pytest.raises(LedgerError):
        ledger.append([Draft("ask"), Draft("ask", (caller, caller))])

    assert ledger.head().count == 1
    assert verify(ledger.database).intact


def test_records_are_found_by_subject_path_rule_kind_and_time(ledger: Ledger) -> None:
    fill(ledger, 8)
    decision = next(d for d in decisions() if d.recommendation)
    rule = decision.trace[-1].rule.id
    now = datetime.fromisoformat(ledger.get(5).entry.time)

    def numbers(**wanted: object) -> list[int]:
        return [r.entry.number for r in ledger.records(Filter(**wanted))]  # type: ignore[arg-type]

    expected = list(enumerate(decisions(), start=1))
    assert numbers(subject="subject-3") == [4]
    assert numbers(since=now) == [5, 6, 7, 8]
    assert numbers(until=now) == [1, 2, 3, 4]
    assert numbers(since=now, until=now + timedelta(seconds=1)) == [5]
    best = decision.recommendation
    assert numbers(path=best) == [n for n, d in expected if d.recommendation == best]
    assert numbers(rule=rule) == [n for n, d in expected if rule in {f.rule.id for f in d.trace}]
    assert numbers(kind="ask") == []


@pytest.mark.parametrize("wanted", ["%", "_", 'x","y', "subject-1' OR 1=1"])
def test_sql_in_a_filter_has_no_effect(ledger: Ledger, wanted: str) -> None:
    fill(ledger, 1)

    assert not list(ledger.records(Filter(rule=wanted)))
    assert not list(ledger.records(Filter(subject=wanted)))


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 201, "\x00", "\ud800"])
def test_an_invalid_name_is_refused(on_file: Ledger, name: str) -> None:
    with pytest.raises(InputError):
        on_file.record("ask", decisions()[0], name)

    assert on_file.head().count == 0


def test_the_time_is_in_utc(address: str) -> None:
    with opened(address) as ledger:
        ledger._clock = lambda: datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
        fill(ledger, 1)

        assert ledger.get(1).entry.time == "2026-03-01T12:30:00.000+00:00"


def test_a_missing_record_is_reported_with_those_that_exist(ledger: Ledger) -> None:
    fill(ledger, 2)

    with pytest.raises(LedgerError, match=r"no record 3[.] Its records are 1 to 2"):
        ledger.get(3)
