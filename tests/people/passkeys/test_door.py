"""Signing in with a passkey: after the passphrase, once, from our own page, by her own device, and no copy of it."""

import json
from unittest.mock import patch

import pytest
from sqlalchemy import select, update

from concerns.founding.rounds import go_round
from concerns.people import asking, code_tries, sessions
from concerns.people.access import COOKIE
from concerns.people.model import Asked, Passkey, Person
from concerns.people.passkeys import door
from concerns.people.signing_in import SignInRefused, TooManyCodes, TooManyPassphrases, unlock
from concerns.sealing import passwords
from concerns.sealing.text import from_text, to_text
from tests.cast import Instance
from tests.people.passkeys.authenticator import PRESENT, VERIFIED, Device
from tests.people.passkeys.with_passkeys import added, begun, first_step, options, passkeys, person
from tests.people.visiting import Desk
from tests.police import words

REFUSED = "The e-mail address, the passphrase or the passkey is wrong, or you took longer than five minutes"


def test_a_guardian_comes_in_with_passphrase_and_passkey_and_holds_her_secret(instance: Instance) -> None:
    device = added(instance, "gita")
    cookie, asked = begun(instance, "gita")
    opened = sessions.resume(instance.house, door.finish(instance.house, cookie, device.use(asked)))
    assert opened == sessions.Resumed(*instance.secrets["gita"])


@pytest.mark.attack
def test_an_answer_works_once(instance: Instance) -> None:
    device = added(instance, "gita")
    cookie, asked = begun(instance, "gita")
    answer = device.use(asked)
    door.finish(instance.house, cookie, answer)  # so the attack could work
    with pytest.raises(SignInRefused):
        door.finish(instance.house, cookie, answer)
    with pytest.raises(SignInRefused):
        door.finish(instance.house, begun(instance, "gita")[0], answer)


@pytest.mark.attack
def test_another_page_gets_no_answer_that_is_good_here(instance: Instance) -> None:
    device = added(instance, "gita")
    for wrong in (
        {"origin": "https://desk.example.com"},
        {"origin": "http://desk.example.org"},
        {"host": "example.com"},
        {"flags": PRESENT},  # somebody touched it, and nobody said who
        {"flags": VERIFIED},
    ):
        cookie, asked = begun(instance, "gita")
        with pytest.raises(SignInRefused):
            door.finish(instance.house, cookie, device.use(asked, **wrong))
    cookie, asked = begun(instance, "gita")
    door.finish(instance.house, cookie, device.use(asked))


@pytest.mark.attack
def test_nobody_comes_in_with_somebody_elses_passkey(instance: Instance) -> None:
    lenas = added(instance, "lena")
    added(instance, "gita")
    for owner in (lenas.owner, "", person(instance, "gita").id.hex()):
        lenas.owner = owner
        cookie, asked = begun(instance, "gita")
        with pytest.raises(SignInRefused):
            door.finish(instance.house, cookie, lenas.use(asked))


@pytest.mark.attack
def test_a_wrong_passphrase_helps_nobody_who_has_the_device(instance: Instance) -> None:
    device = added(instance, "gita")
    cookie, asked = begun(instance, "gita", "wrong in any case")
    with pytest.raises(SignInRefused):
        door.finish(instance.house, cookie, device.use(asked))


@pytest.mark.attack
def test_another_key_under_the_same_name_is_refused(instance: Instance) -> None:
    device = added(instance, "gita")
    forged = Device(id=device.id, owner=device.owner, count=50)
    cookie, asked = begun(instance, "gita")
    with pytest.raises(SignInRefused):
        door.finish(instance.house, cookie, forged.use(asked))


@pytest.mark.attack
def test_an_old_challenge_is_worth_nothing(instance: Instance) -> None:
    device = added(instance, "gita")
    cookie, asked = begun(instance, "gita")
    instance.clock.pass_(minutes=5)
    with pytest.raises(SignInRefused):
        door.finish(instance.house, cookie, device.use(asked))
    assert door.question(instance.house, cookie) is None


