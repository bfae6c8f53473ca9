"""Bytes are text in UTF-8 when Python decodes them."""

import random

import pytest

from fourways.intake.utf8 import is_text

PARTS = [*(b"a" * size for size in range(12)), *(sign.encode() for sign in "éß€日😀"), b"\0"]
DAMAGED = [
    b"\xff",
    b"\xc3",
    b"\xe2\x82",
    b"\xa9",
    b"\xed\xa0\x80",
    b"\xc0\x80",
    b"\xf5\x80\x80\x80",
]


def decodes(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


@pytest.mark.parametrize("seed", range(4))
def test_bytes_are_text_when_they_can_be_decoded(seed: int) -> None:
    chance = random.Random(seed)
    whole = 0
    for _ in range(3000):
        parts = chance.choices(PARTS, k=chance.randrange(12))
        if chance.random() < 0.5:
            parts.insert(chance.randrange(len(parts) + 1), chance.choice(DAMAGED))
        data = b"".join(parts)
        whole += decodes(data)
        assert is_text(data) == decodes(data), data
    assert 1000 < whole < 2500


@pytest.mark.parametrize("place", range(30))
def test_a_sign_that_is_cut_is_found_wherever_it_stands(place: int) -> None:
    before, behind = b"x" * place, b"y" * (40 - place)

    assert is_text(before + "€".encode() + behind)
    assert not is_text(before + b"\xe2" + behind)
    assert not is_text(before + b"\xe2" + b"x" * 24 + b"\x82\xac" + behind)
