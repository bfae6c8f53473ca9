"""What is on record comes out again, by the rules of its day."""

import json
from pathlib import Path

from fourways.ledger.canonical import canonical
from fourways.ledger.ledger import Ledger
from fourways.ledger.replay import Replay
from ledgers import decisions, fill, opened, other_decision
from replays import record_many, replayed, rules_of_today
from tampering import raw


def test_decisions_of_two_days_replay_in_another_process_under_other_rules(tmp_path: Path) -> None:
    record_many(tmp_path / "ledger", 40)

    code, said = replayed(tmp_path / "ledger", rules_of_today(tmp_path / "base"))

    assert said == "40 of 40 decisions are the same, byte for byte.\n"
    assert code == 0


def test_the_rules_of_the_day_count(ledger: Ledger) -> None:
    fill(ledger, 1)
    ledger.record("advise", other_decision())
    again = Replay(ledger)

    first, second = (again.again(record) for record in ledger.records())
    assert first.same
    assert second.same
    assert first.record.case is not None
    assert second.record.case is not None
    assert first.record.case["answers"] == second.record.case["answers"]


def test_a_decision_that_the_rules_do_not_give_is_told(tmp_path: Path) -> None:
    from dataclasses import replace

    wrong = replace(decisions()[0], trace=decisions()[0].trace[:-1])
    with opened(tmp_path / "ledger") as ledger:
        result = Replay(ledger).again(ledger.get(ledger.record("advise", wrong)))

    assert result.same is False


def test_rules_that_were_changed_are_told_and_not_used(tmp_path: Path) -> None:
    with opened(tmp_path / "ledger") as ledger:
        fill(ledger, 1)
        with raw(tmp_path / "ledger") as connection:
            (text,) = connection.execute("SELECT sources FROM ledger_rule_bases").fetchone()
            sources = json.loads(text)
            sources["rules/closing.yaml"] += "\n# later"
            connection.execute(
                "UPDATE ledger_rule_bases SET sources = ?", (canonical(sources).decode(),)
            )
        result = Replay(ledger).again(ledger.get(1))

    assert result.same is False
    assert "were changed" in result.says
