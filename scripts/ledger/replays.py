"""Records decisions of two rule bases, and replays them in another process.

python scripts/ledger/replays.py --count 10000
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "ledger"))

from fourways.engines.experta_engine import ExpertaEngine
from fourways.ledger import records
from fourways.ledger.chain import Draft
from fourways.rulebase import load_builtin
from ledgers import opened, other_base
from random_profiles import random_profiles

CHUNK = 20


def record_many(file: Path, count: int) -> None:
    """Record decisions about random profiles, with two rule bases in turn."""
    profiles = random_profiles(load_builtin(), count, seed=count)
    engines = [ExpertaEngine(load_builtin()), ExpertaEngine(other_base())]
    with opened(file) as ledger:
        for first in range(0, count, CHUNK):
            engine = engines[(first // CHUNK) % 2]
            drafts = []
            for index in range(first, min(first + CHUNK, count)):
                decision = engine.decide(profiles[index])
                decided = records.decision_json(decision)
                case = records.case(decided, decision.profile, f"subject-{index}")
                drafts.append(Draft("advise", (case,), engine.base.digest))
            ledger.append(drafts, engine.base)


def replayed(file: Path, own_rules: Path) -> tuple[int, str]:
    """Replay everything in another process with other current rules."""
    ran = subprocess.run(
        [sys.executable, "-c", "from fourways.cli import main; main()",
         "audit", "replay", "--all", "--ledger", str(file)],
        env={"FOURWAYS_BASE": str(own_rules), "PYTHONHASHSEED": "7", "HOME": str(file.parent)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return ran.returncode, ran.stdout + ran.stderr


def rules_of_today(folder: Path) -> Path:
    """Write rules that differ from those on record."""
    for name, text in load_builtin().sources.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("because: >-", "because: >-\n    Nowadays,", 1))
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    count = parser.parse_args().count
    with TemporaryDirectory() as name:
        folder, start = Path(name), time.monotonic()
        record_many(folder / "ledger", count)
        recorded = time.monotonic() - start
        code, output = replayed(folder / "ledger", rules_of_today(folder / "base"))
        seconds = time.monotonic() - start - recorded
        size = (folder / "ledger").stat().st_size / 1e6
        print(output.strip(), f"({code})", json.dumps({
            "recorded_s": round(recorded), "replayed_s": round(seconds), "MB": round(size)
        }))  # fmt: skip


if __name__ == "__main__":
    main()
