"""A file written past the system's cache holds what was written, whatever its size and system."""

import os
import random
from collections.abc import Callable
from errno import EINVAL, ENOSPC
from pathlib import Path

import pytest

from fourways.batch.direct import DirectFile

SIZES = [0, 1, 4095, 4096, 4097, 1 << 20, (1 << 20) + 1, 5_000_000]


def opened(path: Path, size: int = 0) -> DirectFile:
    return DirectFile(os.open(path, os.O_RDWR | os.O_CREAT), size)


@pytest.mark.parametrize("size", SIZES)
def test_what_was_written_is_there_after_each_flush(tmp_path: Path, size: int) -> None:
    data, path = random.Random(size).randbytes(size), tmp_path / "file"
    file = opened(path)
    for start in range(0, size, 300_000):
        file.write(data[start : start + 300_000])
        if start % 900_000 == 0:
            file.flush()
            assert path.read_bytes() == data[: start + 300_000]
    file.flush()
    file.close()

    assert path.read_bytes() == data


@pytest.mark.parametrize("before", SIZES)
def test_a_file_is_gone_on_with_where_it_ended(tmp_path: Path, before: int) -> None:
    data, path = random.Random(before).randbytes(before + 3_000_000), tmp_path / "file"
    path.write_bytes(data[:before])

    file = opened(path, before)
    file.write(memoryview(data)[before:])
    file.flush()
    file.close()

    assert path.read_bytes() == data


def test_a_system_that_takes_the_wish_and_not_the_bytes_gets_them_by_way_of_its_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fcntl = pytest.importorskip("fcntl")
    write, refused = os.write, []

    def strict(handle: int, data: bytes) -> int:
        if fcntl.fcntl(handle, fcntl.F_GETFL) & getattr(os, "O_DIRECT", 0):
            refused.append(len(data))
            raise OSError(EINVAL, "Invalid argument")
        return write(handle, data)

    monkeypatch.setattr("os.write", strict)
    data, path = random.Random(1).randbytes(2_500_000), tmp_path / "file"
    file = opened(path)
    file.write(data)
    file.flush()
    file.close()

    assert path.read_bytes() == data
    assert set(refused) <= {1 << 20}, "what fills no buffer goes by way of the cache"


def failing(write: Callable[[int, bytes], int]) -> Callable[[int, bytes], int]:
    """Write 1.5 MB, and then say that the disk is full."""
    left = [1_500_000]

    def one(handle: int, data: bytes) -> int:
        if not left[0]:
            raise OSError(ENOSPC, "No space left on device")
        written = write(handle, memoryview(data)[: left[0]])
        left[0] -= written
        return written

    return one


def test_a_full_disk_is_told_though_a_thread_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.write", failing(os.write))
    file = opened(tmp_path / "file")
    with pytest.raises(OSError, match="No space"):
        file.write(bytes(7_000_000))
    file.close()
    file.close()


def test_what_was_flushed_stays_when_a_later_write_fails_and_the_next_would_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, path = random.Random(2).randbytes(5_000), tmp_path / "file"
    file = opened(path)
    file.write(data)
    file.flush()
    write, failed = os.write, []

    def once(handle: int, rest: bytes) -> int:
        if not failed:
            failed.append(len(rest))
            raise OSError(ENOSPC, "No space left on device")
        return write(handle, rest)

    monkeypatch.setattr("os.write", once)
    with pytest.raises(OSError, match="No space"):
        file.write(bytes(4_000_000))
    with pytest.raises(OSError, match="No space"):
        file.flush()
    file.close()

    assert path.read_bytes() == data
