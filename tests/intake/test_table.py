"""Reading CSV files record by record: nothing vanishes, damage stays where it is."""

import csv
import io
from collections.abc import Sequence

import pytest

from fourways.errors import InputError
from fourways.intake.table import MAX_LINE, BadRow, Row, Table


def table(data: str | bytes, known: Sequence[str] = ()) -> Table:
    raw = data if isinstance(data, bytes) else data.encode()
    return Table(io.BytesIO(raw), "people.csv", lambda header: len({*header} & {*known}))


def rows(data: str | bytes) -> list[Row | BadRow]:
    return list(table(data))


def cells(data: str | bytes) -> list[tuple[str, ...]]:
    return [row.cells for row in rows(data) if isinstance(row, Row)]


def bad(data: str | bytes) -> list[tuple[int, str]]:
    return [(row.line, row.problem) for row in rows(data) if isinstance(row, BadRow)]


UNCLOSED = "a quote is opened and not closed"
STRAY = "a stray quote after one that was not closed"

WELL_FORMED = {
    "plain": "a,b,c\n1,2,3\n4,5,6\n",
    "no line end at the end": "a,b\n1,2",
    "carriage returns": "a,b\r\n1,2\r\n3,4\r\n",
    "empty fields": 'a,b,c\n1,"",""\n,,\n',
    "a comma in quotes": 'a,b\n"x, y",2\n',
    "quotes in quotes": 'a,b\n1,"say ""hi"" twice"\n',
    "only quotes": 'a,b\n"""",""""""\n',
    "line breaks in quotes": 'a,b,c\n"one \nline",5,6\n7,8,9\n',
    "line breaks and quotes": 'a,b\n1,"ha \n""ha"" \nha"\n3,4\n',
    "carriage returns in quotes": 'a,b\r\n1,"one\r\ntwo"\r\n',
    "a quoted header": '"a","b c"\n1,2\n',
    "a line break in the header": '"a\nx",b\n1,2\n',
    "JSON": 'k,v\n1,"{""type"": ""Point"", ""at"": [102.0, 0.5]}"\n',
    "inches": "a,b\n5'10\" tall,2\n",
    "other alphabets": "a,b\nж,ʤ\n٢,😀\n",
    "line separators that end no line": "a,b\nx\u2028y,p\x0cq\n",
}


@pytest.mark.parametrize("data", WELL_FORMED.values(), ids=WELL_FORMED)
def test_a_well_formed_file_is_read_as_pythons_own_parser_reads_it(data: str) -> None:
    expected = list(csv.reader(io.StringIO(data, newline="")))

    assert [list(row) for row in cells(data)] == expected[1:]
    assert list(table(data).header) == expected[0]


def test_a_byte_order_mark_is_no_part_of_the_first_name() -> None:
    read = table(b"\xef\xbb\xbfid,role\n1,x\n")

    assert read.header == ("id", "role")
    assert read.dialect.bom


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_the_parting_character_is_the_one_of_the_header(sign: str) -> None:
    read = table(f"id{sign}role\n1{sign}x\n")

    assert read.dialect.delimiter == sign
    assert read.header == ("id", "role")


def test_names_that_mean_something_decide_what_parts_the_cells() -> None:
    read = table("id;name, first, last;role\n1;x;y\n", known=["id", "role"])

    assert read.header == ("id", "name, first, last", "role")


def test_the_line_of_a_record_is_the_one_where_it_starts() -> None:
    found = rows('a,b\n1,"x\ny\nz"\n3,4\n')

    assert [(row.number, row.line) for row in found] == [(1, 2), (2, 5)]


def test_empty_lines_are_no_records_and_are_counted() -> None:
    read = table("a,b\n\n1,2\n\r\n3,4\n\n")

    assert len(list(read)) == 2
    assert read.empty_lines == 3


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"1,2,3,4", "too many fields: 4 where the header has 3"),
        (b"1,2", "too few fields: 2 where the header has 3"),
        (b"1,\0,3", "a NUL character"),
        (b"1,caf\xe9,3", "not UTF-8: 0xE9 at byte 6 of the line"),
        (b'1,"x"y,3', "a text goes on after its closing quote"),
        (b"1,x\ry,3", "a line break that ends no line"),
        (b'1,"x",y\rz', "a line break that ends no line"),
        (b"1," + b"x" * MAX_LINE + b",3", "the line is over 1 MB"),
        (b'1,"' + b"x" * 200_000 + b'",3', "a field of more than 131,072 characters"),
    ],
)
def test_a_damaged_line_is_told_and_the_others_are_served(line: bytes, problem: str) -> None:
    data = b"a,b,c\n1,1,1\n" + line + b"\n2,2,2\n"

    assert cells(data) == [("1", "1", "1"), ("2", "2", "2")]
    assert bad(data) == [(3, problem)]


