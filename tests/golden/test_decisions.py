"""Digests of decisions: the same people get the same recommendations, and the same sentences."""

import hashlib
import json
import runpy
from itertools import islice
from pathlib import Path

import polars as pl
from goldens import ROOT, Fourways, Golden

STORED = Path(__file__).with_name("decisions.json")
MANY = 100_000
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "decisions_digest.py"))


def digests(results: Path) -> dict[str, str]:
    frame = pl.read_csv(results, infer_schema=False)
    found = {"rows": str(frame.height)}
    for name in ("DECISION", "SENTENCES"):
        digest = hashlib.sha256()
        SCRIPT["add"](frame, SCRIPT[name], digest)
        found[name.lower()] = digest.hexdigest()
    return found


def test_people_get_the_decisions_and_sentences_on_record(
    fourways: Fourways, golden: Golden, tmp_path: Path
) -> None:
    made_up = tmp_path / "made_up.csv"
    SCRIPT["frame_of"](islice(SCRIPT["people"](MANY, seed=2), MANY)).write_csv(made_up)
    found = {}
    for source in (*sorted((ROOT / "examples").glob("*.csv")), made_up):
        results = tmp_path / f"{source.stem}.results.csv"
        assert fourways("batch", str(source), "-o", str(results), "-q").exit_code == 0
        found[source.name] = digests(results)

    golden(STORED, json.dumps(found, indent=2) + "\n")
