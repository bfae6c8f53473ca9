"""People are read from any common file, and what was detected is told."""

import gzip
import io
import json
from collections.abc import Sequence
from pathlib import Path
from random import Random

import polars as pl
import pytest

from fourways.errors import InputError
from fourways.intake.blocks import Block
from fourways.intake.detected import ReadingOptions
from fourways.intake.people import People, open_people, records_of
from fourways.intake.table import MAX_LINE, BadRow, Row

TEXT = "id;role\r\n1;Büroleitung €\r\n2;Chef\r\n"
CELLS = [("1", "Büroleitung €"), ("2", "Chef")]


def people(data: bytes, name: str = "in.csv", **options: str) -> People:
    known = {"id", "role"}
    return open_people(
        io.BytesIO(data), name, lambda header: len(known & {*header}), ReadingOptions(**options)
    )


def cells(read: People) -> list[tuple[str, ...]]:
    return [record.cells for record in records_of(read) if isinstance(record, Row)]


def bad(read: People) -> list[tuple[int, str]]:
    return [(one.line, one.problem) for one in records_of(read) if isinstance(one, BadRow)]


# ------------------------------------------------------------------------- encoding


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8 with a byte order mark"),
        ("utf-16", "UTF-16 (little-endian) with a byte order mark"),
        ("utf-16-le", "UTF-16 (little-endian)"),
        ("utf-16-be", "UTF-16 (big-endian)"),
        ("utf-32", "UTF-32 (little-endian) with a byte order mark"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_the_encoding_is_found_out_and_told(encoding: str, told: str) -> None:
    read = people(TEXT.encode(encoding))

    assert cells(read) == CELLS
    assert str(read.detected) == f"{told}, cells parted by a semicolon"


def test_utf_16_of_another_alphabet_is_known_by_its_parting_characters() -> None:
    read = people("id,role\n1,Руководитель\n2,Менеджер\n".encode("utf-16-le"))

    assert cells(read) == [("1", "Руководитель"), ("2", "Менеджер")]


def test_the_first_umlaut_may_come_megabytes_below() -> None:
    data = b"id,role\n" + b"1,Chef\n" * 400_000 + "2,Büro\n".encode("cp1252")
    read = people(data)

    assert cells(read)[-1] == ("2", "Büro")
    assert read.detected.encoding == "Windows-1252"


def test_a_few_bad_bytes_do_not_turn_utf_8_into_something_else() -> None:
    read = people(b"id,role\n1,caf\xe9\n" + "2,café\n".encode() * 20)

    assert bad(read) == [(2, "not UTF-8: 0xE9 at byte 6 of the line")]
    assert read.records == 21


def test_bytes_that_are_in_neither_encoding_are_rejected() -> None:
    read = people(b"id,role\n1,x\x81\n2,Chef\n")

    assert bad(read) == [(2, "not UTF-8: 0x81 at byte 4 of the line")]
    assert read.detected.encoding == "UTF-8"


def test_a_file_of_two_encodings_is_refused_rather_than_misread() -> None:
    data = b"id,role\n" + b"1,\xe9\n" * 300_000 + "2,é\n".encode() * 400_000

    with pytest.raises(InputError, match=r"begins like Windows-1252 and goes on like UTF-8"):
        cells(people(data))


def test_the_encoding_that_is_said_goes_over_what_it_looks_like() -> None:
    read = people("id,role\n1,日本\n".encode("shift_jis"), encoding="shift_jis")

    assert cells(read) == [("1", "日本")]


def test_half_a_character_of_utf_16_condemns_its_row_only() -> None:
    data = "id,role\n1,a".encode("utf-16") + b"\x00\xd8" + "\n2,b\n3,c".encode("utf-16-le") + b"c"
    read = people(data)

    assert bad(read) == [
        (2, "not UTF-16 (little-endian): the character 4 of the line"),
        (4, "not UTF-16 (little-endian): the character 4 of the line"),
    ]


@pytest.mark.parametrize("name", ["nonsense", "base64", "unicode_escape", "a\0b"])
def test_what_is_no_encoding_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="is no known encoding"):
        ReadingOptions(encoding=name)


# -------------------------------------------------------------------------- dialect


