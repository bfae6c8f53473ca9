"""What the deciding alone costs: nothing read and nothing written while it is timed.

    python -m benchmarks.speed.inmemory frame|blocks FOLDER --rows N

`frame` is `fourways.evaluate_frame` on a Polars frame with all answers; `blocks` is what a file
is decided by, block by block, each distinct profile once. Both without text columns. Prints how
many rows were decided in how many seconds.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl


def frame(folder: Path, rows: int) -> tuple[int, float]:
    """Time `evaluate_frame`.

    Returns:
        How many rows were decided, and the seconds that it took.
    """
    import fourways

    answers = pl.read_parquet(folder / "answers.parquet").head(rows)
    # The rules are loaded, and Polars has started its threads.
    fourways.evaluate_frame(answers.head(1), texts=False)
    started = perf_counter()
    decided = fourways.evaluate_frame(answers, texts=False)
    return decided.height, perf_counter() - started


def blocks(folder: Path, rows: int) -> tuple[int, float]:
    """Time the decider of files on the blocks of a file.

    Returns:
        How many rows were decided, and the seconds that it took.
    """
    from fourways.answers.columns import count_recognized, map_columns
    from fourways.batch.answers import BAD, FileAnswers
    from fourways.batch.blocks import BlockDecider
    from fourways.batch.contract import written_columns
    from fourways.batch.formats import Delimited
    from fourways.batch.memory import Whole
    from fourways.batch.parts import DECIDED_TOGETHER
    from fourways.intake.people import open_people
    from fourways.rulebase import load_builtin

    base = load_builtin()
    with (folder / "people.csv").open("rb") as source:
        people = open_people(
            source, "people.csv", lambda names: count_recognized(names, base.attributes)
        )
        columns = map_columns(people.header, base.attributes)
        answers = FileAnswers(columns, base.attributes)
        asked: list[Whole] = []
        for block in people.blocks(sorted(columns.mapped.values()), as_lines=True):
            keys = answers.keys(block.coded)
            asked.append(keys[:, np.all(keys < BAD, axis=0)])
            if sum(one.shape[1] for one in asked) >= rows:
                break
    together = [
        np.concatenate(asked[start : start + DECIDED_TOGETHER], axis=1)
        for start in range(0, len(asked), DECIDED_TOGETHER)
    ]
    wanted = written_columns(texts=False)[:-1]
    # What is compiled or made once in a process is there.
    BlockDecider(base, answers, wanted, (), Delimited().cells).decide(asked[0][:, :1])
    decider = BlockDecider(base, answers, wanted, (), Delimited().cells)
    started = perf_counter()
    decided = [decider.decide(keys) for keys in together]
    took = perf_counter() - started
    return sum(len(one.found.numbers) for one in decided), took


WAYS: dict[str, Callable[[Path, int], tuple[int, float]]] = {"frame": frame, "blocks": blocks}


def main() -> None:
    """Time one way, and print it."""
    parser = argparse.ArgumentParser(description="Time the deciding alone.")
    parser.add_argument("way", choices=WAYS)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, required=True)
    options = parser.parse_args()
    rows, seconds = WAYS[options.way](options.folder, options.rows)
    print(json.dumps({"rows": rows, "seconds": seconds}))


if __name__ == "__main__":
    main()
