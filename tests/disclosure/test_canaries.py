import re

from tests.cast import Instance
from tests.disclosure.canaries import WRITTEN, released, tell_and_close, words

#: what pages say in their own right
COMMON = set(
    "about after and are asking at beside every for from it last left of on our that the this thank to we".split()
)
MONTHS = "January February March April May June July August September October November December".split()


def test_d12_no_word_id_or_day_of_a_flag_is_in_anything_released(instance: Instance) -> None:
    told = tell_and_close(instance)
    canaries = {word for text in WRITTEN for word in words(text) if len(word) > 4 and word not in COMMON}
    assert len(canaries) >= 25
    everything = released(instance)
    assert "January to March 2026" in everything["/report/"]
    for name, text in everything.items():
        assert canaries & set(words(text)) == set(), name
        ids = {spelled for one in told.thread_ids for spelled in (one.hex(), str(one))}
        assert not any(one in text for one in ids), name
        numeric = set(re.findall(r"\d{4}-\d\d-\d\d", text))
        spelled = set(re.findall(rf"\d{{1,2}} (?:{'|'.join(MONTHS)}) \d{{4}}", text))
        assert numeric <= {"2026-04-21"}, name
        # the day of the close, and on the page the day on which it is read
        assert spelled <= {"21 April 2026", "22 April 2026"}, name
        assert not re.search(r"\b\d\d:\d\d\b", text), name


def test_d12_the_search_finds_a_word_an_id_and_a_day() -> None:
    leaked = "Seen by Zephyrine on 10 February 2026 at 04:17"
    canaries = {word for text in WRITTEN for word in words(text) if len(word) > 4}
    assert canaries & set(words(leaked)) == {"zephyrine", "04:17"}
    assert re.search(r"\b\d\d:\d\d\b", leaked)
