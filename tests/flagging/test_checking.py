"""The check page helps to see what points to somebody: it suggests wider words, claims nothing, and never stands in the way."""

import pytest

from tests.cast import Instance
from tests.flagging.conftest import Rosa, thread_of, words_on
from tests.police import Page, filled_in, words

HEADING = "Could it point to somebody?"
NOTHING = "We did not spot any names or dates. Please read it once more yourself."
SPOTTED = (
    "We spotted these details. Only the readers see them: leave in what they need to act. To change one, press Change."
)


def listed(page: Page) -> list[str]:
    """The details on the page, each as it is written there."""
    assert HEADING in page.text
    return [words(item) for item in page.tree.find(".//main").iter("li") if item.find("strong") is not None]


def test_each_detail_is_shown_with_its_kind_and_a_wider_wording(rosa: Rosa) -> None:
    page = rosa.check("On 14 March 2026 Dr Okafor sent a man home at 03:15. Ring me on 07700 900123.")
    assert SPOTTED in page.text
    assert NOTHING not in page.text
    assert listed(page) == [
        "On 14 March 2026 (a date): you could write “In March”",
        "Dr Okafor (a name): you could write “a doctor”",
        "at 03:15 (a time): you could write “at night”",
        "07700 900123 (a telephone number): you could write “[phone number]”",
    ]


def test_details_of_all_three_texts_are_shown_each_once(rosa: Rosa) -> None:
    page = rosa.check("Dr Okafor was alone.", cause="Dr Okafor had no break.", help="Ask jo.bloggs@example.org.")
    found = listed(page)
    assert [one.split(" (")[0] for one in found].count("Dr Okafor") == 1
    assert any(one.startswith("jo.bloggs@example.org (an e-mail address)") for one in found)


def test_where_there_is_none_it_says_so_and_does_not_claim_to_be_sure(rosa: Rosa) -> None:
    page = rosa.check("The lift sticks between floors and nobody comes.")
    assert NOTHING in page.text
    assert SPOTTED not in page.text
    assert listed(page) == []


def test_it_never_blocks_and_changes_no_word(rosa: Rosa, instance: Instance) -> None:
    text = "I am the only night porter. Dr Okafor, 14 March, AB12 CDE, QQ 12 34 56 C, 943 476 5919, ward 7."
    check = rosa.check(text)
    assert len(listed(check)) > 4
    assert not check.errors
    assert filled_in(check.form())["text"] == text
    assert thread_of(instance, words_on(rosa.send(check))).flag["text"] == text


@pytest.mark.parametrize(
    "text",
    [
        "Write to <b>jo</b>@example.org or <script>alert(1)</script>@example.org today.",
        "See https://example.org/?a=<img src=x onerror=alert(1)>&b=\"'> now.",
        "Dr O'Neill & Dr <i>Okafor</i> were there at 03:15.",
    ],
)
def test_what_was_found_is_shown_as_it_was_typed_and_is_never_markup(rosa: Rosa, text: str) -> None:
    page = rosa.check(text)
    found = [item for item in page.tree.find(".//main").iter("li") if item.find("strong") is not None]
    assert found
    for item in found:
        strong = item.find("strong")
        assert strong.get("translate") == "no"
        assert "".join(strong.itertext()) in text
        assert not list(strong)
    main = page.tree.find(".//main")
    assert not [one for one in main.iter() if one.tag in {"b", "i", "img"}]
    assert filled_in(page.form())["text"] == text


def test_after_a_refusal_they_are_shown_again(rosa: Rosa) -> None:
    form = rosa.client.get("/tell")
    check = rosa.client.submit(form, {"text": "Dr Okafor was alone."}, button="Continue", status=200)
    page = rosa.send(check, status=429)
    assert listed(page) == listed(check)
    assert "Dr Okafor" in listed(page)[0]


def test_in_welsh_the_wider_wording_is_welsh_and_the_words_are_hers(rosa: Rosa) -> None:
    form = rosa.client.get("/cy/tell")
    rosa.wait()
    filled = {**filled_in(form.form()), "text": "Dr Okafor was alone.", "step": "check"}
    page = rosa.client.post("/cy/tell", filled)
    (found,) = [item for item in page.tree.find(".//main").iter("li") if item.find("strong") is not None]
    assert words(found.find("strong")) == "Dr Okafor"