@pytest.mark.attack
def test_a_copied_passkey_is_noticed_by_its_count(instance: Instance) -> None:
    device = added(instance, "gita")
    copy = Device(key=device.key, id=device.id, owner=device.owner)
    for one in (device, device):
        cookie, asked = begun(instance, "gita")
        door.finish(instance.house, cookie, one.use(asked))
    cookie, asked = begun(instance, "gita")
    with pytest.raises(door.Copied, match="may have been copied"):
        door.finish(instance.house, cookie, copy.use(asked))


@pytest.mark.attack
def test_the_count_of_a_forged_answer_says_nothing(instance: Instance) -> None:
    device = added(instance, "gita", Device(count=7))
    forged = Device(id=device.id, owner=device.owner)
    cookie, asked = begun(instance, "gita")
    with pytest.raises(SignInRefused) as refused:
        door.finish(instance.house, cookie, forged.use(asked))
    assert not isinstance(refused.value, door.Copied)


def test_a_device_that_does_not_count_is_welcome_again_and_again(instance: Instance) -> None:
    device = added(instance, "gita", Device(counts=False))
    for _visit in range(2):
        cookie, asked = begun(instance, "gita")
        door.finish(instance.house, cookie, device.use(asked))


def test_a_guardian_who_is_removed_meanwhile_gets_no_session_with_her_secret(instance: Instance) -> None:
    device = added(instance, "gita")
    cookie, asked = begun(instance, "gita")
    with instance.stores.write_main() as main:
        main.execute(update(Person).where(Person.email == "gita@example.org").values(secret=None, roles=[]))
    with pytest.raises(SignInRefused):
        door.finish(instance.house, cookie, device.use(asked))


def test_two_answers_with_one_count_open_one_session(instance: Instance) -> None:
    device = added(instance, "gita")
    stale = passkeys(instance)[0]
    cookie, asked = begun(instance, "gita")
    door.finish(instance.house, cookie, device.use(asked))
    with pytest.raises(SignInRefused):  # it looked at the row before the first one was done
        door._use(instance.house, stale, 1)


def test_what_was_removed_or_changed_meanwhile_lets_nobody_in(instance: Instance) -> None:
    device = added(instance, "lena")
    for change in (
        update(Person).where(Person.email == "lena@example.org").values(verifier=bytes(32)),
        update(Person).where(Person.email == "lena@example.org").values(shut_on=instance.clock.now.date()),
        update(Passkey).values(person_id=person(instance, "ada").id),
    ):
        kept = person(instance, "lena")
        cookie, asked = begun(instance, "lena")
        with instance.stores.write_main() as main:
            main.execute(change)
        with pytest.raises(SignInRefused):
            door.finish(instance.house, cookie, device.use(asked))
        with instance.stores.write_main() as main:
            back = {"verifier": kept.verifier, "shut_on": None}
            main.execute(update(Person).where(Person.id == kept.id).values(**back))


@pytest.mark.parametrize(
    "answer", ["", "x", "[]", "{}", '{"response": {}}', "[" * 5000, "x" * 30_000, '{"rawId": "ä"}']
)
def test_what_is_no_answer_is_refused(instance: Instance, answer: str) -> None:
    added(instance, "gita")
    cookie, _asked = begun(instance, "gita")
    with pytest.raises(SignInRefused):
        door.finish(instance.house, cookie, answer)


@pytest.mark.parametrize("changed", [{"response": None}, {"id": "AAAA"}, {"type": "password"}])
def test_half_an_answer_is_refused(instance: Instance, changed: dict[str, object]) -> None:
    device = added(instance, "gita")
    cookie, asked = begun(instance, "gita")
    with pytest.raises(SignInRefused):
        door.finish(instance.house, cookie, json.dumps(json.loads(device.use(asked)) | changed))


