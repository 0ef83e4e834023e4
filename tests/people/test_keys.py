"""The page of guardians’ keys before the service opens: a guardian signs what she read, all of it, and nothing else."""

import dataclasses
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from concerns.areas.model import Organisation
from concerns.areas.questions import OPTIONAL, Questions
from concerns.charter import service as charter
from concerns.charter.loosening import BY_NAME, RULES, SHOWN
from concerns.charter.policy import CLOCKS, Policy
from concerns.charter.service import NotOpenYet
from concerns.founding.launching import ready
from concerns.people import shares as shares_service
from concerns.people.model import Person
from concerns.people.policies import said
from concerns.people.second_factor import code_at
from concerns.people.service import add_person, equip
from tests.cast import TOTP, Instance
from tests.founding.setting_up import settled, signed_by_all
from tests.people.test_shares import made
from tests.people.visiting import Desk
from tests.police import Page

OTHER = "It was not signed: the guardians or the rules have changed since you opened this page, so read them again."


def waiting(unfounded: Instance, **wanted: Any) -> bytes:
    """A pilot whose guardians have to sign; returns the admin's id."""
    ada = settled(unfounded)
    with unfounded.stores.write_main() as main:
        main.get_one(Organisation, 1).rules_wanted = wanted
    ready.begin(unfounded.house, "pilot", ada)
    return ada


def at(instance: Instance, name: str) -> Desk:
    desk = Desk(instance)
    desk.sign_in(name)
    return desk


def facts(page: Page) -> dict[str, str]:
    """The rows of the list of rules."""
    rows = page.with_class("govuk-summary-list__row")
    return {" ".join(row[0].text.split()): " ".join(row[1].text.split()) for row in rows}


def signatures(instance: Instance) -> int:
    with instance.stores.read_main() as main:
        found = charter.drafts(main)
        return sum(map(len, found.signed.values())) if found else 0


def is_open(instance: Instance) -> bool:
    try:
        return bool(instance.charter)
    except NotOpenYet:
        return False


def test_she_reads_every_rule_before_she_signs(unfounded: Instance) -> None:
    waiting(
        unfounded, retention_months=7, acknowledge_days=6, second_reader_working_days=5, update_days=31,
        feedback_months=11, watch_months=13, cutoff_days=45, collect_hour=22, quarter=False, handling=True,
    )  # fmt: skip
    with unfounded.stores.read_main() as main:
        found = charter.drafts(main)
    assert found is not None
    shown = facts(at(unfounded, "gita").client.get("/keys"))
    assert {rule.words: rule.show(found.policy) for rule in RULES}.items() <= shown.items()
    assert shown["Months from a flag’s conclusion to its deletion"] == "7 months"
    assert shown["Months from a flag’s arrival to its deletion, at most"] == "31 months"
    assert shown["Release each quarter"] == "none"
    assert shown["The form leaves out"] == "Nothing"


OTHERWISE: dict[str, Any] = {
    **{rule.name: rule.most for rule in RULES if rule.name in {one.name for one in dataclasses.fields(Policy)}},
    SHOWN: True,
    "kinds": {"year": Fraction(1)},
    "clocks": {**CLOCKS, "update_days": 31},
    "questions": Questions(frozenset({"photos"})),
}


@pytest.mark.parametrize("name", [one.name for one in dataclasses.fields(Policy)])
def test_no_field_of_the_policy_is_left_unsaid(name: str) -> None:
    """Neither one that is added some day: without another value here this fails."""
    usual = Policy(kinds={"year": Fraction(1, 2)})
    assert said(dataclasses.replace(usual, **{name: OTHERWISE[name]})) != said(usual)


@pytest.mark.parametrize("name", CLOCKS)
def test_no_clock_is_left_unsaid(name: str) -> None:
    usual = Policy(kinds={})
    other = dataclasses.replace(usual, clocks={**CLOCKS, name: int(BY_NAME[name].most)})
    assert said(other) != said(usual)


def test_each_question_and_each_word_of_the_form_is_said() -> None:
    usual = Policy(kinds={})
    forms = [*(Questions(frozenset({one})) for one in OPTIONAL), *(
        Questions(words={code: {name: "What next?"}}) for code in ("en", "cy", "xx") for name in ("text", "help")
    )]  # fmt: skip
    assert len({said(dataclasses.replace(usual, questions=one)) for one in [Questions(), *forms]}) == len(forms) + 1


def other_rules(instance: Instance) -> None:
    with instance.stores.write_main() as main:
        main.get_one(Organisation, 1).rules_wanted = {"feedback_months": 12}


def another_form(instance: Instance) -> None:
    with instance.stores.write_main() as main:
        main.get_one(Organisation, 1).questions = Questions(frozenset({"reach"})).stored


