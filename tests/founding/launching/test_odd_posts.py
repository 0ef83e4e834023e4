"""Whatever an admin sends from a form of set-up, at each of its stages, the answer is a sound page."""

from collections.abc import Callable

import pytest

from tests.cast import Instance
from tests.demo.walking import odd_ones, pages_of, sound
from tests.founding.setting_up import founded_by_ada, piloting, settled
from tests.people.visiting import Desk

STAGES = {"begun": founded_by_ada, "settled": settled, "in a pilot": piloting}


@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_every_form_of_set_up_answers_odd_values_with_a_sound_page(
    unfounded: Instance, stage: Callable[[Instance], object]
) -> None:
    stage(unfounded)
    desk, sent = Desk(unfounded), 0
    desk.sign_in("ada")
    pages = list(pages_of(desk.app, desk.client))
    for page in pages:
        for odd in odd_ones(stage.__name__, page):
            answer = odd.by(desk.client)
            sound(answer)
            sent += 1
            if "/sign-in" in answer.headers.get("Location", ""):  # it ended her own session
                desk.sign_in("ada")
    assert len(pages) > 20 and sent > 20
