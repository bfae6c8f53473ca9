"""The lines of a CSV file, many at once: where each ends, and which are records by themselves.

Each line is judged by itself, so that what is wrong in one of them is not seen in another.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fourways.compiled import Flags, Places, as_array
from fourways.intake.header import MAX_LINE
from fourways.intake.scanning import Codes, look_through
from fourways.intake.texts import Texts
from fourways.intake.utf8 import is_text

_IS_SIGN = np.zeros(256, dtype=np.bool_)
_IS_SIGN[list(b"!#$%&'()*+,-./:;<=>?@[\\]^_`{|}~\t")] = True
# What full-width signs begin with, and some letters as well.
_IS_SIGN[0xEF] = True

_SAMPLE = 64 << 10
"""Bytes whose line ends tell for about how many lines there is to be room."""

_IS_PLAIN = np.ones(256, dtype=np.bool_)
_IS_PLAIN[list(b'\0\n\r"')] = False


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines that follow one another as they stand in a file.

    Attributes:
        data: the bytes in which they stand; there may be others between them.
        starts, ends: where each begins, and behind its line end.
        signs: where the text of a cell begins with a sign: with no letter and no digit.
        codes: for some columns a row each, of the numbers of their texts; of no meaning where a
            line is odd.
    """

    data: bytes | bytearray
    starts: Places
    ends: Places
    signs: Places
    codes: Codes

    def __len__(self) -> int:
        """Give how many lines."""
        return len(self.ends)

    @property
    def line_end(self) -> bytes:
        """What they end with; all with the same."""
        return b"\r\n" if self.data.endswith(b"\r\n") else b"\n"

    def alone(self) -> bytes:
        """Give the bytes of the lines, and no others."""
        if int((self.ends - self.starts).sum()) == len(self.data):
            return bytes(self.data)
        bounds = zip(self.starts.tolist(), self.ends.tolist(), strict=True)
        return b"".join(self.data[start:end] for start, end in bounds)

    def only(self, which: Flags) -> "Lines":
        """Give some of the lines."""
        codes = self.codes[:, which]
        return Lines(self.data, self.starts[which], self.ends[which], self.signs, codes)

    def run(self, first: int, last: int) -> "Lines":
        """Give the lines from one on to before another, in bytes of their own."""
        start = int(self.starts[first]) if first < last else 0
        end = int(self.ends[last - 1]) if first < last else 0
        signs = self.signs[slice(*np.searchsorted(self.signs, (start, end)))]
        return Lines(
            self.data[start:end],
            self.starts[first:last] - start,
            self.ends[first:last] - start,
            signs - start,
            self.codes[:, first:last],
        )


def joined(parts: Sequence[Lines]) -> Lines:
    """Give lines behind each other; one part at least."""
    moved = list(zip(np.cumsum([0, *(len(part.data) for part in parts)]), parts, strict=False))
    return Lines(
        b"".join(part.data for part in parts),
        np.concatenate([start + part.starts for start, part in moved]),
        np.concatenate([start + part.ends for start, part in moved]),
        np.concatenate([start + part.signs for start, part in moved]),
        np.concatenate([part.codes for part in parts], axis=1),
    )


def look_at(
    data: bytes | bytearray,
    delimiter: str,
    width: int,
    columns: Sequence[int] = (),
    texts: Texts | None = None,
) -> tuple[Lines, Flags]:
    """Look at lines.

    Args:
        data: whole lines, the last one with its line end.
        delimiter: what parts the cells.
        width: how many cells a record has.
        columns: whose texts are to be numbered, by index, in their order.
        texts: those that are numbered already; others come to them, some of odd lines as well.

    Returns:
        the lines, and which are odd: no records by themselves. Those have more or fewer cells than
        the header, a quote anywhere but around a whole cell or doubled inside one, or a line end
        inside a cell; they are empty, no text, or too long.
    """
    is_sign, is_plain = _IS_SIGN.copy(), _IS_PLAIN.copy()
    is_sign[ord(delimiter)] = is_plain[ord(delimiter)] = False
    returns = data.endswith(b"\r\n")
    order = np.full(width, -1)
    order[list(columns)] = range(len(columns))
    room = 64 + data.count(b"\n", 0, _SAMPLE) * (1 + len(data) // _SAMPLE) * 9 // 8
    texts = texts or Texts()
    ends, signs, codes, odd, texts.known = look_through(
        as_array(data), ord(delimiter), returns, order, MAX_LINE - 1, is_sign, is_plain, room,
        texts.known,
    )  # fmt: skip
    starts = np.insert(ends[:-1], 0, 0)
    if not is_text(data):
        each = (data[start:end] for start, end in zip(starts, ends, strict=True))
        odd |= [not (line.isascii() or is_text(line)) for line in each]
    return Lines(data, starts, ends, signs, codes), odd


def as_cell(text: str, delimiter: str) -> str:
    """Give a text as it stands in a line: in quotes where it needs them."""
    # A carriage return alone ends a line for many readers, whatever the file's own lines end with.
    if not any(sign in text for sign in (delimiter, '"', "\n", "\r")):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
