"""Makes UTF-8 of a text in any encoding while it is read; finds out the encoding by its bytes.

A byte order mark says it outright, and so do zero bytes at every other place. Otherwise a text is
taken for UTF-8 until the first byte that is not ASCII; only there it can be told, and is: by
whether such bytes form UTF-8 there. So neither the length of a file nor the place of its first
umlaut matters, and nothing is read twice.
"""

import codecs
import re

from fourways.errors import InputError, Problem
from fourways.intake.source import Layer

UTF_8 = "UTF-8"
WINDOWS = "windows-1252"

_CHUNK = 64 << 10
_WINDOW = 1 << 20
"""Bytes from the first that is not ASCII by which UTF-8 is told from Windows-1252."""

_BOMS = (
    (codecs.BOM_UTF8, UTF_8),
    (codecs.BOM_UTF32_LE, "UTF-32-LE"),  # It begins like UTF-16, and so comes first.
    (codecs.BOM_UTF32_BE, "UTF-32-BE"),
    (codecs.BOM_UTF16_LE, "UTF-16-LE"),
    (codecs.BOM_UTF16_BE, "UTF-16-BE"),
)
_NO_TEXT = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})
_WELL_FORMED = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}"
    rb"|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
_HIGH = re.compile(rb"[\x80-\xff]")
_NOT_IN_WINDOWS = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_REJECT = "fourways.reject"


def _unreadable(error: UnicodeError) -> tuple[str, int]:
    """Give what becomes a byte that is no UTF-8, so that the reader of rows rejects the row."""
    if isinstance(error, UnicodeDecodeError):
        return "\udcff", error.end
    raise error


codecs.register_error(_REJECT, _unreadable)


class Text(Layer):
    """The text of an input, as UTF-8; where it cannot be read, there are bytes that are none.

    Args:
        below: the input.
        name: how messages name it.
        encoding: what the user says it is; None to find out.
        windows: whether it may be Windows-1252.

    Attributes:
        encoding: its name; while only ASCII was read, UTF-8.
        bom: whether a byte order mark came first. In UTF-8 it is left where it is.
        only_carriage_returns: whether lines end with nothing else; they end with a line feed here.
    """

    def __init__(
        self, below: Layer, name: str, encoding: str | None = None, windows: bool = True
    ) -> None:
        super().__init__(self._as_utf8)
        self._below = below
        self._name = name
        head = below.sample(_CHUNK)
        self.encoding, mark = (encoding, b"") if encoding else _marked(head)
        if encoding:
            mark = _mark_of(encoding, head)
        self.bom = bool(mark)
        self.encoding = self.encoding or _by_zeros(head) or UTF_8
        self._decided = bool(encoding or mark or self.encoding != UTF_8 or not windows)
        self._decoder: codecs.IncrementalDecoder | None = None
        if not is_utf8(self.encoding):
            below.read(len(mark))
            self._decoder = _decoder(self.encoding)
        self._guessed = False
        self._well_formed = self._high = 0
        self.only_carriage_returns = False
        first = self.sample(_CHUNK)
        self.only_carriage_returns = b"\r" in first and b"\n" not in first
        if self.only_carriage_returns:
            self._head = self._head.replace(b"\r", b"\n")

    def readinto(self, room: memoryview) -> int:
        """Fill room with the next bytes, and give how many there are, none only at the end."""
        if (
            self._decided
            and self._decoder is None
            and not (self.looked_at or self.only_carriage_returns)
        ):
            return self._below.readinto(room)
        return super().readinto(room)

    def _as_utf8(self, size: int) -> bytes:
        data = self._below.read(size)
        if not self._decided and not data.isascii():
            self._decide(data)
        data = self._transcoded(data)
        return data.replace(b"\r", b"\n") if self.only_carriage_returns else data

    def _transcoded(self, data: bytes) -> bytes:
        if self._decoder is None:
            return data
        if self._guessed:
            self._doubt(data)
        while True:
            text = self._decoder.decode(data, final=not data)
            if text or not data:
                return text.encode("utf-8", "surrogateescape")
            data = self._below.read(_CHUNK)  # A part of a character only is no end.

    def _decide(self, data: bytes) -> None:
        self._decided = True
        start = len(data) - len(data.lstrip(_ASCII))
        window = data[start : start + _WINDOW]
        if len(window) < _WINDOW:
            window += self._below.sample(_WINDOW - len(window))
        if _is_windows(window):
            self.encoding, self._guessed = WINDOWS, True
            self._decoder = _decoder(WINDOWS)

    def _doubt(self, data: bytes) -> None:
        """Take a guess back that what follows belies; the answers so far are thrown away."""
        if data.isascii():
            return
        self._well_formed += len(_WELL_FORMED.findall(data))
        self._high += len(_HIGH.findall(data))
        if self._high < 4 * self._well_formed:  # As UTF-8 it has at least two for each.
            raise InputError(
                Problem(
                    f"{self._name}: it begins like Windows-1252 and goes on like UTF-8",
                    hint="Say which it is: --encoding windows-1252 or --encoding utf-8.",
                )
            )


