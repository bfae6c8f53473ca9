"""Measures one peer on the first profiles of a file, and asserts that it agrees.

    python -m benchmarks.speed.peers NAME FOLDER [--profiles N]

Prints how many profiles were decided in how many seconds: only the deciding is timed.
"""

import argparse
import json
from itertools import islice
from pathlib import Path
from time import perf_counter

from benchmarks.speed.outcomes import assert_agreement, outcome, read_expected
from benchmarks.speed.peers import PEERS
from fourways.rulebase import load_builtin


def main() -> None:
    """Measure a peer."""
    parser = argparse.ArgumentParser(description="Measure another rule engine.")
    parser.add_argument("name", choices=PEERS)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--profiles", type=int, default=None)
    options = parser.parse_args()
    base = load_builtin()
    peer = PEERS[options.name](base)
    expected = dict(islice(read_expected(options.folder).items(), options.profiles))
    asked = peer.prepared([profile for profile, _ in expected.values()])
    started = perf_counter()
    decided = peer.run(asked)
    seconds = perf_counter() - started
    given = {
        who: outcome(base, *peer.answered(one))
        for who, one in zip(expected, decided, strict=True)
    }  # fmt: skip
    agreed = assert_agreement({who: out for who, (_, out) in expected.items()}, given)
    print(json.dumps({"rows": len(asked), "seconds": seconds, "agreed": agreed}))


if __name__ == "__main__":
    main()
