"""Recorded decisions are decided again with the rules of their time."""

import json
from dataclasses import replace
from pathlib import Path

from fourways.ledger.canonical import canonical
from fourways.ledger.ledger import Ledger
from fourways.ledger.replay import Replay
from ledgers import decisions, fill, opened, other_decision
from replays import record_many, replayed, rules_of_today
from tampering import raw


def test_two_rule_bases_replay_in_another_process_under_other_rules(tmp_path: Path) -> None:
    record_many(tmp_path / "ledger", 40)

    code, output = replayed(tmp_path / "ledger", rules_of_today(tmp_path / "base"))

    assert output == "40 of 40 decisions are the same, byte for byte.\n"
    assert code == 0


def test_each_record_is_replayed_with_its_own_rules(ledger: Ledger) -> None:
    fill(ledger, 1)
    ledger.record("advise", other_decision())
    replay = Replay(ledger)

    results = [replay.replay(record) for record in ledger.records()]
    assert [result.same for result in results] == [True, True]
    first, second = (result.record.case or {} for result in results)
    assert first["answers"] == second["answers"]


def test_a_decision_that_the_rules_do_not_produce_differs(on_file: Ledger) -> None:
    wrong = replace(decisions()[0], trace=decisions()[0].trace[:-1])
    result = Replay(on_file).replay(on_file.get(on_file.record("advise", wrong)))

    assert result.same is False


def test_changed_rules_are_not_used(tmp_path: Path) -> None:
    with opened(tmp_path / "ledger") as ledger:
        fill(ledger, 1)
        with raw(tmp_path / "ledger") as connection:
            (text,) = connection.execute("SELECT sources FROM ledger_rule_bases").fetchone()
            sources = json.loads(text)
            sources["rules/closing.yaml"] += "\n# later"
            changed = canonical(sources).decode()
            connection.execute("UPDATE ledger_rule_bases SET sources = ?", (changed,))
        result = Replay(ledger).replay(ledger.get(1))

    assert result.same is False
    assert "were changed" in result.reason
