import datetime as dt
import hashlib
import re
from typing import Any

from sqlalchemy import select

from concerns.audit.model import AuditRow
from concerns.disclosure.periods import Period
from concerns.learning.model import ReleasedText
from concerns.learning.rules import Words
from concerns.learning.service import withdraw
from concerns.reports.board.service import periods
from concerns.reports.model import BoardPaper
from tests.learning.promises.promising import promise
from tests.learning.releasing import GENERAL, POINT, VIEW, released
from tests.people.visiting import Desk
from tests.police import Page
from tests.reports.board.papers import BOARD, TYPED, freeze, stored, with_quarters, write
from tests.reports.read_back import figures, unpacked

PARTS = [
    "1. Message",
    "2. Changed since last time",
    "3. Volume over time",
    "4. Themes",
    "5. Who is heard and who is silent",
    "6. Severity and safety",
    "7. Detriment and the closing questions",
    "8. Timeliness",
    "9. Actions",
    "10. Flags beside other figures",
    "11. The guardians’ own view",
    "12. Learning in and out",
    "13. What this cannot tell you",
]


def headings(page: Page) -> list[str]:
    found = [" ".join("".join(h2.itertext()).split()) for h2 in page.tree.iter("h2")]
    return [text.partition(":")[0] for text in found if text[0].isdigit()]


def without_banner(page: Page) -> str:
    """The paper itself, up to its checksum."""
    return page.text.partition("frozen on ")[2].partition("Versions")[0]


def test_the_whole_way_of_a_paper(lena: Desk) -> None:
    frozen = with_quarters(lena)
    assert frozen.client.get(BOARD).h1 == "No board paper yet"
    released(frozen.instance, VIEW)
    promise(frozen)
    draft = write(frozen)
    assert headings(draft) == PARTS
    assert stored(frozen) == []
    paper = freeze(frozen)
    assert paper.h1 == "Board paper: January to March 2026"
    assert headings(paper) == PARTS
    for words in (*"|".join(TYPED.values()).replace("\n", "|").split("|"), GENERAL, "Plan shifts four weeks ahead."):
        assert words in paper.text
    assert "A signal in: Staffing and workload" in paper.text
    assert "Was about 30, now fewer than we can show" in paper.text
    assert "Version 1, frozen on 22 November 2026 by Lena" in paper.text
    (row,) = stored(frozen)
    mark = hashlib.sha256(row.body).hexdigest()
    assert mark in paper.text
    with frozen.instance.stores.read_main() as main:
        entry = main.scalars(select(AuditRow).where(AuditRow.verb == "froze")).one()
    with frozen.instance.stores.read_released() as reader:
        assert periods(reader) == (Period(2026, 1),)
    assert (entry.about, entry.item.hex()) == ("2026-Q1 v1", mark)
    bytes_ = frozen.client.get(f"{BOARD}/1.json").response
    assert bytes_.data == row.body
    assert GENERAL not in bytes_.text, "released words stay where they can be withdrawn"
    assert without_banner(frozen.as_("priya").client.get(BOARD)) == without_banner(paper)


def test_d15_its_numbers_are_those_of_the_release(frozen: Desk) -> None:
    paper = freeze(frozen)
    report = frozen.client.get("/report/2026-Q1")
    numbers = [re.findall(r"bout [\d,]+ \([\d,]+ to [\d,]+\)", one.text) for one in (paper, report)]
    assert set(numbers[0]) and set(numbers[0]) <= set(numbers[1])
    assert "measured" not in stored(frozen)[0].body.decode()


class TestVersions:
    def test_a_later_change_makes_a_new_version_and_the_old_one_stays(self, frozen: Desk) -> None:
        first = freeze(frozen)
        frozen.instance.clock.pass_(days=3)
        frozen.sign_in("lena")
        second = freeze(frozen, decision="Fund three posts a ward.")
        assert "Version 2, frozen on 25 November 2026" in second.text
        old = frozen.client.get(f"{BOARD}/1")
        assert "Fund two posts a ward." in old.text and "There is a later version: version 2." in old.text
        assert without_banner(old) == without_banner(first)
        assert "Fund three posts a ward." in frozen.client.get(BOARD).text
        frozen.client.get(f"{BOARD}/3", status=404)

    def test_the_same_paper_is_frozen_once(self, frozen: Desk) -> None:
        freeze(frozen)
        freeze(frozen)
        assert len(stored(frozen)) == 1

    def test_what_was_promised_later_is_in_the_next_version_alone(self, frozen: Desk) -> None:
        freeze(frozen)
        promise(frozen)
        assert "Plan shifts" not in frozen.client.get(f"{BOARD}/1").text
        assert "Plan shifts" in freeze(frozen).text