def test_lines_that_end_with_a_carriage_return_alone_are_lines() -> None:
    read = people(b"id|role\r1|a\r2|b\r")

    assert [(one.line, one.number) for one in records_of(read)] == [(2, 1), (3, 2)]
    assert read.detected.phrases == (
        "UTF-8",
        "cells parted by a pipe",
        "lines ended by a carriage return alone",
    )


def test_a_first_line_that_tells_a_spreadsheet_the_sign_is_no_header() -> None:
    read = people(b"sep=|\r\nid|role\r\n1|a\r\n")

    assert read.header == ("id", "role")
    assert [one.line for one in records_of(read)] == [3]


def test_where_names_say_nothing_the_rows_tell_what_parts_the_cells() -> None:
    read = people(b"Name, first;Post, now, or last\nAda;Chef\nBob;Clerk\n")

    assert read.header == ("Name, first", "Post, now, or last")


@pytest.mark.parametrize(
    ("said", "sign"), [("pipe", "|"), ("tab", "\t"), ("^", "^"), ("\\t", "\t")]
)
def test_what_parts_the_cells_can_be_said(said: str, sign: str) -> None:
    read = people(f"id{sign}role,x\n1{sign}a\n".encode(), delimiter=said)

    assert read.header == ("id", "role,x")
    assert cells(read) == [("1", "a")]


@pytest.mark.parametrize("said", ["", "::", '"', "\n", "ü"])
def test_what_cannot_part_cells_is_refused(said: str) -> None:
    with pytest.raises(InputError, match="cannot part cells"):
        ReadingOptions(delimiter=said)


def test_a_header_of_very_many_columns_is_refused_at_once() -> None:
    with pytest.raises(InputError, match="100,000 columns"):
        people(",".join(map(str, range(100_000))).encode())


def test_an_option_that_does_not_go_with_the_format_is_refused() -> None:
    with pytest.raises(InputError, match="--sheet does not go with CSV"):
        people(b"id,role\n", sheet="People")


# ----------------------------------------------------------------------------- gzip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_a_packed_file_is_known_by_its_first_bytes(encoding: str) -> None:
    packed = gzip.compress(TEXT.encode(encoding))
    read = people(packed, "-")

    assert cells(read) == CELLS
    assert read.detected.packed
    assert read.bytes_read == len(packed)


def test_a_file_packed_in_parts_is_read_as_one() -> None:
    assert cells(people(gzip.compress(b"id,role\n1,a\n") + gzip.compress(b"2,b\n"))) == [
        ("1", "a"),
        ("2", "b"),
    ]


PACKED = gzip.compress(Random(3).randbytes(300).hex().encode() + b"\n1\n" * 9, mtime=0)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (PACKED[:-4], "ends early"),
        (PACKED[: len(PACKED) // 2], "ends early"),
        (PACKED[:-6] + bytes([PACKED[-6] ^ 1]) + PACKED[-5:], "is damaged"),
        (PACKED[:60] + b"\xff" * 60 + PACKED[120:], "is damaged"),
        (PACKED + b"more", "is followed by something else"),
    ],
    ids=["no-end", "half", "one-bit", "sixty-bytes", "more"],
)
def test_damage_to_a_packed_file_is_told(data: bytes, problem: str) -> None:
    with pytest.raises(InputError, match=f"in.csv: the compressed data {problem}"):
        cells(people(data))


def test_a_file_that_unpacks_to_very_much_is_never_held() -> None:
    class Held(io.BytesIO):
        """A file that tells how much of it is asked for at once."""

        most = 0

        def read(self, size: int | None = -1, /) -> bytes:
            Held.most = max(Held.most, size or 0)
            return super().read(size)

    data = gzip.compress(b"id,role\n" + b"0" * (64 << 20) + b"\n1,a\n")
    read = open_people(Held(data), "in.csv", lambda _: 0)

    assert bad(read) == [(2, "the line is over 1 MB")]
    assert read.records == 2
    assert Held.most <= 64 << 10


# ----------------------------------------------------------------------- JSON lines


def json_lines(*objects: object, tail: bytes = b"") -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in objects) + tail


