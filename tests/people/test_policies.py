"""The admin drafts a change of the rules, guardians sign or stop it, and the pages say what it does."""

from fractions import Fraction

from concerns.audit.model import AuditRow
from concerns.charter import pins
from concerns.founding.launching import launch
from tests.cast import Instance
from tests.charter.test_amending import amend, put_up
from tests.founding.setting_up import piloting, signed_by_all
from tests.people.visiting import Desk
from tests.police import Page

PATH, BUTTON = "/set-up/policy", "Put it up for signing"


def rows(page: Page) -> list[list[str]]:
    return [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in page.tree.findall(".//tbody/tr")]


def test_a_looser_rule_from_the_draft_to_the_day_on_which_it_starts(desk: Desk, instance: Instance) -> None:
    desk.sign_in("ada")
    page = desk.client.get(PATH)
    assert "Now: 12 months. It may be 1 to 60. More loosens, less tightens." in page.text
    desk.client.submit(page, {"retention_months": "24", "floor": " 12 "}, button=BUTTON)
    page = desk.client.get(PATH)
    change = [
        ["Smallest number ever shown Tightens", "10", "12"],
        ["Months from a flag’s conclusion to its deletion Loosens", "12 months", "24 months"],
    ]
    assert rows(page) == change
    assert "It loosens the rules, so it starts on 27 December 2026." in page.text
    assert "Sign these rules" not in page.text

    gita, gwen = desk.as_("gita"), desk.as_("gwen")
    page = gita.client.get("/keys")
    assert all(one in rows(page) for one in change)
    gita.client.submit(page, {}, button="Sign these rules")
    page = gita.client.get("/keys")
    assert "Signed by Gita. It waits until 13 December 2026." in page.text and "Sign these rules" not in page.text
    assert "Where you put up another change, this one is gone" in desk.client.get(PATH).text
    gwen.client.submit(gwen.client.get("/keys"), {}, button="Sign these rules")
    page = gwen.client.get("/keys")
    assert "Signed, and in force from 27 December 2026" in page.text and "The admin proposes" not in page.text
    assert (instance.directory / pins.NEWEST_POLICY).read_text().startswith("2 ")

    with instance.stores.read_main() as main:
        verbs = [row.verb for row in main.query(AuditRow).order_by(AuditRow.n)]
    assert [verb for verb in verbs if verb != "in"] == ["drafted", "ruled", "ruled"]
    assert "Signed a change of the rules" in gwen.client.get("/audit/").text
    instance.clock.pass_(days=35)
    assert instance.charter.policy_on(instance.clock().date()).floor == 12


def test_a_guardian_withdraws_it_and_a_late_press_says_so(desk: Desk, instance: Instance) -> None:
    put_up(instance, floor=15)
    desk.sign_in("gita")
    read = desk.client.get("/keys")
    assert "It loosens nothing, so it is in force as soon as two guardians have signed." in read.text
    gwen = desk.as_("gwen")
    gwen.client.submit(gwen.client.get("/keys"), {}, button="Withdraw these rules")
    for button in ("Sign these rules", "Withdraw these rules"):
        late = desk.client.submit(read, {}, button=button, status=409)
        assert "It was not signed: this change waits no longer." in late.text
    with instance.stores.read_main() as main:
        assert main.query(AuditRow).filter_by(verb="stopped").count() == 1


def test_nonsense_comes_back_as_it_was_typed_with_one_sentence_each(desk: Desk) -> None:
    desk.sign_in("ada")
    typed = {
        "quarter": "half", "year": "1/0", "handling": "3/4", "floor": "9", "smallest_area": "", "watch_months": "-1",
        "answers_show_releases": "y",
    }  # fmt: skip
    page = desk.client.submit(desk.client.get(PATH), typed, button=BUTTON, status=422)
    for sentence in (
        "Release each quarter: write a fraction like 1/2, or leave it empty",
        "Release each year: write a fraction like 1/2, or leave it empty",
        "Smallest area counted alone: write a whole number",
        "Months in which a concluded theme is watched: write a whole number",
    ):
        assert page.text.count(sentence) == 2
    form = page.form(button=BUTTON)
    kept = {name: form.find(f".//input[@name='{name}']").get("value") for name in typed}
    assert kept == typed and form.find(".//input[@name='answers_show_releases']").get("checked") is not None
    sums = {**typed, "quarter": "3/2", "year": "1", "smallest_area": "20", "watch_months": "12", "handling": ""}
    page = desk.client.submit(page, {**sums, "floor": "10"}, button=BUTTON, status=422)
    assert "All ε together are 5/2. They may be 2 at most" in page.text
    page = desk.client.submit(page, {**sums, "quarter": "1", "floor": "9"}, button=BUTTON, status=422)
    assert "Smallest number ever shown: between 10 and 100" in page.text


def test_a_form_that_was_signed_in_a_pilot_is_put_up_again_at_the_launch(unfounded: Instance) -> None:
    """The pilot’s rules are destroyed with it; nobody should have to word the form a second time."""
    person = piloting(unfounded)
    ada = Desk(unfounded)
    ada.sign_in("ada")
    ada.client.submit(ada.client.get("/set-up/form"), {"text_en": "What went wrong?"}, button=BUTTON)
    for name in ("gita", "gwen"):
        desk = ada.as_(name)
        desk.client.submit(desk.client.get("/keys"), {}, button="Sign these rules")
    launch.begin(unfounded.house, person)
    page = desk.client.get("/keys")
    assert "The first question, in English What went wrong?" in page.text
    signed_by_all(unfounded)
    assert unfounded.charter.policies[0].policy.questions.words == {"en": {"text": "What went wrong?"}}


def test_the_same_rules_are_no_change(desk: Desk) -> None:
    desk.sign_in("ada")
    page = desk.client.submit(desk.client.get(PATH), {}, button=BUTTON, status=409)
    assert "Nothing changes." in page.text


def test_before_the_service_is_open_there_is_nothing_to_change(desk: Desk, instance: Instance) -> None:
    desk.sign_in("ada")
    page = desk.client.get(PATH)
    (instance.directory / pins.PIN).unlink()
    assert "The rules cannot be changed now" in desk.client.get(PATH).text
    assert "The rules cannot be changed now" in desk.client.submit(page, {}, button=BUTTON, status=200).text


def test_kinds_start_with_a_year_and_a_newer_change_takes_their_place(desk: Desk, instance: Instance) -> None:
    amend(instance, kinds={"year": Fraction(1, 2)})
    desk.sign_in("ada")
    page = desk.client.get(PATH)
    assert "Signed, and in force from 1 January 2027" in page.text
    assert ["Release each quarter Tightens", "ε = 1/2", "none"] in rows(page)
    desk.client.submit(page, {"quarter": "1/2", "floor": "12"}, button=BUTTON)
    page = desk.client.get(PATH)
    assert "It takes the place of what is signed to start on 1 January 2027." in page.text
    assert "It loosens nothing" in page.text
