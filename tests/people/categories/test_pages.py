"""Ada changes the themes, and Gita agrees or sends it back; production settings, on both stores."""

import datetime as dt

from concerns.themes.queries import current_set
from concerns.themes.wordings import Words, reword_theme
from tests.cast import Instance
from tests.people.visiting import Desk
from tests.police import Page

JANUARY = dt.date(2027, 1, 1)


def names(instance: Instance, day: dt.date = JANUARY) -> list[str]:
    with instance.stores.read_main() as main:
        return [theme.name for theme in current_set(main, day)]


def themes(desk: Desk) -> Page:
    return desk.client.get("/set-up/themes")


def rename(desk: Desk, name: str, status: int = 302) -> Page:
    page = desk.client.get("/set-up/themes/name?theme=N03")
    return desk.client.submit(page, {"name": name}, status=status)


def deeds(desk: Desk) -> str:
    return desk.client.get("/audit/").text


def test_ada_drafts_gita_agrees_and_ada_takes_it_back(desk: Desk, instance: Instance) -> None:
    before = names(instance)
    desk.sign_in("ada")
    assert "Change the themes" in desk.client.get("/set-up").links()
    assert "The themes stay as they are." in themes(desk).text
    rename(desk, "Rotas and skills")
    merged = desk.client.get("/set-up/themes/future?theme=N02")
    desk.client.submit(merged, {"future": "merged", "into": "N03"})
    page = themes(desk)
    assert "This is a draft. No guardian sees it yet." in page.text
    assert "“Staffing and skill mix” is called “Rotas and skills” from then on." in page.text
    desk.client.submit(page, button="Put it up for a guardian")
    assert "It waits for a guardian." in themes(desk).text

    gita = desk.as_("gita")
    assert "A change of the themes waits for a guardian" in gita.client.get("/inbox").links()
    assert "A change of the themes waits for a guardian" in gita.client.get("/insight").links()
    read = gita.client.get("/insight/themes")
    assert "is called “Rotas and skills” from then on." in read.text
    assert names(instance) == before
    gita.client.submit(read, button="Agree to this change")
    assert "No change of the themes waits for you." in gita.client.get("/insight/themes").text
    assert "A change of the themes waits for a guardian" not in gita.client.get("/inbox").links()
    assert "Rotas and skills" in names(instance) and len(names(instance)) == len(before) - 1
    assert names(instance, instance.house.today()) == before

    page = themes(desk)
    assert "A guardian agreed to this." in page.text
    desk.client.submit(page, button="Take it back")
    assert names(instance) == before
    assert "This is a draft." in themes(desk).text
    desk.client.submit(themes(desk), button="Throw the draft away")
    assert "The themes stay as they are." in themes(desk).text
    said = deeds(desk)
    for deed in (
        "Drafted a change of the themes: N03",
        "Drafted a change of the themes: N02",
        "Put up a change of the themes",
        "Took back a change of the themes",
        "Threw away a draft of the themes",
    ):
        assert deed in said
    assert "Rotas" not in said
    assert "Agreed to a change of the themes" in deeds(gita)


def test_gita_sends_it_back_with_a_fixed_sentence(desk: Desk, instance: Instance) -> None:
    desk.sign_in("ada")
    rename(desk, "What Mrs Smith did")
    page = themes(desk)
    assert "The name “What Mrs Smith did” may point to one person, day or place." in page.text
    desk.client.submit(page, button="Put it up for a guardian")
    gita = desk.as_("gita")
    read = gita.client.get("/insight/themes")
    assert "may point to one person, day or place" in read.text
    refused = gita.client.submit(read, button="Send it back", status=422)
    assert refused.errors == ["Choose why you send it back"]
    gita.client.submit(refused, {"answer": "name"}, button="Send it back")
    gita.client.submit(read, button="Agree to this change", status=409)
    assert "Agreed to a change of the themes" not in deeds(gita)
    page = themes(desk)
    assert "A guardian sent it back: A name could point to one event, one place or one person." in page.text
    assert "What Mrs Smith did" not in names(instance)
    assert "Sent back a change of the themes" in deeds(gita)
    # somebody threw it away in another tab
    stale = page
    desk.client.submit(page, button="Throw the draft away")
    gone = desk.client.submit(stale, button="Put it up for a guardian", status=409)
    assert "There is no draft. Another admin may have thrown it away." in gone.text


