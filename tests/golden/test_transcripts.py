"""Transcripts of every command: transcripts/*.txt hold commands, and what comes out of each.

A line that begins with `$ ` is run, in the folder of those before it; lines that begin with `< `
are its standard input. `cat` prints a file, `tee` writes one. An exit code other than 0 stands below in brackets.
README and docs/cli.md hold further transcripts, which tests/test_docs.py checks: the help of each
command, and what it says first to whoever tries it.
"""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from goldens import ROOT, Fourways, Golden

TRANSCRIPTS = Path(__file__).parent / "transcripts"
CHANGES_EACH_TIME = {
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?( ?UTC|Z|\+00:00)?": "<time>",
    r"\b[0-9a-f]{12,}\b": "<digest>",
    r'(?<="python": ")[^"]*': "<version>",
}


def steps(transcript: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a transcript with its standard input."""
    for found in re.finditer(r"^\$ (.*)\n((?:< .*\n|<\n)*)", transcript, re.M):
        yield found[1], re.sub(r"^< ?", "", found[2], flags=re.M)


def same_each_time(text: str, folder: Path) -> str:
    text = text.replace(str(folder), "<folder>").replace(str(ROOT), "<root>")
    for pattern, name in CHANGES_EACH_TIME.items():
        text = re.sub(pattern, name, text)
    return re.sub(r" +$", "", text, flags=re.M)


def output_of(command: str, stdin: str, fourways: Fourways) -> str:
    program, *arguments = shlex.split(command)
    if program == "cat":
        return Path(*arguments).read_text("utf-8-sig")
    if program == "tee":
        Path(*arguments).write_text(stdin)
        return ""
    assert program == "fourways"
    result = fourways(*arguments, stdin=stdin)
    return result.output + (f"[{result.exit_code}]\n" if result.exit_code else "")


@pytest.mark.parametrize("stored", sorted(TRANSCRIPTS.glob("*.txt")), ids=lambda path: path.stem)
def test_commands_print_what_the_transcript_holds(
    stored: Path, fourways: Fourways, golden: Golden, tmp_path: Path
) -> None:
    printed = []
    for command, stdin in steps(stored.read_text()):
        lines = "".join(f"< {line}".rstrip() + "\n" for line in stdin.splitlines())
        output = same_each_time(output_of(command, stdin, fourways), tmp_path)
        printed.append(f"$ {command}\n{lines}{output}")

    golden(stored, "\n".join(printed))
