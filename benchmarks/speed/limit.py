"""The limit: copying a file with the reader and writer that fourways has, and no rules.

    python -m benchmarks.speed.limit IN OUT [--added BYTES]

Every column is text, as for whoever passes it through. With --added, each row gets a constant
column of so many bytes: a copy that writes as much as a run with text columns does.
"""

import argparse
from pathlib import Path

import polars as pl


def copy(source: Path, target: Path, added: int = 0) -> None:
    """Copy a CSV or Parquet file, streaming.

    Args:
        source: the file.
        target: where to.
        added: bytes of a constant column, with its separator; none where there are none.
    """
    if source.suffix == ".parquet":
        pl.scan_parquet(source).sink_parquet(target)
        return
    # A row with a field too many would end the copy; it loses that field here, and is no row less.
    frame = pl.scan_csv(source, infer_schema=False, truncate_ragged_lines=True)
    if added:
        frame = frame.with_columns(pl.lit("x" * (added - 1)).alias("added"))
    frame.sink_csv(target)


def main() -> None:
    """Copy a file."""
    parser = argparse.ArgumentParser(description="Copy a file without any rules.")
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--added", type=int, default=0, metavar="BYTES")
    options = parser.parse_args()
    copy(options.source, options.target, options.added)


if __name__ == "__main__":
    main()