def test_words_work_at_once(desk: Desk, instance: Instance) -> None:
    desk.sign_in("ada")
    page = desk.client.get("/set-up/themes/words?theme=N03")
    wrong = desk.client.submit(page, {"definition": "", "keywords": "zeppelin"}, status=422)
    assert wrong.errors == ["Definition: write in a sentence what belongs to the theme"]
    assert "zeppelin" in wrong.html
    desk.client.submit(wrong, {"definition": "Who works when.", "keywords": "zeppelin\nnight rota"})
    with instance.stores.read_main() as main:
        theme = next(one for one in current_set(main, instance.house.today()) if one.code == "N03")
    assert (theme.definition, theme.keywords) == ("Who works when.", ("zeppelin", "night rota"))
    assert "Changed the words of a theme: N03" in deeds(desk)
    assert "zeppelin" not in deeds(desk)
    tried = desk.client.submit(themes(desk), {"sentence": "A zeppelin landed"}, button="Try it", status=200)
    assert "Now: “Staffing and skill mix”, because of zeppelin." in tried.text
    tried = desk.client.submit(tried, {"sentence": "Hm"}, button="Try it", status=200)
    assert "Now: no theme: none of its words speaks for one." in tried.text
    assert "zeppelin" not in themes(desk).text
    nothing = desk.client.submit(tried, {"sentence": " "}, button="Try it", status=422)
    assert nothing.errors == ["Write a sentence to try"]


def words(desk: Desk, definition: str, keywords: str, theme: str = "N03") -> None:
    page = desk.client.get(f"/set-up/themes/words?theme={theme}")
    desk.client.submit(page, {"definition": definition, "keywords": keywords}, button="Save")


def described(instance: Instance, code: str = "N03") -> tuple[str, tuple[str, ...]]:
    with instance.stores.read_main() as main:
        theme = next(one for one in current_set(main, instance.house.today()) if one.code == code)
    return theme.definition, theme.keywords


def test_earlier_words_are_kept_and_put_back(desk: Desk, instance: Instance) -> None:
    before = described(instance)
    desk.sign_in("ada")
    assert "earlier words" not in desk.client.get("/set-up/themes/words?theme=N03").links()
    words(desk, "Who works when.", "zeppelin")
    words(desk, "Who works when.", "zeppelin")
    instance.clock.pass_(days=1)
    desk.sign_in("ada")
    words(desk, "Who is <b>there</b>.", "night rota")
    page = desk.client.get("/set-up/themes/words?theme=N03")
    page = desk.client.get(page.links()["earlier words"].removeprefix("/desk"))
    assert page.h1 == "Earlier words"
    assert page.text.count("Until ") == 2 and page.text.count("You changed them") == 2
    assert page.text.index("Who works when.") < page.text.index(before[0])
    desk.client.submit(page, button="Put these back (the words until 23 November 2026)")
    assert described(instance) == ("Who works when.", ("zeppelin",))
    page = desk.client.get("/set-up/themes/earlier?theme=N03")
    assert "Who is <b>there</b>." in page.text and "night rota" in page.text
    # what is in force already is not offered
    assert page.text.count("Put these back") == 2
    assert "Until" not in desk.client.get("/set-up/themes/earlier?theme=N02").text
    said = deeds(desk)
    assert said.count("Changed the words of a theme: N03") == 3
    assert "zeppelin" not in said and "rota" not in said


def test_what_another_admin_changed_names_nobody(desk: Desk, instance: Instance) -> None:
    with instance.stores.write_main() as main:
        reword_theme(main, "N03", Words("Rotas.", ()), 1, instance.house.today(), b"o" * 16)
    desk.sign_in("ada")
    page = desk.client.get("/set-up/themes/earlier?theme=N03")
    assert "Another admin changed them" in page.text and "You changed" not in page.text
    assert "No keywords" in page.text