def test_the_values_of_json_become_the_texts_of_the_contract() -> None:
    read = people(
        json_lines(
            {"id": 250.0, "role": "Chef", "set": ["a", "b"], "yes": True, "none": []},
            {"id": 2.5, "role": None, "other": {"a": "b"}, "set": ["a", None], "yes": False},
        )
    )

    assert read.header == ("id", "role", "set", "yes", "none", "other")
    assert cells(read) == [
        ("250", "Chef", "a;b", "true", "none", ""),
        ("2.5", "", "a", "false", "", '{"a":"b"}'),
    ]
    assert str(read.detected) == "JSON lines, UTF-8"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"[1]", "no JSON object"),
        (b"nope", "no JSON: Expecting value at character 1"),
        (b'{"id":1', "no JSON: Expecting ',' delimiter at character 8"),
        (b'{"id":1,"id":2}', "a key that comes twice: 'id'"),
        (b'{"id":"\\ud800"}', "half of a character, written with \\u"),
        (b'{"id":"a\\u0000"}', "a NUL character"),
        (b'{"id":"\xff"}', "not UTF-8: at byte 8 of the line"),
        (b"[" * 100_000, "no JSON: nested too deeply"),
        (b'{"id":"' + b"x" * 200_000 + b'"}', "a field of more than 131,072 characters"),
        (b'{"id":"' + b"x" * MAX_LINE + b'"}', "the line is over 1 MB"),
    ],
)
def test_a_line_that_cannot_be_read_is_told_and_the_others_are_served(
    line: bytes, problem: str
) -> None:
    data = b'{"id":1}\n\n' + line + b'\r\n{"id":2}'

    assert bad(people(data, "in.jsonl")) == [(3, problem)]
    read = people(data, "in.jsonl")
    assert cells(read) == [("1",), ("2",)]
    assert (read.records, read.empty_lines) == (3, 1)


def test_a_key_that_comes_too_late_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fourways.intake.jsonlines.NAMES_FROM", 20)
    data = json_lines({"id": 1}, {"id": 2}, {"id": 3, "late": None}, {"id": 4, "late": "x"})

    ((line, problem),) = bad(people(data))

    assert line == 4
    assert problem.endswith("'late'")


@pytest.mark.parametrize("indent", [None, 1])
def test_one_json_document_is_no_json_lines(indent: int | None) -> None:
    with pytest.raises(InputError, match="one JSON document, not JSON lines"):
        people(json.dumps([{"id": 1}], indent=indent).encode())


def test_json_lines_in_utf_16_are_known() -> None:
    assert cells(people('{"id":"é"}\n'.encode("utf-16"))) == [("é",)]


# ---------------------------------------------------------------------- block sizes


def blocks(data: bytes, size: int, name: str) -> list[Block]:
    return list(people(data, name).blocks([1], size))


@pytest.mark.parametrize("size", [1, 30, 100, 1 << 20])
@pytest.mark.parametrize("form", ["csv", "utf-16", "jsonl", "parquet"])
def test_the_size_of_a_block_changes_no_record(size: int, form: str) -> None:
    rows: Sequence[dict[str, str]] = [{"id": str(n), "role": f"r{n % 3}ü"} for n in range(50)]
    buffer = io.BytesIO()
    pl.DataFrame(rows).write_parquet(buffer)
    text = "id,role\n" + "".join(f"{row['id']},{row['role']}\n" for row in rows)
    data = {
        "csv": text.encode(),
        "utf-16": text.encode("utf-16"),
        "jsonl": json_lines(*rows),
        "parquet": buffer.getvalue(),
    }[form]

    found = blocks(data, size, "in")

    assert [row for block in found for row in block.frame.cast(pl.String).iter_rows()] == [
        tuple(row.values()) for row in rows
    ]
    assert sum(block.records for block in found) == 50


def test_the_digest_is_of_the_bytes_as_they_are_stored(tmp_path: Path) -> None:
    from hashlib import sha256

    for data in (TEXT.encode("utf-16"), gzip.compress(TEXT.encode()), json_lines({"id": 1})):
        read = people(data)
        list(records_of(read))

        assert read.digest == sha256(data).hexdigest()
        assert read.bytes_read == len(data)