class TestWhatWasChanged:
    def test_other_bytes_are_not_shown(self, frozen: Desk) -> None:
        freeze(frozen)
        with frozen.instance.stores.write_main() as main:
            row = main.scalars(select(BoardPaper)).one()
            row.body = row.body.replace(b"Fund two", b"Fund six")
        for path in ("", "/1", "/1.pdf", "/1.json"):
            page = frozen.client.get(BOARD + path, status=409)
            assert "Fund six" not in page.html

    def test_withdrawn_words_are_gone_from_every_version(self, frozen: Desk) -> None:
        view = released(frozen.instance, VIEW)
        freeze(frozen)
        with frozen.instance.stores.write_main() as main:
            withdraw(main, view, dt.date(2026, 11, 30))
        page = frozen.client.get(f"{BOARD}/1")
        assert "Withdrawn in November 2026" in page.text
        assert GENERAL not in page.text

    def test_nor_are_words_that_nobody_signed(self, frozen: Desk) -> None:
        view = released(frozen.instance, VIEW)
        freeze(frozen)
        with frozen.instance.stores.write_main() as main:
            main.get_one(ReleasedText, view).body = Words("view", "2026-Q1", "", {"text": "All is well."}).body
        page = frozen.client.get(f"{BOARD}/1")
        assert "These words cannot be shown" in page.text
        assert "All is well." not in page.text


def test_a_paper_links_the_numbers_that_it_stands_on(frozen: Desk) -> None:
    links = freeze(frozen).links()
    for name, form in (("spreadsheet (XLSX)", "xlsx"), ("plain table (CSV)", "csv"), ("data (JSON)", "json")):
        assert links[name].endswith(f"/report/2026-Q1.{form}")
        assert frozen.client.get(links[name].removeprefix("/desk")).response.data


def test_a_leader_cannot_edit_what_guardians_say_and_is_told_where_they_say_nothing(frozen: Desk) -> None:
    page = frozen.client.get(f"{BOARD}/write")
    assert {element.get("name") for element in page.tree.iter("textarea")} == set(TYPED)
    assert "The guardians have not written their own view" in write(frozen).text


def test_a_paper_needs_a_message_and_a_decision(frozen: Desk) -> None:
    page = frozen.client.get(f"{BOARD}/write")
    wrong = frozen.client.submit(page, {**TYPED, "decision": "", "changed": "x" * 4001}, status=422)
    assert wrong.errors == [
        "Write what the board is asked to decide",
        "What changed since last time: 1 characters too long. Nothing is lost, shorten it",
    ]
    assert TYPED["message"] in wrong.html and "x" * 4001 in wrong.html
    assert frozen.client.get(f"{BOARD}/draft", status=302).location.endswith("/write")


def test_only_leaders_write(frozen: Desk) -> None:
    for name in ("gita", "priya"):
        other = frozen.as_(name).client
        for page in ("write", "draft"):
            other.get(f"{BOARD}/{page}", status=403)
        assert "Write the board paper" not in other.get(BOARD).links()
    frozen.client.get("/report/2026-Q2/board", status=404)
    frozen.client.get("/report/nonsense/board", status=404)


def test_the_pdf_is_tagged_and_says_what_its_picture_shows(frozen: Desk) -> None:
    paper = freeze(frozen, message="<script>alert(1)</script> & “so on”")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; “so on”" in paper.html
    answer = frozen.client.get(f"{BOARD}/1.pdf").response
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="concerns-board-2026-Q1-v1.pdf"'
    found = _facts(answer.data)
    assert found["lang"] == "en"
    assert found["title"] == "Board paper: January to March 2026"
    assert found["ua"]
    assert any("about 162" in text and "more than chance explains" in text for text in found["alternatives"])
    pictures = figures(answer.data)
    assert len(pictures) > 4 and all(pictures), "each bar too says what it shows"
    assert "About 160 (155 to 165)" in pictures
    assert pictures.count("Too few, or too large a share, to show safely") == 2, "the same of all that is hidden"
    assert found["tags"] >= {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure", "/P"}
    assert found["colours"] == set(), "it is read in grey"


def _facts(pdf: bytes) -> dict[str, Any]:
    whole = unpacked(pdf)
    alternatives = [_text(one) for one in re.findall(rb"/Alt ?(\(.*?(?<!\\)\)|<[0-9a-fA-F]+>)", whole, re.DOTALL)]
    rgb = {
        one
        for one in re.findall(rb"(?<![\d.])([\d.]+ [\d.]+ [\d.]+) (?:rg|RG)\b", whole)
        if len({round(float(part), 1) for part in one.split()}) > 1
    }
    lang = re.search(rb"/Lang ?\((.*?)\)", whole)
    title = re.search(rb"/Title ?(\(.*?(?<!\\)\)|<[0-9a-fA-F]+>)", whole, re.DOTALL)
    return {
        "lang": lang[1].decode() if lang else "",
        "title": _text(title[1]) if title else "",
        "ua": b"pdfuaid" in whole,
        "alternatives": alternatives,
        "tags": {tag.decode() for tag in re.findall(rb"/S ?(/\w+)", whole)},
        "colours": rgb,
    }


def _text(token: bytes) -> str:
    if token.startswith(b"<"):
        return bytes.fromhex(token[1:-1].decode()).decode("utf-16")
    raw = re.sub(rb"\\([()\\])", rb"\1", token[1:-1])
    return raw.decode("utf-16") if raw.startswith(b"\xfe\xff") else raw.decode("latin-1")


def test_learning_points_that_staff_can_read_are_in_it(frozen: Desk) -> None:
    released(frozen.instance, POINT, today=dt.date(2026, 9, 20))
    released(frozen.instance, Words("learning", "", "N02", {"text": "Not yet for anybody."}))
    paper = freeze(frozen)
    assert "1 learning point from staff" in paper.text and GENERAL in paper.text
    assert "October 2026" in paper.text, "with its theme and the month in which staff could read it"
    assert "Not yet for anybody." not in paper.text