def test_earlier_words_come_a_page_at_a_time(desk: Desk, instance: Instance) -> None:
    with instance.stores.write_main() as main:
        for number in range(12):
            reword_theme(main, "N03", Words(f"Number {number}.", ()), 1, instance.house.today(), b"o" * 16)
    desk.sign_in("ada")
    page = desk.client.get("/set-up/themes/earlier?theme=N03")
    assert page.text.count("changed them") == 10 and "Number 0." not in page.text
    page = desk.client.get(page.links()["Words before these"].removeprefix("/desk"))
    assert "Number 0." in page.text and "Words before these" not in page.links()
    for odd in ("x", "-1", "0", "9" * 30):
        assert "Number 10." in desk.client.get(f"/set-up/themes/earlier?theme=N03&under={odd}").text


def test_what_is_no_earlier_word_of_this_theme_is_not_put_back(desk: Desk, instance: Instance) -> None:
    desk.sign_in("ada")
    words(desk, "Rotas.", "")
    before = described(instance, "N02")
    page = desk.client.get("/set-up/themes/earlier?theme=N03")
    token = next(one.get("value") for one in page.tree.iter("input") if one.get("name") == "csrf_token")
    for n in ("1", "", "x", "-1", "9" * 30):
        desk.client.post("/set-up/themes/earlier?theme=N02", {"csrf_token": token, "n": n}, 302)
    desk.client.post("/set-up/themes/earlier?theme=N03", {"n": "1"}, 400)
    assert (described(instance, "N02"), described(instance)[0]) == (before, "Rotas.")
    desk.client.get("/set-up/themes/earlier?theme=X99", 404)


def test_a_new_theme_gets_its_code_and_nothing_typed_is_lost(desk: Desk) -> None:
    desk.sign_in("ada")
    page = desk.client.get("/set-up/themes/add")
    typed = {"name": "=Sky", "group": "Safety", "spine": "SAFE", "definition": "Air ships.", "keywords": "zeppelin"}
    wrong = desk.client.submit(page, typed, status=422)
    assert wrong.errors == ["Name: begin with a letter or a figure, not with “=”"]
    for kept in ("=Sky", "Air ships.", "zeppelin"):
        assert kept in wrong.html
    desk.client.submit(wrong, {"name": "Air ships"})
    page = themes(desk)
    assert "“Air ships” is new." in page.text
    tried = desk.client.submit(page, {"sentence": "A zeppelin landed"}, button="Try it", status=200)
    assert "Now: no theme" in tried.text and "After the change: “Air ships”, because of zeppelin." in tried.text
    desk.client.submit(desk.client.get("/set-up/themes/words?theme=N15"), {"keywords": "zeppelin\nballoon"})
    assert "2 keywords" in themes(desk).text
    desk.client.submit(desk.client.get("/set-up/themes/future?theme=N15"), {"future": "retired"})
    assert "Air ships" not in themes(desk).text


def test_a_split_is_refused_and_made_with_what_was_typed(desk: Desk) -> None:
    desk.sign_in("ada")
    page = desk.client.get("/set-up/themes/future?theme=N03")
    itself = desk.client.submit(page, {"future": "merged", "into": "N03"}, status=422)
    assert itself.errors == ["Merged into: a theme cannot be merged into itself"]
    wrong = desk.client.submit(page, {"future": "split", "parts": "Rotas"}, status=422)
    assert wrong.errors == ["Names of the parts: write two to 8, one in each line"]
    desk.client.submit(wrong, {"future": "split", "parts": "Rotas\nSkills"})
    assert "is split into “Rotas” and “Skills”." in themes(desk).text
    again = desk.client.get("/set-up/themes/future?theme=N03")
    assert "Rotas\nSkills" in again.html
    # it does not go on, so it has no other name
    assert "/set-up/themes/future" in desk.client.get("/set-up/themes/name?theme=N03", 302).location


def test_nobody_else_and_no_unknown_theme(desk: Desk) -> None:
    desk.sign_in("ada")
    for page in ("words", "name", "future"):
        desk.client.get(f"/set-up/themes/{page}?theme=X99", 404)
    desk.client.get("/insight/themes", 403)
    gita = desk.as_("gita")
    gita.client.get("/set-up/themes", 403)
    assert "No change of the themes waits for you." in gita.client.get("/insight/themes").text