def test_a_damaged_line_in_a_quoted_text_condemns_its_record_only() -> None:
    data = b'a,b\n1,"x\ncaf\xe9\ny"\n3,4\n'

    assert cells(data) == [("3", "4")]
    assert bad(data) == [(2, "not UTF-8: 0xE9 at byte 4 of the line")]


def test_a_quote_never_closed_does_not_swallow_the_rest_of_the_file() -> None:
    rest = [(str(n), "x", "y") for n in range(5000)]
    data = 'a,b,c\n1,"x,y\n' + "".join(f"{','.join(row)}\n" for row in rest)

    assert cells(data) == rest
    assert bad(data) == [(2, UNCLOSED)]


def test_a_quote_never_closed_on_the_last_line_is_told() -> None:
    assert bad('a,b\n1,2\n3,"x\n') == [(3, UNCLOSED)]


def test_a_quote_never_closed_ends_before_rows_that_are_quoted() -> None:
    data = 'a,b,c\n1,"x,y\n2,x,y\n3,"x","say ""hi"""\n4,x,y\n'

    assert cells(data) == [("2", "x", "y"), ("3", "x", 'say "hi"'), ("4", "x", "y")]
    assert bad(data) == [(2, UNCLOSED)]


def test_a_quoted_text_that_ends_far_below_does_not_join_what_were_rows() -> None:
    data = 'a,b,c\n1,"x,y\n2,x,y\n3,x,y\n4,z",y\n5,x,y\n'

    assert cells(data) == [("2", "x", "y"), ("3", "x", "y"), ("5", "x", "y")]
    assert bad(data) == [(2, UNCLOSED), (5, STRAY)]


def test_rows_joined_by_two_stray_quotes_in_the_last_column_are_taken_apart() -> None:
    data = 'a,b,c\n1,x,"y\n2,x,y\n3,x,y"\n4,x,y\n'

    assert cells(data) == [("2", "x", "y"), ("4", "x", "y")]
    assert bad(data) == [(2, UNCLOSED), (4, STRAY)]


def test_a_long_text_with_line_breaks_and_commas_is_one_record() -> None:
    letter = "Dear all,\nthank you, and see you soon,\nyours"

    assert cells(f'a,b,c\n1,"{letter}",3\n4,5,6\n') == [("1", letter, "3"), ("4", "5", "6")]


def test_a_record_over_several_lines_with_a_field_too_many_is_one_reject() -> None:
    assert bad('a,b\n1,"x\ny",3\n4,5\n') == [(2, "too many fields: 3 where the header has 2")]


def test_what_follows_a_damaged_quote_and_is_no_whole_row_is_told_too() -> None:
    data = 'a,b\n1,"x\n"y" and z"\n3,4\n'

    assert cells(data) == [("3", "4")]
    assert [line for line, _ in bad(data)] == [2, 3]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b"\n\n1,2\n", "the first line is no header"),
        (b'a,"b\n1,2\n', "a quote in the header is not closed"),
        (b"a,caf\xe9\n1,2\n", "not UTF-8: byte 0xE9 in the header"),
        (b"a,b\r1,2\r", "lines end with a carriage return alone"),
        (b"\x7fELF\0\0\0", "this is no text file"),
        (b"PK\x03\x04rest", "this is an Excel workbook or a ZIP archive, not CSV"),
        ("a,b\n".encode("utf-16"), "this is UTF-16 text, not CSV"),
    ],
)
def test_what_is_no_csv_file_is_refused_with_its_reason(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=f"people.csv:1:1: {message}"):
        table(data)


def test_columns_of_the_same_name_are_told_apart_where_they_mean_nothing() -> None:
    assert table(b"why,b,why,why (2),why\n1,2,3,4,5\n").header == (
        "why", "b", "why (3)", "why (2)", "why (4)",
    )  # fmt: skip


def test_two_columns_of_a_name_that_means_something_are_refused() -> None:
    with pytest.raises(InputError, match="two columns are named 'role'"):
        table(b"role,b,role\n1,2,3\n", ["role"])