@pytest.mark.parametrize(
    ("name", "passphrase"), [("gita", ""), ("gita", "wrong in any case"), ("nobody", ""), ("lena", "")]
)
def test_everybody_gets_the_same_second_page_at_the_same_cost(desk: Desk, name: str, passphrase: str) -> None:
    added(desk.instance, "gita")  # lena has none
    changed = {"passphrase": passphrase} if passphrase else {}
    with patch.object(passwords, "stretch", wraps=passwords.stretch) as stretch:
        page = first_step(desk, name, **changed)
    assert stretch.call_count == 1
    assert set(json.loads(options(page))) == {"challenge", "rpId", "timeout", "userVerification"}
    with desk.instance.stores.read_live() as live:
        (row,) = live.scalars(select(Asked))
    assert len(row.sealed) == 12 + 16 + LENGTH


#: of what is kept sealed until the answer, whoever began
LENGTH = 275


def test_s3_the_row_opens_nothing_without_the_cookie(instance: Instance) -> None:
    cookie, _asked = begun(instance, "gita")
    with instance.stores.read_live() as live:
        (row,) = live.scalars(select(Asked))
    secret = instance.secrets["gita"][1]
    everything = row.id_hash + row.sealed
    for form in (secret, to_text(secret).encode(), secret[:32], secret[32:], from_text(cookie)[16:]):
        assert form not in everything
    assert to_text(secret) == (asking.asked(instance.house, asking.PASSKEY_IN, cookie) or {})["secret"]  # it lies there
    right_id, other_key = from_text(cookie)[:16], bytes(32)
    assert asking.asked(instance.house, asking.PASSKEY_IN, to_text(right_id + other_key)) is None
    assert asking.asked(instance.house, asking.PASSKEY_IN, "A" * 64) is None
    assert asking.asked(instance.house, asking.PASSKEY_ADD, cookie) is None  # nor does it answer another question


def rows(instance: Instance) -> int:
    with instance.stores.read_live() as live:
        return live.query(Asked).count()


@pytest.mark.attack
@pytest.mark.parametrize("by", ["somebody signs in", "the hourly round"])
def test_a_question_that_nobody_answers_does_not_keep_her_secret(instance: Instance, by: str) -> None:
    added(instance, "gita")
    begun(instance, "gita")
    instance.clock.pass_(minutes=4)
    sessions.start(instance.house, person(instance, "lena").id, None)
    assert rows(instance) == 1
    instance.clock.pass_(minutes=1)
    if by == "the hourly round":
        assert go_round(instance.house) == []
    else:
        sessions.start(instance.house, person(instance, "lena").id, None)
    assert rows(instance) == 0


@pytest.mark.attack
def test_whoever_has_the_device_cannot_guess_the_passphrase_for_ever(instance: Instance) -> None:
    device = added(instance, "gita")
    for _guess in range(5):
        cookie, asked = begun(instance, "gita", "wrong in any case")
        with pytest.raises(SignInRefused) as refused:
            door.finish(instance.house, cookie, device.use(asked))
        assert not str(refused.value)
    for passphrase in ("wrong in any case", None):  # the right one would be told apart otherwise
        cookie, asked = begun(instance, "gita", passphrase)
        with pytest.raises(door.TooManyWithPasskey, match="Try again in 1 minute, or sign in with a code"):
            door.finish(instance.house, cookie, device.use(asked))
    unlock(instance.house, "gita@example.org", instance.passphrase("gita"), instance.code())  # her code does not wait
    instance.clock.pass_(minutes=1)
    cookie, asked = begun(instance, "gita")
    door.finish(instance.house, cookie, device.use(asked))
    for _visit in range(8):  # and a right one ends the count
        cookie, asked = begun(instance, "gita")
        door.finish(instance.house, cookie, device.use(asked))


@pytest.mark.attack
def test_without_the_device_nobody_makes_a_passkey_wait(instance: Instance) -> None:
    device = added(instance, "gita")
    for _guess in range(8):
        cookie, asked = begun(instance, "gita", "wrong in any case")
        with pytest.raises(SignInRefused):
            door.finish(instance.house, cookie, Device(id=device.id, owner=device.owner).use(asked))
    cookie, asked = begun(instance, "gita")
    door.finish(instance.house, cookie, device.use(asked))


