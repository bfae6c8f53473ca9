"""Reads people from JSON lines: an object on each line, an array for several members."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from fourways.errors import InputError, Location, Problem, shortened
from fourways.intake.blocks import BLOCK, Block
from fourways.intake.cells import MEMBERS, block_of
from fourways.intake.detected import JSON_LINES, Detected
from fourways.intake.encoding import Text, in_words
from fourways.intake.header import MAX_LINE, problem_with_names
from fourways.intake.source import Raw, Source
from fourways.intake.table import BadRow
from fourways.model.profile import NOTHING

NAMES_FROM = 16 << 20
"""Bytes from the start of an input whose objects tell which keys there are."""

_BOM = b"\xef\xbb\xbf"
_WHOLE = re.compile(r"-?\d+\.0+")
_LONG = ("the line is over 1 MB", "Shorten its texts.")
_TORN = ("half of a character, written with \\u", "Write both halves, or none.")
_NO_JSON = "Write one JSON object on each line."


class JsonLines:
    """The objects of an input, their keys as columns.

    Args:
        text: the input, as UTF-8.
        raw: its bytes, for the digest.
        name: how messages name it.
        packed: whether it was compressed.

    Attributes:
        header: the keys in the order in which they first come, in the first `NAMES_FROM` bytes.
            An object with a key that comes later cannot be read.

    Raises:
        InputError: there is no object at all.
    """

    def __init__(self, text: Text, raw: Raw, name: str, packed: bool) -> None:
        self.name = name
        self.empty_lines = 0
        self.records = 0
        self._text, self._packed = text, packed
        self._source = Source(text, name, raw)
        self._line = 0
        self._decoder = json.JSONDecoder(
            object_pairs_hook=_object, parse_float=_number, parse_int=str, parse_constant=_constant
        )
        start = self._source.read(len(_BOM))
        self._mark = start == _BOM
        if not self._mark:
            self._source.put_back(start)
        self.header = self._keys()
        self._known = frozenset(self.header)
        self.opened_as = str(self.detected)

    @property
    def detected(self) -> Detected:
        """How the input is written."""
        mark = self._text.bom or self._mark
        return Detected(JSON_LINES, in_words(self._text.encoding), bom=mark, packed=self._packed)

    @property
    def digest(self) -> str:
        """SHA-256 of what was read."""
        return self._source.digest

    @property
    def bytes_read(self) -> int:
        """How many bytes of the input were read."""
        return self._source.bytes_read

    def blocks(
        self,
        categorical: Sequence[int],
        size: int = BLOCK,
        as_lines: bool = False,  # noqa: ARG002
    ) -> Iterator[Block]:
        """Give the objects in blocks.

        Raises:
            InputError: what was counted is not what was read.
        """
        width = len(self.header)
        while True:
            cells: list[list[str | None]] = []
            lines: list[int] = []
            numbers: list[int] = []
            bad: list[BadRow] = []
            before = self._line
            for line in self._lines(min(size, BLOCK) // 4):
                self._line += 1
                if not line.strip():
                    self.empty_lines += 1
                    continue
                self.records += 1
                row = self._row(line)
                if isinstance(row, tuple):
                    shown = line[:1000].decode(errors="replace").rstrip("\r\n")
                    bad.append(
                        BadRow(self.records, self._line, shown.replace("\0", "\ufffd"), *row)
                    )
                else:
                    cells.append(row)
                    lines.append(self._line)
                    numbers.append(self.records)
            if self._line == before:
                break
            columns = zip(*cells, strict=True) if cells else [()] * width
            frame = pl.DataFrame(
                [pl.Series(str(i), column, dtype=pl.String) for i, column in enumerate(columns)]
            )
            yield block_of(frame, lines, numbers, categorical, bad)
        if self._source.lines != self.records + self.empty_lines:
            raise InputError(
                Problem(
                    f"{self.name}: {self._source.lines:,} lines were counted, and "
                    f"{self.records:,} records and {self.empty_lines:,} empty lines were read"
                )
            )

    def _lines(self, size: int) -> Iterator[bytes]:
        """Give the next lines, about so many bytes; of one that is too long its beginning."""
        data = self._source.read(max(size, 1))
        whole = data.rfind(b"\n") + 1
        rest = data[whole:]
        if whole:
            yield from data[: whole - 1].split(b"\n")
        if not rest:
            return
        if len(rest) < MAX_LINE:
            rest += self._source.readline(MAX_LINE - len(rest))
        yield rest[:MAX_LINE]
        while not rest.endswith(b"\n") and (rest := self._source.readline(MAX_LINE)):
            pass

    def _row(self, line: bytes) -> list[str | None] | tuple[str, str]:
        """Give the cells of an object, or what is wrong with it and what to do."""
        found = self._parsed(line)
        if isinstance(found, tuple):
            return found
        late = found.keys() - self._known
        if late and (late := {key for key in late if found[key] is not None}):
            return (
                f"a key that does not occur in the first {NAMES_FROM >> 20} MB: "
                f"'{shortened(min(late))}'",
                "Give the first line every key, with null where there is nothing.",
            )
        # Most are texts, and there are many.
        cells = [v if type(v := found.get(key)) is str else _text(v) for key in self.header]
        return _TORN if b"\\u" in line and any(map(_is_torn, cells)) else cells

    def _parsed(self, line: bytes) -> dict[str, Any] | tuple[str, str]:
        if len(line) >= MAX_LINE:
            return _LONG
        try:
            found = self._decoder.decode(line.rstrip(b"\r\n").decode())
        except UnicodeDecodeError as error:
            what = in_words(self._text.encoding)
            return f"not {what}: at byte {error.start + 1} of the line", "Write it in UTF-8."
        except json.JSONDecodeError as error:
            return f"no JSON: {error.msg} at character {error.pos + 1}", _NO_JSON
        except RecursionError:
            return "no JSON: nested too deeply", _NO_JSON
        except _TwiceError as error:
            return f"a key that comes twice: '{shortened(str(error))}'", "Leave one out."
        if not isinstance(found, dict):
            return "no JSON object", _NO_JSON
        return _TORN if b"\\u" in line and any(map(_is_torn, found)) else found

    def _keys(self) -> tuple[str, ...]:
        data = self._source.read(NAMES_FROM)
        self._source.put_back(data)
        lines = data.split(b"\n")
        if len(data) == NAMES_FROM and len(lines) > 1:
            lines.pop()  # It may be cut.
        keys: dict[str, None] = {}
        objects = wrong = 0
        problem = ("the file is empty", "A line for each person is needed.")
        for line in filter(bytes.strip, lines):
            found = self._parsed(line)
            if isinstance(found, dict):
                objects += 1
                keys.update(dict.fromkeys(found))
            elif not wrong:
                wrong, problem = 1, found
        if not keys:
            problem = ("the objects have no keys", _NO_JSON) if objects else problem
            raise InputError(Problem(problem[0], Location(self.name, 1, 1), problem[1]))
        header = tuple(keys)
        if found_wrong := problem_with_names(tuple(key.strip() for key in header)):
            raise InputError(Problem(found_wrong[0], Location(self.name, 1, 1), found_wrong[1]))
        return header


class _TwiceError(Exception):
    """A key comes twice in an object."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _TwiceError(next(key for key in keys if keys.count(key) > 1))
    return made


def _number(text: str) -> str:
    """Give a number as it is written, but 250 for 250.0."""
    return text.partition(".")[0] if _WHOLE.fullmatch(text) else text


def _constant(text: str) -> str | None:
    return None if text == "NaN" else text


def _text(value: Any) -> str | None:
    """Give what a value is in the contract."""
    match value:
        case None | str():
            return value
        case bool():
            return "true" if value else "false"
        case list() if not any(isinstance(member, list | dict) for member in value):
            members = [text for member in value if (text := _text(member)) is not None]
            return MEMBERS.join(members) if members else NOTHING
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _is_torn(text: str | None) -> bool:
    return text is not None and any("\ud800" <= sign <= "\udfff" for sign in text)
