"""What is printed cannot steer the terminal."""

import pytest
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from fourways.cli.show import console
from fourways.cli.terminal import echo, tell

HOSTILE = "red \x1b[31m and \x9b, \u202egnirts"
ESCAPED = r"red \x1b[31m and \x9b, \u202egnirts"


def test_echo_escapes_all_but_line_feeds(capsys: pytest.CaptureFixture[str]) -> None:
    echo(f"{HOSTILE}\nnext\r")

    assert capsys.readouterr().out == f"{ESCAPED}\nnext\\r\n"


def test_paragraphs_are_escaped_and_wrapped(capsys: pytest.CaptureFixture[str]) -> None:
    tell(HOSTILE, "", "word " * 40, indent="  ")

    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [f"  {ESCAPED}", ""]
    assert max(map(len, lines)) <= 88


def test_console_escapes_text_trees_and_tables(capsys: pytest.CaptureFixture[str]) -> None:
    tree, table = Tree(HOSTILE), Table.grid()
    tree.add(HOSTILE)
    table.add_row(Text(HOSTILE))
    for printed in (HOSTILE, Text(HOSTILE), tree, table):
        console().print(printed)

    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\x9b" not in out
    assert out.count(ESCAPED) == 4
    assert out.count(r"\x1b[31m") == 5
