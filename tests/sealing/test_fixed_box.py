"""Boxes whose length tells nothing, and in which an excluded reader's part looks like any other."""

import pytest

from concerns.sealing import box
from concerns.sealing.box import BoxRefused, fixed_length, open_fixed, seal_box, seal_fixed
from concerns.sealing.keys import Holder

PURPOSE, ROOM = "test", 64
GITA, GWEN, GUS = (Holder(bytes([number]) * 32) for number in range(3))
ALL = [GITA.public, GWEN.public, GUS.public]


def test_each_reader_opens_it_and_nobody_else() -> None:
    sealed = seal_fixed(ALL[:2], b"thread", PURPOSE, ROOM)
    assert [open_fixed(holder, sealed, PURPOSE) for holder in (GITA, GWEN)] == [b"thread"] * 2
    with pytest.raises(BoxRefused):
        open_fixed(GUS, sealed, PURPOSE)


def test_a_box_for_another_purpose_does_not_open() -> None:
    with pytest.raises(BoxRefused):
        open_fixed(GITA, seal_fixed(ALL, b"thread", PURPOSE, ROOM), "another")


def test_lengths_tell_nothing_of_what_is_inside() -> None:
    assert len(seal_box(ALL, b"", PURPOSE)) != len(seal_box(ALL, b"thread", PURPOSE))  # the other box does tell
    lengths = {len(seal_fixed(ALL, payload, PURPOSE, ROOM)) for payload in (b"", b"thread", bytes(ROOM))}
    assert lengths == {fixed_length(3, ROOM)}


def test_an_excluded_readers_part_is_like_any_other_and_opens_nothing() -> None:
    left_out = seal_fixed(ALL[1:], b"thread", PURPOSE, ROOM)
    whole = seal_fixed(ALL, b"thread", PURPOSE, ROOM)
    sealed = seal_fixed(ALL, b"thread", PURPOSE, ROOM, excluded={GITA.kid})
    assert GITA.kid not in left_out  # leaving her out would show her that she is
    assert len(sealed) == len(whole) and sealed.count(GITA.kid) == whole.count(GITA.kid) == 1
    with pytest.raises(BoxRefused):
        open_fixed(GITA, sealed, PURPOSE)
    assert open_fixed(GUS, sealed, PURPOSE) == b"thread"


@pytest.mark.parametrize("place", [0, 40, -1, -1200])
def test_a_flipped_bit_is_refused(place: int) -> None:
    sealed = bytearray(seal_fixed([GITA.public], b"thread", PURPOSE, ROOM))
    sealed[place] ^= 1
    with pytest.raises(BoxRefused):
        open_fixed(GITA, bytes(sealed), PURPOSE)


@pytest.mark.parametrize("rubbish", [b"", b"x", bytes(82), GITA.kid, bytes(82) + GITA.kid + bytes(1168)])
def test_rubbish_is_refused(rubbish: bytes) -> None:
    with pytest.raises(BoxRefused):
        open_fixed(GITA, rubbish, PURPOSE)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="fit"):
        seal_fixed(ALL, bytes(ROOM + 1), PURPOSE, ROOM)
    with pytest.raises(ValueError, match="fit"):
        seal_fixed(ALL, b"", PURPOSE, box.LARGEST + 1)
    largest = seal_fixed(ALL, bytes(box.LARGEST), PURPOSE, box.LARGEST)
    assert open_fixed(GWEN, largest, PURPOSE) == bytes(box.LARGEST)
