"""Nothing that a guardian typed is lost, whatever fails; and nothing secret, or of somebody else's, is ever sent back."""

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import OperationalError

from concerns.people import keeping, service, sessions
from concerns.people.model import Person
from concerns.people.second_factor import code_at
from concerns.sealing.envelope import Kind
from concerns.sealing.model import ShredKey
from concerns.triage import service as triage
from concerns.triage import showing
from concerns.triage.case import views as flag_views
from tests.cast import Instance
from tests.people.visiting import Desk, without_tokens
from tests.police import Page, every
from tests.triage.telling import Told, tell

WORK = {
    "status": "assessing",
    "reply": "Thank you. We’ve asked for a third nurse at night,\n“from Monday”.",
    "note": "Third flag about nights on this ward.",
}


def broken(*_args: object, **_more: object) -> None:
    raise OperationalError("SELECT", {}, Exception("the store is away"))


def kept(page: Page) -> dict[str, str]:
    """What the page would send again."""
    return {field.get("name"): field.get("value") for field in every(page.form(), "input")}


def replies(told: Told) -> list[object]:
    return [item.payload["text"] for item in told.opened().of_kind(Kind.REPLY)]


@pytest.fixture
def gita(desk: Desk) -> Desk:
    desk.sign_in("gita")
    return desk


@pytest.mark.parametrize(
    "place",
    [
        (showing, "open_desk"),
        (flag_views, "read_flag"),
        (triage, "collected_today"),
        (sessions, "resume"),
    ],
    ids=lambda place: place[1],
)
def test_wherever_a_page_breaks_what_she_wrote_comes_back(
    gita: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch, place: tuple[object, str]
) -> None:
    told = tell(instance)
    page = gita.client.get(told.path)
    with monkeypatch.context() as patch:
        patch.setattr(*place, broken)
        failed = gita.client.submit(page, WORK, button="Save", status=503)
    assert failed.h1 == "It may not have been saved"
    assert "What you wrote is not lost." in failed.text
    assert kept(failed).items() >= WORK.items()
    assert WORK["note"] in failed.text
    assert not replies(told)
    gita.client.submit(failed, button="Send it again")
    assert replies(told) == [WORK["reply"]]


def test_a_refused_charter_brings_it_back(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    page = gita.client.get(told.path)
    pin = instance.directory / "manifest.pin"
    good = pin.read_text()
    pin.write_text("0" * 64)
    refused = gita.client.submit(page, WORK, button="Save", status=409)
    assert "Nothing can be sealed just now" in refused.text
    assert kept(refused).items() >= WORK.items()
    pin.write_text(good)
    gita.client.submit(refused, button="Send it again")
    assert len(replies(told)) == 1


def test_a_flag_that_was_purged_meanwhile_leaves_her_the_text(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    page = gita.client.get(told.path)
    with instance.stores.write_live() as live:
        live.execute(delete(ShredKey).where(ShredKey.thread_id == told.thread_id))
    gone = gita.client.submit(page, WORK, button="Save", status=404)
    assert "What you wrote stands below" in gone.text
    assert WORK["note"] in gone.text


def test_the_page_of_last_resort_holds_everything_too(
    gita: Desk, instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tell(instance)
    page = gita.client.get(told.path)
    with monkeypatch.context() as patch:
        patch.setattr(showing, "open_desk", broken)
        patch.setattr(keeping, "render_template", broken)
        failed = gita.client.post(
            told.path, {"csrf_token": kept_token(page), **WORK, "note": "<script>alert(1)</script> and more"}, 503
        )
    form = failed.tree.find(".//form")
    fields = {field.get("name"): field.get("value") for field in every(form, "input")}
    assert form.get("action") == f"/desk{told.path}"
    assert fields["note"] == "<script>alert(1)</script> and more"
    assert "third nurse" in "".join(failed.tree.itertext())
    gita.client.post(told.path, fields, 302)
    assert len(replies(told)) == 1


def test_a_sign_out_in_another_tab_loses_nothing(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    first_tab = gita.client.get(told.path)
    second_tab = gita.client.get("/me")
    gita.client.post("/sign-out", {"csrf_token": kept_token(second_tab)}, 302)
    stale = gita.client.submit(first_tab, WORK, button="Save", status=400)
    assert "What you wrote is not lost, and not saved yet." in stale.text
    assert kept(stale).items() >= WORK.items()
    gita.sign_in("gita")
    gita.client.submit(stale, button="Send it again")
    assert len(replies(told)) == 1


def test_another_website_cannot_put_its_words_above_our_button(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}):
        page = gita.client.post(told.path, {"reply": "Words of somebody else."}, 400, headers)
        assert "Words of somebody else." not in page.html


def test_a_button_that_carried_nothing_gets_the_usual_page(gita: Desk) -> None:
    page = gita.client.post("/keys", {"csrf_token": "forged"}, 400)
    assert page.h1 == "Sorry, we could not read that"


def test_what_is_secret_is_never_sent_back(gita: Desk) -> None:
    for path in ("/sign-in", "/keys", "/flags/" + "0" * 32, "/nowhere"):
        factors = {**gita.factors("gita"), "again": "bees again", "totp": "BEESBEES"}
        page = gita.client.post(path, factors, 404 if path == "/nowhere" else 400)
        assert "bees" not in without_tokens(page).lower()


def test_a_body_that_is_refused_is_not_read_again(gita: Desk, instance: Instance) -> None:
    page = gita.client.post(tell(instance).path, {"reply": "x" * 1_100_000}, 413)
    assert page.h1 == "Sorry, that is too much at once"


def test_a_stale_sign_in_page_starts_afresh(desk: Desk) -> None:
    old = desk.client.get("/sign-in?wanted=/me")
    desk.instance.clock.pass_(seconds=30)
    page = desk.client.submit(old, desk.factors("gita") | {"csrf_token": "from before"}, status=400)
    assert page.errors == ["This page was too old. Fill it in again"]
    fields = {field.get("name"): field.get("value") for field in every(page.form(), "input")}
    assert (fields["email"], fields["wanted"], fields["passphrase"]) == ("gita@example.org", "/me", "")
    assert "bees" not in without_tokens(page)
    again = desk.factors("gita")
    assert desk.client.submit(page, again, button="Sign in").location == "/desk/me"


def test_a_stale_welcome_page_starts_afresh(desk: Desk, instance: Instance) -> None:
    with instance.stores.write_main() as main:
        otis: Person = service.add_person(main, "Otis", "otis@example.org", ["leader"])
    path = f"/welcome/{service.invite(instance.house, otis.id)}"
    typed = {"passphrase": "otters swim under the bridge", "again": "otters swim under the bridge"}
    old = desk.client.get(path)
    page = desk.client.submit(old, {**typed, "csrf_token": "from before"}, status=400)
    assert page.errors == ["This page was too old. Fill it in again, and scan the new square with your app"]
    assert "otters" not in page.html
    secret = totp(page)
    assert secret != totp(old)
    desk.client.submit(page, {**typed, "code": code_at(secret, instance.clock())})
    desk.client.submit(old, {**typed, "csrf_token": "from before"}, status=410)


def totp(page: Page) -> str:
    return next(str(field.get("value")) for field in page.tree.iter("input") if field.get("name") == "totp")


def kept_token(page: Page) -> str:
    return next(str(field.get("value")) for field in page.tree.iter("input") if field.get("name") == "csrf_token")
