"""What waits for a guardian's agreement: the others' proposals in flags that she can open, and no others."""

import pytest

from tests.cast import Instance
from tests.people.visiting import Desk
from tests.triage.acting.steps import step
from tests.triage.telling import tell

PROPOSE = "Propose to leave it out"


@pytest.fixture
def gita(desk: Desk) -> Desk:
    desk.sign_in("gita")
    return desk


def test_it_lists_what_the_other_proposed_until_it_is_answered(gita: Desk, instance: Instance) -> None:
    told = tell(instance)
    step(gita, told, "not-ours", {"reason": "It sells roof tiles."}, PROPOSE)
    assert "Nothing waits for you." in gita.client.get("/waiting").text
    gwen = gita.as_("gwen")
    page = gwen.client.get("/waiting")
    assert "Until 13 December 2026" in page.text and f"/desk{told.path}" in page.links().values()
    steps = gwen.client.get(told.path).text
    assert "Say that it is not from our staff. It waits for a second guardian." in steps
    assert "Hand over the original Give leaders" in steps
    gwen.client.submit(gwen.client.get(f"{told.path}/not-ours"), button="I agree")
    assert "Nothing waits for you." in gwen.client.get("/waiting").text


def test_what_excludes_her_is_not_in_it(gita: Desk, instance: Instance) -> None:
    told = tell(instance, exclude=["gwen"])
    step(gita, told, "not-ours", {"reason": "It sells roof tiles."}, PROPOSE)
    assert "Nothing waits for you." in gita.as_("gwen").client.get("/waiting").text
