"""How an input is written: what was found out about it, and what the user says of it."""

from dataclasses import dataclass
from typing import Any

from fourways.errors import InputError, Problem
from fourways.intake.encoding import checked
from fourways.intake.header import DELIMITERS, sign_in_words

CSV, JSON_LINES, PARQUET, EXCEL = FORMS = ("csv", "jsonl", "parquet", "xlsx")
"""The formats that people are read from."""

_IN_WORDS = {CSV: "CSV", JSON_LINES: "JSON lines", PARQUET: "Parquet", EXCEL: "an Excel workbook"}
_OPTIONS = {
    "encoding": (CSV, JSON_LINES),
    "delimiter": (CSV,),
    "sheet": (EXCEL,),
}
"""Option to the formats that it goes with."""


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What the user says about how an input is written; what is None is found out.

    Attributes:
        form: one of `FORMS`.
        encoding: of text.
        delimiter: what parts the cells: a character, or its name.
        sheet: of a workbook.

    Raises:
        InputError: with all that cannot be.
    """

    form: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None

    def __post_init__(self) -> None:
        problems: list[Problem] = []
        if self.delimiter is not None:
            named = {name: sign for sign, name in DELIMITERS.items()} | {"\\t": "\t"}
            sign = named.get(self.delimiter, self.delimiter)
            if len(sign) != 1 or not sign.isascii() or sign in '"\r\n\0':
                problems.append(
                    Problem(
                        f"--delimiter: '{self.delimiter}' cannot part cells",
                        hint=f"Give one character, or {', '.join(DELIMITERS.values())}.",
                    )
                )
            object.__setattr__(self, "delimiter", sign)
        if self.encoding is not None:
            try:
                object.__setattr__(self, "encoding", checked(self.encoding))
            except InputError as error:
                problems += error.problems
        if problems:
            raise InputError(*problems)

    def check(self, form: str) -> None:
        """Check that what is said goes with a format.

        Raises:
            InputError: with every option that does not.
        """
        odd = [
            Problem(f"--{name} does not go with {_IN_WORDS[form]}")
            for name, forms in _OPTIONS.items()
            if getattr(self, name) is not None and form not in forms
        ]
        if odd:
            raise InputError(*odd)


@dataclass(frozen=True, slots=True)
class Detected:
    """How an input is written.

    Attributes:
        form: one of `FORMS`.
        encoding: of text, in words.
        delimiter, line_end, bom: what a CSV file beside it is best written with; those of the
            input itself, where it is CSV.
        packed: whether it is compressed with gzip.
        only_carriage_returns: whether lines end with nothing else.
        sheet: of a workbook.
    """

    form: str
    encoding: str = ""
    delimiter: str = ","
    line_end: str = "\n"
    bom: bool = False
    packed: bool = False
    only_carriage_returns: bool = False
    sheet: str = ""

    @property
    def phrases(self) -> tuple[str, ...]:
        """What was found out, a phrase each."""
        mark = " with a byte order mark" if self.encoding and self.bom else ""
        found = {
            "packed with gzip": self.packed,
            _IN_WORDS[self.form]: self.form != CSV,
            f"sheet '{self.sheet}'": bool(self.sheet),
            f"{self.encoding}{mark}": bool(self.encoding),
            f"cells parted by {sign_in_words(self.delimiter)}": self.form == CSV,
            "lines ended by a carriage return alone": self.only_carriage_returns,
        }
        return tuple(phrase for phrase, holds in found.items() if holds)

    @property
    def entries(self) -> dict[str, Any]:
        """The same for the manifest."""
        entries: dict[str, Any] = {"format": self.form}
        if self.packed:
            entries["compression"] = "gzip"
        if self.encoding:
            entries["encoding"] = self.encoding
            entries["byte_order_mark"] = self.bom
        if self.form == CSV:
            entries["delimiter"] = self.delimiter
            entries["line_end"] = "\r" if self.only_carriage_returns else self.line_end
        if self.sheet:
            entries["sheet"] = self.sheet
        return entries

    def __str__(self) -> str:
        text = ", ".join(self.phrases)
        return text[:1].upper() + text[1:]
