"""The row of what was read, changed at one place."""

from hypothesis import given
from hypothesis import strategies as st

from concerns.triage.index.reads import EACH, HALF, with_news

IDS = st.integers(0, 20).map(lambda number: bytes([number]) * HALF)
NEWS = st.binary(min_size=HALF, max_size=HALF)


@given(st.lists(st.tuples(IDS, NEWS), max_size=40))
def test_the_newest_of_each_thread_stands_in_the_order_of_threads(seen: list[tuple[bytes, bytes]]) -> None:
    packed = b""
    for thread, news in seen:
        packed = with_news(packed, thread, news)
    rows = [packed[start : start + EACH] for start in range(0, len(packed), EACH)]
    assert rows == [thread + news for thread, news in sorted(dict(seen).items())]
