"""The admin's way through the pages, from set-up to a launched service."""

import pytest

from concerns.areas.model import Organisation
from concerns.founding.launching import launch
from concerns.founding.launching.ready import NotNow
from concerns.sealing.collecting import StoreBusy
from tests.cast import Instance
from tests.founding.setting_up import PASSPHRASE, founded_by_ada, piloting, settled, signed_by_all, stage
from tests.people.visiting import Desk
from tests.police import PoliceClient
from tests.triage.telling import tell

BANNER = "This is a pilot with invented concerns. Do not write about real people or events."


@pytest.fixture
def desk(unfounded: Instance) -> Desk:
    return Desk(unfounded)


def as_ada(desk: Desk) -> PoliceClient:
    assert desk.instance.passphrase("ada") == PASSPHRASE
    desk.sign_in("ada")
    return desk.client


def test_the_task_list_says_how_far_each_part_is(desk: Desk, unfounded: Instance) -> None:
    founded_by_ada(unfounded)
    client = as_ada(desk)
    page = client.get("/set-up")
    rows = {" ".join(row.itertext()).strip().split("  ")[0]: row for row in page.with_class("govuk-task-list__item")}
    assert len(rows) == 12
    assert "Not yet started" in page.text and "Optional" in page.text and "Completed" not in page.text
    assert "Settle “Who reads instead”." in page.text and "Begin a pilot" not in page.text
    with unfounded.stores.write_main() as main:
        main.get_one(Organisation, 1).settled = ["signposts", "instead"]
    page = client.get("/set-up")
    assert "Completed" in page.text
    assert "Say who reads a concern about a guardian, the head or chief executive, the chair or the admin." in page.text
    assert "Problem" in page.text


def test_a_pilot_is_begun_filled_and_launched(desk: Desk, unfounded: Instance) -> None:
    settled(unfounded)
    client = as_ada(desk)
    page = client.get("/set-up")
    client.submit(page, button="Begin a pilot")
    page = client.get("/set-up")
    assert stage(unfounded) == "pilot" and BANNER in page.html
    assert "Gita has not signed the guardians’ keys and the policy yet." in page.text
    assert "Fill with invented concerns" not in page.text and "Take set-up up again" in page.text
    signed_by_all(unfounded)
    for count in (1, 2):
        page = client.get("/set-up")
        client.submit(page, button="Fill with invented concerns")
        assert f"{30} invented concerns" in client.get("/set-up").text, count
    page = client.get("/set-up")
    assert "Fill with invented concerns" not in page.text and "Take set-up up again" not in page.text
    page = client.get("/set-up/launch")
    assert "60 collected concerns" in page.text and "Gita, Gwen" in page.text
    shown = client.submit(page, {"typed": "Wendle"}, button="Destroy the pilot and launch", status=422)
    assert "Type the organisation’s name as it stands at the top of the page: Wendle Vale Trust" in shown.errors
    assert stage(unfounded) == "pilot" and 'value="Wendle"' in shown.html
    client.submit(shown, {"typed": " wendle  vale trust "}, button="Destroy the pilot and launch")
    assert stage(unfounded) == "real"
    page = client.get("/set-up")
    assert BANNER not in page.html and "Gita has not signed" in page.text
    assert client.get("/set-up/launch", 302).location == "/desk/set-up"


@pytest.mark.parametrize(
    ("lost", "said"),
    [
        (
            {"read_instead": {"guardian": "The chair", "head": "The chair", "chair": "The head", "admin": " "}},
            "the admin",
        ),
        ({"signposts": [{"name": "x", "number": " ", "hours": "Day and night", "danger": True}]}, "day and night"),
    ],
)
def test_a_launch_waits_for_what_was_lost_since_the_pilot_began(
    desk: Desk, unfounded: Instance, lost: dict[str, object], said: str
) -> None:
    ada = piloting(unfounded)
    client = as_ada(desk)
    page = client.get("/set-up/launch")
    with unfounded.stores.write_main() as main:
        organisation = main.get_one(Organisation, 1)
        for name, value in lost.items():
            setattr(organisation, name, value)
    refused = client.submit(page, {"typed": "Wendle Vale Trust"}, button="Destroy the pilot and launch", status=409)
    assert "Something is missing still." in refused.text and said in refused.text
    with pytest.raises(NotNow, match=said):
        launch.begin(unfounded.house, ada)
    assert stage(unfounded) == "pilot"
    page = client.get("/set-up/launch")
    assert "The launch waits for this:" in page.text and said in page.text
    assert "Destroy the pilot and launch" not in page.text


def test_both_doors_bear_the_banner_in_a_pilot_only(desk: Desk, unfounded: Instance) -> None:
    ada = piloting(unfounded)
    report = PoliceClient(unfounded.report_app.test_client(), traceless=True)
    for path in ("/", "/tell", "/promise", "/return", "/posters/a4"):
        assert "pilot" in report.get(path).html.lower(), path
    assert BANNER in report.get("/tell").html
    assert "Peilot yw hwn" in report.get("/cy/tell").html
    assert BANNER in desk.client.get("/sign-in").html
    launch.begin(unfounded.house, ada)
    assert BANNER not in report.get("/tell", 503).html


def test_a_launch_that_broke_off_is_gone_on_with_by_a_press(
    desk: Desk, unfounded: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    piloting(unfounded)
    tell(unfounded)

    def busy(_house: object) -> None:
        raise StoreBusy

    client = as_ada(desk)
    page = client.get("/set-up/launch")
    with monkeypatch.context() as patch:
        patch.setattr(launch, "STEPS", (*launch.STEPS[:4], busy, *launch.STEPS[5:]))
        shown = client.submit(page, {"typed": "Wendle Vale Trust"}, button="Destroy the pilot and launch", status=503)
    assert "The stores are in use all the time. Nothing is lost: wait a minute, and press again" in shown.errors
    assert stage(unfounded) == "launching"
    assert "Go on with the launch" in client.get("/set-up").text
    client.submit(client.get("/set-up/launch"), button="Go on with the launch")
    assert stage(unfounded) == "real"


def test_what_cannot_be_done_now_is_said(desk: Desk, unfounded: Instance) -> None:
    settled(unfounded)
    client = as_ada(desk)
    page = client.get("/set-up")
    client.submit(page, button="Begin a pilot")
    token = next(one.get("value") for one in page.tree.iter("input") if one.get("name") == "csrf_token")
    again = client.post("/set-up/begin", {"csrf_token": token, "stage": "real"}, 409)
    assert "Set-up has ended already." in again.text and stage(unfounded) == "pilot"
    early = client.post("/set-up/pilot/fill", {"csrf_token": token}, 409)
    assert "The guardians have not all signed yet" in early.text
    client.submit(client.get("/set-up"), button="Take set-up up again")
    assert stage(unfounded) == "setting-up"
    assert "Only a pilot" in client.post("/set-up/pilot/fill", {"csrf_token": token}, 409).text


def test_a_guardian_sees_that_set_up_is_not_finished(desk: Desk, unfounded: Instance) -> None:
    settled(unfounded)
    desk.sign_in("gita")
    page = desk.client.get("/keys")
    assert "The admin has not finished setting up" in page.text
    assert "Sign" not in [" ".join(one.itertext()) for one in page.tree.iter("button")]