def a_puppet(instance: Instance) -> None:
    with instance.stores.write_main() as main:
        person = add_person(main, "Pete", "pete@example.org", ["guardian"])
        secret = equip(person, instance.passphrase("pete"), TOTP, instance.directory / "run")
        assert secret is not None
        instance.secrets["pete"] = (person.id, secret)


@pytest.mark.parametrize(
    ("change", "row"),
    [
        (other_rules, ("Months to say what came of it", "12 months")),
        (another_form, ("The form leaves out", "Whether the reporter wants to be reached")),
        (a_puppet, None),
    ],
    ids=["rules", "form", "guardian"],
)
def test_she_signs_no_other_draft_than_she_read(
    unfounded: Instance, change: Callable[[Instance], None], row: tuple[str, str] | None
) -> None:
    """The admin takes set-up up again while the page is open, changes something, and begins anew."""
    ada = waiting(unfounded)
    gita = at(unfounded, "gita")
    read = gita.client.get("/keys")
    ready.set_back(unfounded.house, ada)
    late = gita.client.submit(read, button="Sign", status=409)
    assert "It was not signed: there is nothing to sign yet." in late.text
    change(unfounded)
    ready.begin(unfounded.house, "pilot", ada)
    late = gita.client.submit(read, button="Sign", status=409)
    assert OTHER in late.text
    assert signatures(unfounded) == 0
    assert "Pete" in late.text if row is None else row in facts(late).items()
    # what she reads now she may sign
    gita.client.submit(late, button="Sign")
    assert signatures(unfounded) == 2


def test_a_press_that_names_nothing_signs_nothing(unfounded: Instance) -> None:
    waiting(unfounded)
    gita = at(unfounded, "gita")
    page = gita.client.get("/keys")
    token = page.tree.find(".//input[@name='csrf_token']").get("value")
    for named in ({}, {"document": ""}, {"document": "0" * 64}):
        assert OTHER in gita.client.post("/keys", {"csrf_token": token, **named}, 409).text
    assert signatures(unfounded) == 0


def test_the_names_are_those_of_what_she_signs(unfounded: Instance) -> None:
    """Not those of the accounts, which may be called otherwise by now, or have another role."""
    waiting(unfounded)
    with unfounded.stores.write_main() as main:
        gwen = main.get_one(Person, unfounded.secrets["gwen"][0])
        gwen.name, gwen.roles = "Somebody harmless", ["leader"]
    page = at(unfounded, "gita").client.get("/keys")
    rows = [" ".join(row[0].text.split()) for row in page.tree.findall(".//tbody/tr")]
    assert rows == ["Gita", "Gwen"]


def test_what_set_up_settled_is_signed_and_asked(unfounded: Instance) -> None:
    another_form_first = settled(unfounded)
    another_form(unfounded)
    ready.begin(unfounded.house, "pilot", another_form_first)
    assert not is_open(unfounded)
    for name in ("gita", "gwen"):
        desk = at(unfounded, name)
        desk.client.submit(desk.client.get("/keys"), button="Sign")
    assert is_open(unfounded)
    assert unfounded.charter.policies[0].policy.questions == Questions(frozenset({"reach"}))
    assert 'name="wish"' not in unfounded.report_app.test_client().get("/tell").text


class TestShares:
    def test_they_are_made_and_tried_as_soon_as_she_has_keys(self, unfounded: Instance) -> None:
        settled(unfounded)
        gita = at(unfounded, "gita")
        page = gita.client.get("/keys")
        assert "without them a lost passphrase costs you your keys" in page.text
        assert page.links()["recovery shares"] == "/desk/keys/shares"
        one, two, _three = made(gita)
        tried = {"one_share": one, "other_share": two}
        form = gita.client.get("/keys/shares/try")
        fields = [field.get("name") for field in form.tree.iter("textarea")]
        gita.client.submit(form, dict(zip(fields, tried.values(), strict=True)), button="Try them")
        assert "two of them would have worked" in gita.client.get("/keys/shares").text
        assert not is_open(unfounded)

    def test_used_before_the_first_signatures_the_new_keys_are_signed(self, unfounded: Instance) -> None:
        ada = settled(unfounded)
        shares = made(at(unfounded, "gita"))
        person_id, _secret = unfounded.secrets["gita"]
        token = shares_service.invite(unfounded.house, person_id)
        unfounded.clock.pass_(seconds=60)
        code = code_at(TOTP, unfounded.clock())
        unfounded.secrets["gita"] = shares_service.use(
            unfounded.house, token, shares[:2], "Gita keeps goats in the cellar", TOTP, code
        )
        ready.begin(unfounded.house, "pilot", ada)
        signed_by_all(unfounded)
        assert unfounded.guardian("gita").key.person_id == person_id