_ASCII = bytes(range(128))


def is_utf8(encoding: str) -> bool:
    """Tell whether an encoding is UTF-8, by whatever name."""
    return codecs.lookup(encoding).name in ("utf-8", "utf-8-sig", "ascii")


def checked(encoding: str) -> str:
    """Give the name of an encoding as it is known.

    Raises:
        InputError: nothing is known by that name, or it is no encoding of text.
    """
    try:
        found = codecs.lookup(encoding)
        b"a".decode(encoding)
    except (LookupError, ValueError):
        found = None
    if found is None or found.name.replace("-", "_") in _NO_TEXT:
        raise InputError(
            Problem(
                f"--encoding: '{encoding}' is no known encoding",
                hint="Such as utf-8, utf-16, windows-1252, iso-8859-2, cp1251 or shift_jis.",
            )
        )
    return UTF_8 if is_utf8(found.name) else found.name


def in_words(encoding: str) -> str:
    """Give an encoding as people write it."""
    return {
        "utf-8": UTF_8,
        "utf-16-le": "UTF-16 (little-endian)",
        "utf-16-be": "UTF-16 (big-endian)",
        "utf-32-le": "UTF-32 (little-endian)",
        "utf-32-be": "UTF-32 (big-endian)",
        "cp1252": "Windows-1252",
        "iso8859-1": "Latin-1",
    }.get(codecs.lookup(encoding).name, encoding.upper())


def _marked(head: bytes) -> tuple[str, bytes]:
    return next(((name, mark) for mark, name in _BOMS if head.startswith(mark)), ("", b""))


def _mark_of(encoding: str, head: bytes) -> bytes:
    """Give the byte order mark of an encoding that the user names, where it is there."""
    found, mark = _marked(head)
    asked = codecs.lookup(encoding).name
    alike = codecs.lookup(found).name.startswith(asked) if found else False
    # UTF-16 without an order has it from its mark, which the decoder has to see.
    return mark if alike and asked not in ("utf-16", "utf-32") else b""


def _by_zeros(head: bytes) -> str:
    """Tell UTF-16 by its zero bytes: in each sign of ASCII, and parting characters are that."""
    half = len(head) // 2
    if half < 2:
        return ""
    even, odd = head[0 : 2 * half : 2].count(0), head[1 : 2 * half : 2].count(0)
    if odd * 10 >= half and even * 10 <= odd and head[0]:
        return "UTF-16-LE"
    if even * 10 >= half and odd * 10 <= even and head[1]:
        return "UTF-16-BE"
    return ""


def _is_windows(window: bytes) -> bool:
    """Tell whether bytes that are not ASCII are Windows-1252 rather than UTF-8.

    Next to none of them may form UTF-8, which a few damaged rows do not change.
    """
    rest, well_formed = _WELL_FORMED.subn(b"", window)
    # The last sign of the window may be cut.
    stray = _HIGH.findall(rest[:-3]) if len(window) >= _WINDOW else _HIGH.findall(rest)
    return well_formed * 10 < len(stray) and not _NOT_IN_WINDOWS.search(rest)


def _decoder(encoding: str) -> codecs.IncrementalDecoder:
    return codecs.getincrementaldecoder(encoding)(errors=_REJECT)