@pytest.mark.attack
def test_a_device_that_says_it_is_somebody_elses_is_refused(instance: Instance) -> None:
    device = added(instance, "gita")
    hers, device.owner = device.owner, to_text(person(instance, "lena").id)
    cookie, asked = begun(instance, "gita")
    with pytest.raises(SignInRefused):
        door.finish(instance.house, cookie, device.use(asked))
    device.owner = hers
    cookie, asked = begun(instance, "gita")
    door.finish(instance.house, cookie, device.use(asked))


def test_the_session_that_was_open_before_ends(desk: Desk) -> None:
    device = added(desk.instance, "gita")
    desk.sign_in("gita")
    old = desk.client.client.get_cookie(COOKIE, path="/desk/")
    cookie, asked = begun(desk.instance, "gita")
    with desk.client.client.session_transaction(base_url="https://localhost/desk/") as kept:
        kept["asked"] = cookie
    page = desk.client.get("/sign-in/passkey")
    desk.client.submit(page, {"credential": device.use(asked)})
    assert old is not None and sessions.resume(desk.instance.house, old.value) is None
    desk.client.get("/inbox")


def test_while_wrong_passphrases_make_the_code_wait_a_passkey_works(instance: Instance) -> None:
    device = added(instance, "gita")
    code = ("gita@example.org", instance.passphrase("gita"), instance.code())
    for _guess in range(30):
        code_tries.failed(instance.house, code_tries.at_the_door("gita@example.org"))
        code_tries.claim(instance.house, person(instance, "gita").id)
    with pytest.raises(TooManyPassphrases, match="Who has a passkey can use it meanwhile"):
        unlock(instance.house, *code)
    code_tries.forget(instance.house, code_tries.at_the_door("gita@example.org"))
    with pytest.raises(TooManyCodes):
        unlock(instance.house, *code)
    cookie, asked = begun(instance, "gita")
    door.finish(instance.house, cookie, device.use(asked))


def test_the_pages_lead_her_where_she_wanted_to_go(desk: Desk) -> None:
    device = added(desk.instance, "gita")
    page = desk.client.get("/sign-in?wanted=/keys/shares")
    factors = {"email": "gita@example.org", "passphrase": desk.instance.passphrase("gita")}
    desk.client.submit(page, factors, button="Use a passkey instead of a code")
    page = desk.client.get("/sign-in/passkey")
    done = desk.client.submit(page, {"credential": device.use(options(page))})
    assert done.location == "/desk/keys/shares"
    desk.client.get("/inbox")
    desk.client.get("/sign-in/passkey", 302)


def test_a_wrong_answer_leads_back_to_the_first_page(desk: Desk) -> None:
    added(desk.instance, "gita")
    page = first_step(desk, "gita")
    again = desk.client.submit(page, {"credential": Device().use(options(page))}, status=403)
    assert again.errors == [REFUSED]
    assert [words(one) for one in again.tree.iter("h1")] == ["Sign in"]
    desk.client.get("/sign-in/passkey", 302)  # the question is answered


def test_an_empty_answer_asks_again(desk: Desk) -> None:
    page = desk.client.submit(first_step(desk, "gita"), status=422)
    assert page.errors == ["Your device has not answered. Try again"]


def test_a_desk_without_a_name_offers_no_passkeys(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("concerns.people.passkeys.ceremony.host", lambda _house: None)
    assert "passkey" not in desk.client.get("/sign-in").text.lower()
    desk.sign_in("lena")
    assert "reached by a number" in desk.client.get("/me/passkeys").text


def test_a_page_from_before_another_sign_out_leads_back_to_the_first_one(desk: Desk) -> None:
    added(desk.instance, "gita")
    first_step(desk, "gita")
    page = desk.client.post("/sign-in/passkey", {"credential": "{}", "csrf_token": "old"}, 400)
    assert page.errors == ["This page was too old. Fill it in again"] and page.h1 == "Sign in"


def test_only_the_page_that_asks_lets_a_browser_ask_the_device(desk: Desk) -> None:
    page = first_step(desk, "gita")
    opened = page.response.headers["Permissions-Policy"]
    shut = desk.client.get("/sign-in").response.headers["Permissions-Policy"]
    assert opened != shut and opened == shut.replace("get=()", "get=(self)")
